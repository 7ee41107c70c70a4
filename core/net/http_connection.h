// The HTTP phase of a connection: reads requests, lets a service answer them,
// and hands the socket on when one becomes a WebSocket. Requests are answered
// in order, one at a time; what is refused is closed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/connection.h"
#include "wire/http_head.h"

namespace rt {

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  bool close = false;
};

// Takes the answer to a request: at once, or later on the same thread. Later
// may be after the connection has gone; then it does nothing.
using HttpAnswer = std::function<void(HttpResponse response)>;

// What a server does. One thread; calls come from the loop.
class HttpService {
 public:
  virtual ~HttpService() = default;

  // Answers a whole request, by calling `answer` once. The views are gone when
  // this returns, and the connection may be soon after.
  virtual void Respond(const HttpRequestHead& head, std::string_view body,
                       const Connection& connection, HttpAnswer answer) = 0;

  // A request with a good WebSocket handshake: the handler that takes the
  // connection over, with the headers of its 101 in `*response` (status 101),
  // or null with the refusal in `*response`.
  virtual std::unique_ptr<ConnectionHandler> Upgrade(
      const HttpRequestHead& head, Connection* connection,
      HttpResponse* response) = 0;

  // A whole request that is answered for as long as the connection lives: the
  // handler that takes it over and answers, in the course of Start() at the
  // latest. Null, and `*response` unchanged, for any other; null with a status
  // in it: refused.
  virtual std::unique_ptr<ConnectionHandler> Stream(const HttpRequestHead& head,
                                                    std::string_view body,
                                                    Connection* connection,
                                                    HttpResponse* response) {
    (void)head, (void)body, (void)connection, (void)response;
    return nullptr;
  }

  // The most a body for this path may have. 0: takes none.
  [[nodiscard]] virtual size_t MaxBodyBytes(const HttpRequestHead& head) = 0;
};

class HttpConnection final : public ConnectionHandler {
 public:
  // Both outlive it.
  HttpConnection(Connection* connection, HttpService* service);
  ~HttpConnection() override;

  void OnBytes(char* bytes, size_t length) override;
  void OnPeerEnd() override;
  void OnSlow() override;
  void OnDeadline() override;

 private:
  void Take(std::string_view bytes);
  // Each returns false when the rest of the bytes is not ours.
  bool TakeHead(std::string_view* bytes);
  bool StartRequest(std::string_view* bytes);
  bool TryUpgrade(std::string_view* bytes);
  void Ask();
  // True where the request became a stream, or was refused to.
  bool TryStream();
  void OnAnswer(const HttpResponse& response);
  void Refuse(int status);
  void Send(const HttpResponse& response, bool keep_alive);

  Connection* connection_;
  HttpService* service_;
  HttpHeadReader reader_;
  std::string body_;
  bool in_body_ = false;
  bool streaming_ = false;  // another handler has taken over
  bool asked_ = false;      // the service has not answered yet
  std::string held_;        // what came meanwhile
  // Answers look here whether this is still there to be answered.
  std::shared_ptr<HttpConnection*> self_;
};

// "Bad Request" for 400, and so on.
[[nodiscard]] std::string_view HttpReason(int status);

}  // namespace rt
