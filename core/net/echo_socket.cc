#include "net/echo_socket.h"

#include <string>

namespace rt {

void EchoSocket::Echo(WebSocketOpcode opcode, std::string_view message) {
  // However short it is: suites want to see it compressed.
  std::string deflated;
  if (deflate_.has_value()) {
    deflated = DeflateMessage(message, deflate_->server_window_bits);
    message = deflated;
  }
  char header[kWebSocketMaxHeaderBytes];
  const size_t header_bytes = WriteWebSocketHeader(
      opcode, message.size(), deflate_.has_value(), header);
  std::string frame(header, header_bytes);
  frame += message;
  connection()->Enqueue(frame);
}

bool EchoSocket::OnText(std::string_view message) {
  Echo(WebSocketOpcode::kText, message);
  if (message == "Goodbye") StartClose(kWebSocketNormal, "Goodbye");
  return true;
}

bool EchoSocket::OnBinary(std::string_view message) {
  Echo(WebSocketOpcode::kBinary, message);
  return true;
}

void EchoSocket::OnSlow() {
  // Backpressure here is the peer's own doing: it sends and does not read.
  StartClose(kWebSocketPolicyViolation, "does not read", false);
}

}  // namespace rt
