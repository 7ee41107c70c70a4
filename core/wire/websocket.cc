#include "wire/websocket.h"

#include "base/check.h"
#include "base/digest.h"
#include "wire/utf8.h"

namespace rt {

namespace {

constexpr size_t kMaxControlBytes = 125;
constexpr uint8_t kFin = 0x80;
constexpr uint8_t kCompressed = 0x40;

void PutBigEndian(uint64_t value, size_t count, char* out) {
  for (size_t i = count; i > 0; --i, value >>= 8) {
    out[i - 1] = static_cast<char>(value & 0xff);
  }
}

}  // namespace

std::string WebSocketAccept(std::string_view key) {
  std::string joined(key);
  joined += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const auto digest = Sha1(joined);
  return Base64Encode(
      {reinterpret_cast<const char*>(digest.data()), digest.size()});
}

bool IsWebSocketKey(std::string_view key) {
  // 16 bytes are 22 digits and two signs of padding; the decoder would take
  // the other alphabet too.
  if (key.size() != 24 || key.substr(22) != "==") return false;
  if (key.find_first_of("-_") != std::string_view::npos) return false;
  const auto bytes = Base64Decode(key);
  return bytes.has_value() && bytes->size() == 16;
}

size_t WriteWebSocketHeader(WebSocketOpcode opcode, size_t payload_bytes,
                            bool compressed, char* out) {
  out[0] = static_cast<char>(kFin | (compressed ? kCompressed : 0) |
                             static_cast<uint8_t>(opcode));
  if (payload_bytes <= kMaxControlBytes) {
    out[1] = static_cast<char>(payload_bytes);
    return 2;
  }
  if (payload_bytes <= 0xffff) {
    out[1] = 126;
    PutBigEndian(payload_bytes, 2, out + 2);
    return 4;
  }
  out[1] = 127;
  PutBigEndian(payload_bytes, 8, out + 2);
  return 10;
}

void AppendWebSocketFrame(WebSocketOpcode opcode, std::string_view payload,
                          std::string* out) {
  RT_CHECK(opcode < WebSocketOpcode::kClose ||
           payload.size() <= kMaxControlBytes);
  char header[kWebSocketMaxHeaderBytes];
  out->append(header,
              WriteWebSocketHeader(opcode, payload.size(), false, header));
  out->append(payload);
}

void AppendWebSocketClose(uint16_t code, std::string_view reason,
                          std::string* out) {
  std::string payload;
  if (code != kWebSocketNoStatus) {
    payload.resize(2);
    PutBigEndian(code, 2, payload.data());
    payload += Utf8Prefix(reason, kMaxControlBytes - 2);
  }
  AppendWebSocketFrame(WebSocketOpcode::kClose, payload, out);
}

}  // namespace rt
