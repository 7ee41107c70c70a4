// WebSocket framing (RFC 6455): bytes from a client to messages and control
// frames, and messages to bytes for a client. Pure and incremental; one
// WebSocketReader belongs to one connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
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

// What a reader finds. The views live until the call returns. Each may return
// false to stop reading, because the connection is being closed; none may
// destroy the reader.
class WebSocketEvents {
 public:
  virtual ~WebSocketEvents() = default;
  // A whole message, checked to be UTF-8 where it is text.
  virtual bool OnMessage(WebSocketOpcode opcode, std::string_view payload) = 0;
  virtual bool OnPing(std::string_view payload) = 0;
  virtual bool OnPong(std::string_view payload) = 0;
  // The peer's close frame, the last event of a connection;
  // kWebSocketNoStatus where it was empty.
  virtual bool OnClose(uint16_t code, std::string_view reason) = 0;
};

class WebSocketReader {
 public:
  struct Limits {
    size_t max_message_bytes = 64 * 1024;  // above it: fails with 1009
    size_t max_fragments = 1024;           // above it: fails with 1008
  };

  explicit WebSocketReader(Limits limits);
  ~WebSocketReader();
  WebSocketReader(WebSocketReader&&) noexcept;
  WebSocketReader& operator=(WebSocketReader&&) noexcept;

  // From now on messages may be deflated (RFC 7692, without context takeover).
  // max_message_bytes holds for a message before inflating and after it.
  void AllowDeflate() { deflate_ = true; }

  // Takes bytes as they come; unmasks in place, so `bytes` is scratch
  // afterwards. Whole unfragmented messages that lie in `bytes` are handed on
  // without a copy. Returns false when the stream is broken (error_code()
  // says with which code to close), when an event returned false, and behind
  // the peer's close frame. From then on nothing more is read.
  bool Read(char* bytes, size_t length, WebSocketEvents* events);

  // 0, or the close code for what the peer did wrong.
  [[nodiscard]] uint16_t error_code() const { return error_code_; }
  [[nodiscard]] const char* error_reason() const { return error_reason_; }
  // Bytes that this reader holds on the heap now: none at rest.
  [[nodiscard]] size_t buffered_bytes() const;

 private:
  struct Header;
  struct Unfinished;

  bool ReadFrames(char* bytes, size_t length, WebSocketEvents* events);
  // Takes what is there of a header and says how many bytes it took; `*whole`
  // when `*header` is filled.
  size_t TakeHeader(const char* bytes, size_t length, Header* header,
                    bool* whole);
  bool CheckHeader(const Header& header);
  bool CheckDataHeader(const Header& header);
  // The payload of a frame that is not whole yet, as it comes.
  bool TakePayload(char* bytes, size_t length);
  bool FinishFrame(WebSocketEvents* events);
  // A whole payload, of a control frame or a message.
  bool OnPayload(const Header& header, std::string_view payload,
                 WebSocketEvents* events);
  bool OnDeflated(WebSocketOpcode opcode, std::string_view deflated,
                  WebSocketEvents* events);
  bool OnWhole(WebSocketOpcode opcode, std::string_view message,
               WebSocketEvents* events);
  bool OnControl(WebSocketOpcode opcode, std::string_view payload,
                 WebSocketEvents* events);
  bool Fail(uint16_t code, const char* reason);
  Unfinished& unfinished();

  Limits limits_;
  bool stopped_ = false;
  bool deflate_ = false;
  uint16_t error_code_ = 0;
  const char* error_reason_ = "";
  // A header, frame or message that is not whole yet. Null on a connection at
  // rest.
  std::unique_ptr<Unfinished> unfinished_;
};

}  // namespace rt
