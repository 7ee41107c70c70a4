// WebSocket framing (RFC 6455): bytes from a client to messages and control
// frames, and messages to bytes for a client. Pure and incremental; one
// WebSocketReader belongs to one connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rt {

enum class WebSocketOpcode : uint8_t {
  kContinuation = 0,
  kText = 1,
  kBinary = 2,
  kClose = 8,
  kPing = 9,
  kPong = 10,
};

// RFC 6455 section 7.4.1.
enum WebSocketCloseCode : uint16_t {
  kWebSocketNormal = 1000,
  kWebSocketGoingAway = 1001,
  kWebSocketProtocolError = 1002,
  kWebSocketUnsupportedData = 1003,
  kWebSocketNoStatus = 1005,  // never on the wire
  kWebSocketInvalidPayload = 1007,
  kWebSocketPolicyViolation = 1008,
  kWebSocketTooBig = 1009,
  kWebSocketInternalError = 1011,
};

// The value of Sec-WebSocket-Accept for a client's Sec-WebSocket-Key
// (section 4.2.2).
[[nodiscard]] std::string WebSocketAccept(std::string_view key);
// Is it base64 of 16 bytes, as section 4.1 demands?
[[nodiscard]] bool IsWebSocketKey(std::string_view key);

// The bytes before a server's payload: FIN, opcode, length, no mask. Writes 2,
// 4 or 10 bytes to `out` (kWebSocketMaxHeaderBytes of room) and returns how
// many. `compressed` sets RSV1 (RFC 7692).
inline constexpr size_t kWebSocketMaxHeaderBytes = 10;
size_t WriteWebSocketHeader(WebSocketOpcode opcode, size_t payload_bytes,
                            bool compressed, char* out);
// A whole frame.
void AppendWebSocketFrame(WebSocketOpcode opcode, std::string_view payload,
                          std::string* out);
// A close frame. `reason` is cut to 123 bytes at a character's edge. With
// kWebSocketNoStatus the frame is empty.
void AppendWebSocketClose(uint16_t code, std::string_view reason,
                          std::string* out);

// What a reader finds. The views live until OnMessage etc. return.
class WebSocketEvents {
 public:
  virtual ~WebSocketEvents() = default;
  // A whole message, checked to be UTF-8 where it is text. Return false to
  // stop reading (the connection is being closed).
  virtual bool OnMessage(WebSocketOpcode opcode, std::string_view payload) = 0;
  virtual bool OnPing(std::string_view payload) = 0;
  virtual bool OnPong(std::string_view payload) = 0;
  // The peer's close frame; kWebSocketNoStatus where it was empty.
  virtual bool OnClose(uint16_t code, std::string_view reason) = 0;
};

class WebSocketReader {
 public:
  struct Limits {
    size_t max_message_bytes = 64 * 1024;  // above it: fails with 1009
    size_t max_fragments = 1024;           // above it: fails with 1008
  };

  explicit WebSocketReader(Limits limits) : limits_(limits) {}

  // Takes bytes as they come; unmasks in place, so `bytes` is scratch
  // afterwards. Whole unfragmented messages that lie in `bytes` are handed on
  // without a copy. Returns false when the stream is broken (error_code()
  // says with which code to close) or an event returned false.
  bool Read(char* bytes, size_t length, WebSocketEvents* events);

  // 0, or the close code for what the peer did wrong.
  [[nodiscard]] uint16_t error_code() const { return error_code_; }
  [[nodiscard]] const char* error_reason() const { return error_reason_; }
  // Bytes that this reader holds on the heap now.
  [[nodiscard]] size_t buffered_bytes() const {
    return partial_.capacity() + message_.capacity();
  }

 private:
  bool Fail(uint16_t code, const char* reason);
  bool OnFrame(uint8_t first_byte, char* payload, size_t length,
               WebSocketEvents* events);

  Limits limits_;
  uint16_t error_code_ = 0;
  const char* error_reason_ = "";
  // An incomplete frame, header and all, and the fragments before it. Both
  // empty, and holding no memory, on a connection at rest.
  std::string partial_;
  std::string message_;
  uint32_t fragments_ = 0;
  WebSocketOpcode message_opcode_ = WebSocketOpcode::kContinuation;
};

}  // namespace rt
