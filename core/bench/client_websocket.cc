#include "bench/client_websocket.h"

namespace rt::bench {
namespace {

// The key that all our handshakes send, and so the answer they expect.
constexpr std::string_view kKey = "ZHJ1cGFscnQgYmVuY2ghIQ==";

void AppendBigEndian(uint64_t value, int bytes, std::string* out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>(value >> shift));
  }
}

uint64_t BigEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

}  // namespace

std::string HandshakeRequest(std::string_view path, std::string_view cookie) {
  std::string text = "GET ";
  text += path;
  text += " HTTP/1.1\r\nHost: ";
  text += kBenchHost;
  text += "\r\nOrigin: http://";
  text += kBenchHost;
  text +=
      "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ";
  text += kKey;
  if (!cookie.empty()) {
    text += "\r\nCookie: ";
    text += cookie;
  }
  text += "\r\n\r\n";
  return text;
}

Status CheckHandshakeAnswer(std::string_view head) {
  static const std::string accept = WebSocketAccept(kKey);
  if (head.starts_with("HTTP/1.1 101 ") &&
      head.find(accept) != std::string_view::npos) {
    return {};
  }
  return Error{ErrorCode::kDenied,
               "the WebSocket handshake was answered with: " +
                   std::string(head.substr(0, head.find("\r\n")))};
}

void AppendClientFrame(WebSocketOpcode opcode, std::string_view payload,
                       std::string* out) {
  // Servers unmask whatever the key is; unpredictable keys protect proxies,
  // and there is none here.
  constexpr char kMask[4] = {0x12, 0x34, 0x56, 0x78};
  constexpr uint8_t kMasked = 0x80;
  out->push_back(static_cast<char>(0x80 | static_cast<uint8_t>(opcode)));
  if (payload.size() < 126) {
    out->push_back(static_cast<char>(kMasked | payload.size()));
  } else if (payload.size() <= 0xffff) {
    out->push_back(static_cast<char>(kMasked | 126));
    AppendBigEndian(payload.size(), 2, out);
  } else {
    out->push_back(static_cast<char>(kMasked | 127));
    AppendBigEndian(payload.size(), 8, out);
  }
  out->append(kMask, sizeof(kMask));
  for (size_t i = 0; i < payload.size(); ++i) {
    out->push_back(static_cast<char>(payload[i] ^ kMask[i & 3]));
  }
}

FrameRead ReadServerFrame(std::string_view bytes, ServerFrame* frame) {
  if (bytes.size() < 2) return FrameRead::kMore;
  const auto first = static_cast<uint8_t>(bytes[0]);
  const auto second = static_cast<uint8_t>(bytes[1]);
  if ((first & 0xf0) != 0x80 || (second & 0x80) != 0) return FrameRead::kBroken;

  size_t header = 2;
  uint64_t length = second;
  if (length >= 126) {
    const size_t extra = length == 126 ? 2 : 8;
    header += extra;
    if (bytes.size() < header) return FrameRead::kMore;
    length = BigEndian(bytes.substr(2, extra));
  }
  if (length > bytes.size() - header) return FrameRead::kMore;
  frame->opcode = static_cast<WebSocketOpcode>(first & 0x0f);
  frame->payload = bytes.substr(header, static_cast<size_t>(length));
  frame->size = header + static_cast<size_t>(length);
  return FrameRead::kWhole;
}

}  // namespace rt::bench
