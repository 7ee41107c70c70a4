#include "bench/dialect.h"

namespace rt::bench {
namespace {

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The Centrifuge client protocol in JSON, connect and subscribe pipelined as
// the JavaScript client does it.
class CentrifugeDialect final : public Dialect {
 public:
  std::string Path(std::string_view) const override {
    return "/connection/websocket";
  }
  std::string Hello(std::string_view channel) const override {
    return "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":"
           "\"" +
           std::string(channel) + "\"}}";
  }
  TextMeaning Read(std::string_view line) const override {
    if (line == "{}") return TextMeaning::kPing;
    if (Has(line, "\"error\":{")) return TextMeaning::kRefused;
    if (Has(line, "\"subscribe\":{") && Has(line, "\"id\":2")) {
      return TextMeaning::kSubscribed;
    }
    return TextMeaning::kNothing;
  }
  std::string Pong() const override { return "{}"; }
};

class PlainDialect final : public Dialect {
 public:
  std::string Path(std::string_view channel) const override {
    return "/sub/" + std::string(channel);
  }
  std::string Hello(std::string_view) const override { return ""; }
  TextMeaning Read(std::string_view) const override {
    return TextMeaning::kNothing;
  }
  std::string Pong() const override { return ""; }
};

// Engine.IO 4 with Socket.IO 5 on a WebSocket from the start; the room comes
// with the connect packet.
class SocketIoDialect final : public Dialect {
 public:
  std::string Path(std::string_view) const override {
    return "/socket.io/?EIO=4&transport=websocket";
  }
  std::string Hello(std::string_view channel) const override {
    return "40{\"channel\":\"" + std::string(channel) + "\"}";
  }
  TextMeaning Read(std::string_view line) const override {
    if (line == "2") return TextMeaning::kPing;
    if (line.starts_with("44")) return TextMeaning::kRefused;
    if (line.starts_with("40")) return TextMeaning::kSubscribed;
    return TextMeaning::kNothing;
  }
  std::string Pong() const override { return "3"; }
};

}  // namespace

Result<std::unique_ptr<Dialect>> MakeDialect(std::string_view server) {
  if (server == "drupalrt") {
    return std::unique_ptr<Dialect>(std::make_unique<CentrifugeDialect>());
  }
  if (server == "socket.io") {
    return std::unique_ptr<Dialect>(std::make_unique<SocketIoDialect>());
  }
  if (server == "ws" || server == "nchan" || server.starts_with("limit")) {
    return std::unique_ptr<Dialect>(std::make_unique<PlainDialect>());
  }
  return Error{ErrorCode::kInvalid,
               "unknown server \"" + std::string(server) +
                   "\": drupalrt, ws, nchan, socket.io or limit"};
}

std::string ChannelName(size_t n) { return "bench:" + std::to_string(n); }

}  // namespace rt::bench
