#include "broker/internal_service.h"

#include <utility>

#include "base/digest.h"
#include "base/limits.h"

namespace rt {

namespace {

constexpr std::string_view kApiPrefix = "/api/";

HttpResponse OnlyMethods(const char* allowed) {
  HttpResponse response;
  response.status = 405;
  response.headers.emplace_back("Allow", allowed);
  return response;
}

// The HTTP status for an error of the API.
int StatusOf(uint64_t code) {
  switch (code) {
    case kErrorInternal.code:
      return 500;
    case kErrorUnauthorized.code:
      return 401;
    case kErrorPermissionDenied.code:
      return 403;
    case kErrorUnknownChannel.code:
    case kErrorMethodNotFound.code:
      return 404;
    case kErrorLimitExceeded.code:
    case kErrorTooManyRequests.code:
      return 429;
    case kErrorUnrecoverablePosition.code:
      return 416;
    default:
      return 400;
  }
}

// An error as an HTTP status, with {"code":…,"message":…} as the body.
void MakeTransportError(HttpResponse* response) {
  constexpr std::string_view kBegin = R"({"error":)";
  if (!response->body.starts_with(kBegin)) return;
  std::string error = response->body.substr(
      kBegin.size(), response->body.size() - kBegin.size() - 1);
  const Result<JsonFields> fields = JsonFields::Parse(error);
  if (!fields.ok()) return;
  const auto code = fields->Uint("code");
  response->status = code.ok() ? StatusOf(code->value_or(0)) : 500;
  response->body = std::move(error);
}

}  // namespace

InternalService::InternalService(Api* api, SiteRegistry* sites,
                                 std::string api_key, bool insecure,
                                 bool transport_errors,
                                 std::function<std::string()> metrics)
    : api_(api),
      sites_(sites),
      api_key_(std::move(api_key)),
      insecure_(insecure),
      transport_errors_(transport_errors),
      metrics_(std::move(metrics)) {}

void InternalService::Respond(const HttpRequestHead& head,
                              std::string_view body, const Connection&,
                              HttpAnswer answer) {
  answer(Answer(head, body));
}

HttpResponse InternalService::Answer(const HttpRequestHead& head,
                                     std::string_view body) {
  if (head.path.starts_with(kApiPrefix)) return CallApi(head, body);
  HttpResponse response;
  const bool is_metrics = head.path == "/metrics";
  const bool is_health = head.path == "/health" ||
                         head.path == "/health/live" ||
                         head.path == "/health/ready";
  if (!is_health && !is_metrics) {
    response.status = 404;
    return response;
  }
  if (head.method != "GET" && head.method != "HEAD") {
    return OnlyMethods("GET, HEAD");
  }
  if (is_metrics) {
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = metrics_();
    return response;
  }
  response.content_type = "application/json";
  response.body = "{}";
  if (head.path == "/health/ready" && !ready_) response.status = 503;
  return response;
}

HttpResponse InternalService::CallApi(const HttpRequestHead& head,
                                      std::string_view body) {
  if (head.method != "POST") return OnlyMethods("POST");
  HttpResponse response;
  Api::Caller caller;
  if (!Authorize(head, &caller)) {
    response.status = 401;
    return response;
  }
  bool known = false;
  response.body =
      api_->Call(caller, head.path.substr(kApiPrefix.size()), body, &known);
  response.content_type = "application/json";
  if (!known) {
    response.status = 404;
    response.content_type = "text/plain; charset=utf-8";
    response.body.clear();
    return response;
  }
  const auto mode = head.header("x-centrifugo-error-mode");
  if (mode.has_value() ? *mode == "transport" : transport_errors_) {
    MakeTransportError(&response);
  }
  return response;
}

bool InternalService::Authorize(const HttpRequestHead& head,
                                Api::Caller* caller) const {
  std::string key(head.header("x-api-key").value_or(""));
  if (key.empty()) {
    constexpr std::string_view kScheme = "apikey ";
    const std::string_view value = head.header("authorization").value_or("");
    if (value.starts_with(kScheme)) key = value.substr(kScheme.size());
  }
  if (key.empty()) {
    key = QueryParameter(head.query, "api_key").value_or("");
  }
  const SiteSetPtr& sites = sites_->current();
  if (!key.empty()) {
    if (BrokerSitePtr site = sites->FindApiKey(key)) {
      caller->site = std::move(site);
      return true;
    }
    if (!api_key_.empty() && ConstantTimeEqual(api_key_, key)) {
      caller->site = sites->own();
      return true;
    }
    return false;
  }
  // Without any key configured an insecure broker takes everybody.
  if (!insecure_ || !api_key_.empty()) return false;
  caller->site = sites->own();
  return true;
}

std::unique_ptr<ConnectionHandler> InternalService::Upgrade(
    const HttpRequestHead&, Connection*, HttpResponse* response) {
  response->status = 404;
  return nullptr;
}

size_t InternalService::MaxBodyBytes(const HttpRequestHead& head) {
  return head.path.starts_with(kApiPrefix) ? kMaxHttpBodyBytes : 0;
}

}  // namespace rt
