#include <algorithm>
#include <cstring>
#include <utility>

#include "wire/deflate.h"
#include "wire/utf8.h"
#include "wire/websocket.h"

namespace rt {

namespace {

constexpr size_t kMaxControlBytes = 125;
constexpr size_t kMaxClientHeaderBytes = 14;  // with length and mask
constexpr uint8_t kFin = 0x80;
constexpr uint8_t kDeflated = 0x40;  // on a message's first frame
constexpr uint8_t kReserved = 0x30;
constexpr uint8_t kMasked = 0x80;

bool IsControl(WebSocketOpcode opcode) {
  return (static_cast<uint8_t>(opcode) & 8) != 0;
}

bool IsKnown(WebSocketOpcode opcode) {
  const auto value = static_cast<uint8_t>(opcode);
  return value <= 2 || (value >= 8 && value <= 10);
}

// Codes that a peer may send: RFC 6455 section 7.4, IANA's registry, and the
// ranges for libraries and applications.
bool MayBeOnTheWire(uint16_t code) {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 &&
         code != 1006;
}

uint64_t BigEndian(const char* bytes, size_t count) {
  uint64_t value = 0;
  for (size_t i = 0; i < count; ++i) {
    value = value << 8 | static_cast<uint8_t>(bytes[i]);
  }
  return value;
}

// `offset` is where in the frame's payload `bytes` begin.
void Unmask(char* bytes, size_t length, const char* mask, uint64_t offset) {
  char turned[8];
  for (size_t i = 0; i < sizeof turned; ++i) turned[i] = mask[(offset + i) % 4];
  uint64_t mask64;
  std::memcpy(&mask64, turned, sizeof mask64);
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    uint64_t eight;
    std::memcpy(&eight, bytes + i, sizeof eight);
    eight ^= mask64;
    std::memcpy(bytes + i, &eight, sizeof eight);
  }
  for (; i < length; ++i) bytes[i] ^= turned[i % 8];
}

}  // namespace

struct WebSocketReader::Header {
  // Of a client's header whose first two bytes are known. An unmasked one is
  // refused already by these.
  static size_t Bytes(const char* begin) {
    const auto second = static_cast<uint8_t>(begin[1]);
    if ((second & kMasked) == 0) return 2;
    const int length = second & 0x7f;
    return length == 127 ? 14 : length == 126 ? 8 : 6;
  }

  explicit Header(const char* begin) {
    const size_t bytes = Bytes(begin);
    const auto first = static_cast<uint8_t>(begin[0]);
    const uint8_t short_length = static_cast<uint8_t>(begin[1]) & 0x7f;
    opcode = static_cast<WebSocketOpcode>(first & 0x0f);
    fin = (first & kFin) != 0;
    deflated = (first & kDeflated) != 0;
    reserved = (first & kReserved) != 0;
    masked = bytes > 2;
    length = short_length;
    if (!masked) return;
    if (short_length == 126) {
      length = BigEndian(begin + 2, 2);
      minimal = length > kMaxControlBytes;
    } else if (short_length == 127) {
      length = BigEndian(begin + 2, 8);
      minimal = length > 0xffff && length >> 63 == 0;
    }
    std::memcpy(mask, begin + bytes - 4, sizeof mask);
  }
  Header() = default;

  [[nodiscard]] bool begins_message() const {
    return opcode == WebSocketOpcode::kText ||
           opcode == WebSocketOpcode::kBinary;
  }

  // Neither the beginning nor the continuation of a fragmented message.
  [[nodiscard]] bool stands_alone() const {
    return IsControl(opcode) ||
           (fin && opcode != WebSocketOpcode::kContinuation);
  }

  WebSocketOpcode opcode = WebSocketOpcode::kContinuation;
  bool fin = false;
  bool deflated = false;
  bool reserved = false;
  bool masked = false;
  bool minimal = true;  // no shorter form would hold the length
  char mask[4] = {};
  uint64_t length = 0;
};

struct WebSocketReader::Unfinished {
  // A header that is not whole.
  char header_bytes[kMaxClientHeaderBytes];
  size_t header_length = 0;

  // A frame whose payload is not whole: that of a control frame in `control`,
  // which may come between the fragments of the message.
  bool in_frame = false;
  Header frame;
  uint64_t received = 0;
  std::string control;

  // A message that has begun; fragments: 0 where there is none.
  size_t fragments = 0;
  WebSocketOpcode opcode = WebSocketOpcode::kContinuation;
  bool deflated = false;
  std::string message;
  Utf8Checker utf8;

