// Worker's answers on the public listener: upgrades, streams, and the commands
// that come by requests of their own.
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "broker/worker.h"
#include "net/client_socket.h"
#include "net/client_stream.h"
#include "net/echo_socket.h"
#include "session/session.h"
#include "wire/protobuf_commands.h"

namespace rt {

namespace {

constexpr std::string_view kWebSocketPath = "/connection/websocket";
constexpr std::string_view kUniWebSocketPath = "/connection/uni_websocket";
constexpr std::string_view kEmulationPath = "/emulation";
constexpr std::string_view kProtobufType = "application/octet-stream";

struct StreamPath {
  std::string_view path;
  TransportKind kind;
  bool takes_get;
};

constexpr StreamPath kStreamPaths[] = {
    {"/connection/http_stream", TransportKind::kHttpStream, false},
    {"/connection/sse", TransportKind::kSse, true},
    {"/connection/uni_http_stream", TransportKind::kUniHttpStream, false},
    {"/connection/uni_sse", TransportKind::kUniSse, true},
};

const StreamPath* FindStreamPath(std::string_view path) {
  for (const StreamPath& one : kStreamPaths) {
    if (one.path == path) return &one;
  }
  return nullptr;
}

bool IsHealth(std::string_view path) {
  return path == "/health" || path == "/health/live";
}

// What lets pages of other origins, or of other ports, read the answer. Only
// for origins that are allowed.
void AllowOrigin(const HttpRequestHead& head, HttpResponse* response) {
  const auto origin = head.header("origin");
  if (!origin.has_value()) return;
  response->headers.emplace_back("Access-Control-Allow-Origin",
                                 std::string(*origin));
  response->headers.emplace_back("Access-Control-Allow-Credentials", "true");
  response->headers.emplace_back("Vary", "Origin");
}

HttpResponse AnswerPreflight(const HttpRequestHead& head,
                             std::string_view methods) {
  HttpResponse response;
  response.status = 204;
  AllowOrigin(head, &response);
  response.headers.emplace_back("Access-Control-Allow-Methods",
                                std::string(methods));
  response.headers.emplace_back("Access-Control-Max-Age", "300");
  if (const auto wanted = head.header("access-control-request-headers")) {
    response.headers.emplace_back("Access-Control-Allow-Headers",
                                  std::string(*wanted));
  }
  return response;
}

bool IsProtobuf(const HttpRequestHead& head) {
  return head.header("content-type").value_or("").starts_with(kProtobufType);
}

// The encoding that a WebSocket's client asked for, by subprotocol or query;
// the subprotocol to answer with, where it named one.
Encoding WebSocketEncoding(const HttpRequestHead& head,
                           std::string* subprotocol) {
  const std::string offered = head.joined("sec-websocket-protocol", ",");
  if (offered.find("centrifuge-protobuf") != std::string::npos) {
    *subprotocol = "centrifuge-protobuf";
    return Encoding::kProtobuf;
  }
  if (offered.find("centrifuge-json") != std::string::npos) {
    *subprotocol = "centrifuge-json";
    return Encoding::kJson;
  }
  for (const char* name : {"cf_protocol", "format"}) {
    if (QueryParameter(head.query, name).value_or("") == "protobuf") {
      return Encoding::kProtobuf;
    }
  }
  return Encoding::kJson;
}

// What a client and we can both do; the answer says so.
std::optional<DeflateParams> AgreeOnDeflate(const HttpRequestHead& head,
                                            HttpResponse* response) {
  std::string answer;
  const auto agreed =
      NegotiateDeflate(head.joined("sec-websocket-extensions", ", "), &answer);
  if (agreed.has_value()) {
    response->headers.emplace_back("Sec-WebSocket-Extensions", answer);
  }
  return agreed;
}

}  // namespace

void Worker::Respond(const HttpRequestHead& head, std::string_view body,
                     const Connection& connection, HttpAnswer answer) {
  if (head.path == kEmulationPath) {
    return Emulate(head, body, connection, std::move(answer));
  }
  HttpResponse response = AnswerPublic(head, connection);
  if (response.status == 404 && ask_internal_ != nullptr) {
    return ask_internal_(this, head, std::string(body), std::move(answer));
  }
  answer(std::move(response));
}

HttpResponse Worker::AnswerPublic(const HttpRequestHead& head,
                                  const Connection& connection) {
  HttpResponse response;
  if (head.path == kWebSocketPath || head.path == kUniWebSocketPath) {
    // Right place, no handshake.
    response.status = head.method == "GET" ? 400 : 405;
    if (response.status == 405) response.headers.emplace_back("Allow", "GET");
    return response;
  }
  if (const StreamPath* stream = FindStreamPath(head.path)) {
    const std::string methods =
        stream->takes_get ? "GET, POST, OPTIONS" : "POST, OPTIONS";
    if (head.method == "OPTIONS" &&
        Place(head, SourceOf(head, connection)).site != nullptr) {
      return AnswerPreflight(head, methods);
    }
    response.status = head.method == "OPTIONS" ? 403 : 405;
    if (response.status == 405) {
      response.headers.emplace_back("Allow", methods);
    }
    return response;
  }
  if (!IsHealth(head.path)) {
    response.status = 404;
    return response;
  }
  if (head.method != "GET" && head.method != "HEAD") {
    response.status = 405;
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }
  response.content_type = "application/json";
  response.body = "{}";
  return response;
}

size_t Worker::MaxBodyBytes(const HttpRequestHead& head) {
  if (FindStreamPath(head.path) != nullptr || head.path == kEmulationPath) {
    return static_cast<size_t>(config_->websocket_message_size_limit_bytes);
  }
  return ask_internal_ != nullptr && head.path.starts_with("/api/")
             ? kMaxHttpBodyBytes
             : 0;
}

RequestSource Worker::SourceOf(const HttpRequestHead& head,
                               const Connection& connection) const {
  static const std::vector<AddressRange> kNobody;
  return FindRequestSource(head, connection.peer_address(),
                           connection.encrypted(),
                           connection.unnamed() ? kNobody : trusted_proxies_);
}

Provenance Worker::Place(const HttpRequestHead& head,
                         const RequestSource& source) const {
  Provenance from = sites_->Place(head, source);
  if (from.site == nullptr) {
    // What a client says goes into no line as it is.
    Log(LogLevel::kDebug, "refused from {}: no site for its Origin",
        source.address.ToString());
  }
  return from;
}

int Worker::RefusesConnection(const std::string& address) {
  const ClientConfig& limits = config_->client;
  const bool full = limits.connection_limit > 0 &&
                    shared_->sessions.load(std::memory_order_relaxed) >=
                        limits.connection_limit;
  const bool crowded =
      limits.address_connection_limit > 0 && !address.empty() &&
      shared_->census.of_address(address) >=
          static_cast<uint64_t>(limits.address_connection_limit);
  if (draining_ || full || crowded ||
      !shared_->census.TakeConnection(
          loop_->clock().monotonic_ms(),
          static_cast<double>(limits.connection_rate_limit))) {
    Log(LogLevel::kDebug, "refused from {}: {}", address,
        crowded ? "as many connections as an address may have"
                : "the broker takes no more just now");
    counters_.refused.fetch_add(1, std::memory_order_relaxed);
    return 503;
  }
  return 0;
}

int Worker::RefusesAt(const Site& site, const std::string& address) {
  if (shared_->census.TakesSession(site.id, site.limits, address,
                                   loop_->clock().monotonic_ms())) {
    return 0;
  }
  Log(LogLevel::kDebug, "refused from {}: a limit of the site {}", address,
      site.key);
  counters_.refused.fetch_add(1, std::memory_order_relaxed);
  return 503;
}

size_t Worker::MaxMessageBytes(const Site& site) const {
  return static_cast<size_t>(
      LowerLimit(config_->websocket_message_size_limit_bytes,
                 site.limits.message_size_limit_bytes));
}

Handshake Worker::HandshakeOf(const HttpRequestHead& head,
                              const Provenance& from,
                              std::string address) const {
  Handshake handshake;
  handshake.cookie_login = from.cookie_login;
  if (from.cookie_login) handshake.cookie_header = head.joined("cookie", "; ");
  handshake.page_host = from.page_host;
  handshake.https = from.https;
  handshake.address = std::move(address);
  // Kept only where somebody counts them.
  handshake.count_address =
      config_->client.address_connection_limit > 0 ||
      from.site->site->limits.address_connection_limit > 0;
  return handshake;
}

std::unique_ptr<ConnectionHandler> Worker::Upgrade(const HttpRequestHead& head,
                                                   Connection* connection,
                                                   HttpResponse* response) {
  const bool echo =
      !config_->test_echo.empty() && head.path == config_->test_echo;
  if (echo) {
    const std::string offered = head.joined("sec-websocket-protocol", ",");
    if (offered.find(EchoSocket::kSubprotocol) != std::string::npos) {
      response->headers.emplace_back("Sec-WebSocket-Protocol",
                                     std::string(EchoSocket::kSubprotocol));
    }
    return std::make_unique<EchoSocket>(connection,
                                        AgreeOnDeflate(head, response));
  }
  const bool unidirectional = head.path == kUniWebSocketPath;
  if (head.path != kWebSocketPath && !unidirectional) {
    response->status = 404;
    return nullptr;
  }
  const RequestSource source = SourceOf(head, *connection);
  std::string address = source.address.Household();
  if (const int refused = RefusesConnection(address); refused != 0) {
    response->status = refused;
    return nullptr;
  }
  const Provenance from = Place(head, source);
  if (from.site == nullptr) {
    response->status = 403;
    return nullptr;
  }
  if (const int refused = RefusesAt(*from.site->site, address); refused != 0) {
    response->status = refused;
    return nullptr;
  }
  ClientSocket::Options options;
  options.limits.max_message_bytes = MaxMessageBytes(*from.site->site);
  if (config_->websocket_compression) {
    options.deflate = AgreeOnDeflate(head, response);
    options.deflate_effort.level =
        static_cast<uint8_t>(config_->websocket_compression_level);
    options.deflate_effort.from_bytes =
        static_cast<uint32_t>(config_->websocket_compression_min_size_bytes);
  }
  options.unidirectional = unidirectional;
  options.native_pings =
      QueryParameter(head.query, "cf_ws_frame_ping_pong").value_or("") ==
      "true";
  std::string subprotocol;
  if (!unidirectional) {
    options.encoding = WebSocketEncoding(head, &subprotocol);
    if (!subprotocol.empty()) {
      response->headers.emplace_back("Sec-WebSocket-Protocol", subprotocol);
    }
  }
  auto socket = std::make_unique<ClientSocket>(
      connection, options, this, from.site->site,
      HandshakeOf(head, from, std::move(address)));
  if (unidirectional) {
    if (const auto request = QueryParameter(head.query, "cf_connect")) {
      socket->Receive(*request);
    }
  }
  return socket;
}

std::unique_ptr<ConnectionHandler> Worker::Stream(const HttpRequestHead& head,
                                                  std::string_view body,
                                                  Connection* connection,
                                                  HttpResponse* response) {
  const StreamPath* stream = FindStreamPath(head.path);
  if (stream == nullptr) return nullptr;
  const bool get = head.method == "GET" && stream->takes_get;
  if (!get && head.method != "POST") return nullptr;  // 405, or a preflight
  const RequestSource source = SourceOf(head, *connection);
  std::string address = source.address.Household();
  if (const int refused = RefusesConnection(address); refused != 0) {
    response->status = refused;
    return nullptr;
  }
  const Provenance from = Place(head, source);
  if (from.site == nullptr) {
    response->status = 403;
    return nullptr;
  }
  if (const int refused = RefusesAt(*from.site->site, address); refused != 0) {
    response->status = refused;
    return nullptr;
  }
  if (body.size() > MaxMessageBytes(*from.site->site)) {
    response->status = 413;
    return nullptr;
  }
  ClientStream::Options options;
  options.kind = stream->kind;
  options.chunked = head.minor_version >= 1;
  if (stream->kind == TransportKind::kHttpStream && IsProtobuf(head)) {
    options.encoding = Encoding::kProtobuf;
  }
  std::string commands(body);
  if (get) commands = QueryParameter(head.query, "cf_connect").value_or("");
  AllowOrigin(head, response);
  if (commands.empty() && stream->kind == TransportKind::kSse) {
    response->status = 400;
    response->body = "cf_connect is missing\n";
    return nullptr;
  }
  options.headers = std::move(response->headers);
  auto client = std::make_unique<ClientStream>(
      connection, options, this, from.site->site,
      HandshakeOf(head, from, std::move(address)));
  client->Receive(commands);
  return client;
}

void Worker::Emulate(const HttpRequestHead& head, std::string_view body,
                     const Connection& connection, HttpAnswer answer) {
  HttpResponse response;
  const Provenance from = Place(head, SourceOf(head, connection));
  if (from.site == nullptr) {
    response.status = 403;
    return answer(std::move(response));
  }
  constexpr std::string_view kMethods = "POST, OPTIONS";
  if (head.method == "OPTIONS") {
    return answer(AnswerPreflight(head, kMethods));
  }
  AllowOrigin(head, &response);
  if (head.method != "POST") {
    response.status = 405;
    response.headers.emplace_back("Allow", std::string(kMethods));
    return answer(std::move(response));
  }
  if (body.size() > MaxMessageBytes(*from.site->site)) {
    response.status = 413;
    return answer(std::move(response));
  }
  EmulationRequest request;
  const bool good = IsProtobuf(head) ? ParseProtobufEmulation(body, &request)
                                     : ParseJsonEmulation(body, &request);
  response.status = !good ? 400 : request.node != shared_->node ? 404 : 204;
  if (response.status == 204) {
    // A session that is gone, or never was, is none of the sender's business.
    if (const auto at = shared_->census.Find(request.session)) {
      const auto deliver = [id = at->session,
                            data = std::move(request.data)](Worker* worker) {
        Session* session = worker->sessions_.Find(id);
        if (session != nullptr) session->OnCommands(data);
      };
      if (at->worker == id_) {
        deliver(this);
      } else {
        shared_->post(at->worker, deliver);
      }
    }
  }
  answer(std::move(response));
}

}  // namespace rt
