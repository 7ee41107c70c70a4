#include "net/echo_socket.h"

#include <string>

namespace rt {

void EchoSocket::Echo(WebSocketOpcode opcode, std::string_view message) {
  std::string frame;
  frame.reserve(message.size() + kWebSocketMaxHeaderBytes);
  AppendWebSocketFrame(opcode, message, &frame);
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