  // REQUIRES: the header was checked, and its payload has yet to come.
  void Begin(const Header& header) {
    frame = header;
    in_frame = true;
    received = 0;
    if (IsControl(header.opcode)) return;
    if (fragments++ == 0) {
      opcode = header.opcode;
      deflated = header.deflated;
      utf8 = {};
    }
  }

  [[nodiscard]] bool nothing() const {
    return header_length == 0 && !in_frame && fragments == 0;
  }
};

WebSocketReader::WebSocketReader(Limits limits) : limits_(limits) {}
WebSocketReader::~WebSocketReader() = default;
WebSocketReader::WebSocketReader(WebSocketReader&&) noexcept = default;
WebSocketReader& WebSocketReader::operator=(WebSocketReader&&) noexcept =
    default;

size_t WebSocketReader::buffered_bytes() const {
  if (unfinished_ == nullptr) return 0;
  return sizeof(Unfinished) + unfinished_->message.capacity() +
         unfinished_->control.capacity();
}

WebSocketReader::Unfinished& WebSocketReader::unfinished() {
  if (unfinished_ == nullptr) unfinished_ = std::make_unique<Unfinished>();
  return *unfinished_;
}

bool WebSocketReader::Fail(uint16_t code, const char* reason) {
  error_code_ = code;
  error_reason_ = reason;
  return false;
}

bool WebSocketReader::Read(char* bytes, size_t length,
                           WebSocketEvents* events) {
  if (stopped_) return false;
  stopped_ = !ReadFrames(bytes, length, events);
  if (stopped_ || (unfinished_ != nullptr && unfinished_->nothing())) {
    unfinished_.reset();
  }
  return !stopped_;
}

bool WebSocketReader::ReadFrames(char* bytes, size_t length,
                                 WebSocketEvents* events) {
  while (true) {
    size_t taken = 0;
    if (unfinished_ != nullptr && unfinished_->in_frame) {
      const Unfinished& now = *unfinished_;
      taken = std::min<uint64_t>(now.frame.length - now.received, length);
      if (!TakePayload(bytes, taken)) return false;
      if (now.received < now.frame.length) return true;
      if (!FinishFrame(events)) return false;
    } else {
      if (length == 0) return true;
      Header header;
      bool whole = false;
      taken = TakeHeader(bytes, length, &header, &whole);
      if (!whole) return true;
      if (!CheckHeader(header)) return false;
      if (!header.stands_alone() || header.length > length - taken) {
        unfinished().Begin(header);
      } else {
        // The usual case: all of it is here, and nothing needs a copy.
        const std::string_view payload(bytes + taken, header.length);
        Unmask(bytes + taken, payload.size(), header.mask, 0);
        taken += payload.size();
        if (!OnPayload(header, payload, events)) return false;
      }
    }
    bytes += taken;
    length -= taken;
  }
}

size_t WebSocketReader::TakeHeader(const char* bytes, size_t length,
                                   Header* header, bool* whole) {
  if (unfinished_ == nullptr || unfinished_->header_length == 0) {
    if (length >= 2 && length >= Header::Bytes(bytes)) {
      *header = Header(bytes);
      *whole = true;
      return Header::Bytes(bytes);
    }
  }
  Unfinished& now = unfinished();
  size_t taken = 0;
  while (taken < length && !*whole) {
    now.header_bytes[now.header_length++] = bytes[taken++];
    *whole = now.header_length >= 2 &&
             now.header_length == Header::Bytes(now.header_bytes);
  }
  if (*whole) {
    *header = Header(now.header_bytes);
    now.header_length = 0;
  }
  return taken;
}

bool WebSocketReader::CheckHeader(const Header& header) {
  if (header.reserved) {
    return Fail(kWebSocketProtocolError, "reserved bits are set");
  }
  if (header.deflated && !deflate_) {
    return Fail(kWebSocketProtocolError, "compression was not agreed on");
  }
  if (header.deflated && !header.begins_message()) {
    return Fail(kWebSocketProtocolError, "compressed where no message begins");
  }
  if (!IsKnown(header.opcode)) {
    return Fail(kWebSocketProtocolError, "unknown opcode");
  }
  if (!header.masked) {
    return Fail(kWebSocketProtocolError, "frame is not masked");
  }
  if (!header.minimal) {
    return Fail(kWebSocketProtocolError, "length is not in its shortest form");
  }
  if (!IsControl(header.opcode)) return CheckDataHeader(header);
  if (!header.fin) {
    return Fail(kWebSocketProtocolError, "control frame is fragmented");
  }
  if (header.length > kMaxControlBytes) {
    return Fail(kWebSocketProtocolError, "control frame is too long");
  }
  return true;
}

