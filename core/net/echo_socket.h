// A WebSocket that answers each message with itself, on the very layer that
// browsers are served by: for test suites of the WebSocket protocol. Echoing
// the text `Goodbye` ends it with 1000.
#pragma once

#include <string_view>

#include "net/web_socket_connection.h"

namespace rt {

class EchoSocket final : public WebSocketConnection {
 public:
  static constexpr WebSocketReader::Limits kLimits{16 * 1024 * 1024, 65'536};
  static constexpr std::string_view kSubprotocol = "echo";

  EchoSocket(Connection* connection, std::optional<DeflateParams> deflate)
      : WebSocketConnection(connection, kLimits, deflate), deflate_(deflate) {
    // Several of the largest messages on their way back.
    connection->set_max_queued_bytes(4 * kLimits.max_message_bytes);
  }

  void OnSlow() override;

 private:
  bool OnText(std::string_view message) override;
  bool OnBinary(std::string_view message) override;
  void Echo(WebSocketOpcode opcode, std::string_view message);

  std::optional<DeflateParams> deflate_;
};

}  // namespace rt
