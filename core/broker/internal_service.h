// What the internal listener answers: the HTTP API, by key, and readiness.
// Main thread.
#pragma once

#include <functional>
#include <string>

#include "broker/api.h"
#include "net/http_connection.h"

namespace rt {

class InternalService final : public HttpService {
 public:
  // `api_key` is the broker's own, empty for none; the sites' keys count too.
  // All outlive it.
  // `transport_errors`: the API's errors are HTTP statuses, as with the header
  // X-Centrifugo-Error-Mode: transport. `metrics` makes the text of /metrics.
  InternalService(Api* api, SiteRegistry* sites, std::string api_key,
                  bool insecure, bool transport_errors,
                  std::function<std::string()> metrics);

  // From now on /health/ready answers 200 (true) or 503.
  void set_ready(bool ready) { ready_ = ready; }

  void Respond(const HttpRequestHead& head, std::string_view body,
               const Connection& connection, HttpAnswer answer) override;
  [[nodiscard]] HttpResponse Answer(const HttpRequestHead& head,
                                    std::string_view body);
  std::unique_ptr<ConnectionHandler> Upgrade(const HttpRequestHead& head,
                                             Connection* connection,
                                             HttpResponse* response) override;
  [[nodiscard]] size_t MaxBodyBytes(const HttpRequestHead& head) override;

 private:
  HttpResponse CallApi(const HttpRequestHead& head, std::string_view body);
  // The caller by its key. False: no key, or a wrong one.
  bool Authorize(const HttpRequestHead& head, Api::Caller* caller) const;

  Api* api_;
  SiteRegistry* sites_;
  std::string api_key_;
  bool insecure_;
  bool transport_errors_;
  std::function<std::string()> metrics_;
  bool ready_ = false;
};

}  // namespace rt