bool WebSocketReader::CheckDataHeader(const Header& header) {
  const bool continues = header.opcode == WebSocketOpcode::kContinuation;
  const size_t fragments = unfinished_ == nullptr ? 0 : unfinished_->fragments;
  if (continues && fragments == 0) {
    return Fail(kWebSocketProtocolError, "there is nothing to continue");
  }
  if (!continues && fragments > 0) {
    return Fail(kWebSocketProtocolError, "the last message is not finished");
  }
  if (fragments >= limits_.max_fragments) {
    return Fail(kWebSocketPolicyViolation, "too many fragments");
  }
  const size_t before = fragments == 0 ? 0 : unfinished_->message.size();
  if (header.length > limits_.max_message_bytes - before) {
    return Fail(kWebSocketTooBig, "message is too big");
  }
  return true;
}

bool WebSocketReader::TakePayload(char* bytes, size_t length) {
  Unfinished& now = *unfinished_;
  Unmask(bytes, length, now.frame.mask, now.received);
  now.received += length;
  const std::string_view payload(bytes, length);
  if (IsControl(now.frame.opcode)) {
    now.control += payload;
    return true;
  }
  now.message += payload;
  // Told as soon as it is wrong, however long the message still goes on.
  if (now.opcode == WebSocketOpcode::kText && !now.deflated &&
      now.utf8.Add(payload) < payload.size()) {
    return Fail(kWebSocketInvalidPayload, "text is not UTF-8");
  }
  return true;
}

bool WebSocketReader::FinishFrame(WebSocketEvents* events) {
  Unfinished& now = *unfinished_;
  now.in_frame = false;
  if (IsControl(now.frame.opcode)) {
    const std::string payload = std::exchange(now.control, {});
    return OnControl(now.frame.opcode, payload, events);
  }
  if (!now.frame.fin) return true;
  now.fragments = 0;
  const std::string message = std::exchange(now.message, {});
  if (now.deflated) return OnDeflated(now.opcode, message, events);
  if (!now.utf8.complete()) {
    return Fail(kWebSocketInvalidPayload, "text ends inside a character");
  }
  return events->OnMessage(now.opcode, message);
}

bool WebSocketReader::OnPayload(const Header& header, std::string_view payload,
                                WebSocketEvents* events) {
  if (IsControl(header.opcode)) {
    return OnControl(header.opcode, payload, events);
  }
  return header.deflated ? OnDeflated(header.opcode, payload, events)
                         : OnWhole(header.opcode, payload, events);
}

bool WebSocketReader::OnDeflated(WebSocketOpcode opcode,
                                 std::string_view deflated,
                                 WebSocketEvents* events) {
  std::string message;
  switch (InflateMessage(deflated, limits_.max_message_bytes, &message)) {
    case InflateError::kTooBig:
      return Fail(kWebSocketTooBig, "message is too big");
    case InflateError::kMalformed:
      return Fail(kWebSocketInvalidPayload, "message cannot be inflated");
    case InflateError::kNone:
      break;
  }
  return OnWhole(opcode, message, events);
}

bool WebSocketReader::OnWhole(WebSocketOpcode opcode, std::string_view message,
                              WebSocketEvents* events) {
  if (opcode == WebSocketOpcode::kText && !IsUtf8(message)) {
    return Fail(kWebSocketInvalidPayload, "text is not UTF-8");
  }
  return events->OnMessage(opcode, message);
}

bool WebSocketReader::OnControl(WebSocketOpcode opcode,
                                std::string_view payload,
                                WebSocketEvents* events) {
  if (opcode == WebSocketOpcode::kPing) return events->OnPing(payload);
  if (opcode == WebSocketOpcode::kPong) return events->OnPong(payload);
  uint16_t code = kWebSocketNoStatus;
  if (!payload.empty()) {
    if (payload.size() == 1) {
      return Fail(kWebSocketProtocolError, "close code is cut short");
    }
    code = static_cast<uint16_t>(BigEndian(payload.data(), 2));
    payload.remove_prefix(2);
    if (!MayBeOnTheWire(code)) {
      return Fail(kWebSocketProtocolError, "no such close code");
    }
    if (!IsUtf8(payload)) {
      return Fail(kWebSocketInvalidPayload, "close reason is not UTF-8");
    }
  }
  events->OnClose(code, payload);
  return false;
}

}  // namespace rt
