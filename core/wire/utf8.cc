#include "wire/utf8.h"

#include <simdjson.h>

#include <cstring>

namespace rt {

bool IsUtf8(std::string_view bytes) {
  return bytes.empty() || simdjson::validate_utf8(bytes.data(), bytes.size());
}

std::string_view Utf8Prefix(std::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  size_t end = max_bytes;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

namespace {

bool EightAreAscii(const char* bytes) {
  uint64_t eight;
  std::memcpy(&eight, bytes, sizeof eight);
  return (eight & 0x8080808080808080u) == 0;
}

}  // namespace

size_t Utf8Checker::Add(std::string_view bytes) {
  size_t at = 0;
  while (at < bytes.size()) {
    const auto byte = static_cast<uint8_t>(bytes[at]);
    if (missing_ > 0) {
      if (byte < lowest_ || byte > highest_) return at;
      --missing_;
      lowest_ = 0x80;
      highest_ = 0xbf;
      ++at;
    } else if (byte < 0x80) {
      ++at;
      while (bytes.size() - at >= 8 && EightAreAscii(bytes.data() + at)) {
        at += 8;
      }
    } else {
      if (byte < 0xc2 || byte > 0xf4) return at;
      missing_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      if (byte == 0xe0) lowest_ = 0xa0;
      if (byte == 0xf0) lowest_ = 0x90;
      if (byte == 0xed) highest_ = 0x9f;
      if (byte == 0xf4) highest_ = 0x8f;
      ++at;
    }
  }
  return at;
}

}  // namespace rt
