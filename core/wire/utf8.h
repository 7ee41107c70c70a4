// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, at most U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rt {

[[nodiscard]] bool IsUtf8(std::string_view bytes);

// The longest prefix of at most `max_bytes` that does not split a character.
// REQUIRES: IsUtf8(text).
[[nodiscard]] std::string_view Utf8Prefix(std::string_view text,
                                          size_t max_bytes);

// The same check for text that comes in pieces: it fails at the first byte
// that no further byte can make good.
class Utf8Checker {
 public:
  // The number of bytes that were good; less than bytes.size() when the byte
  // there is wrong. REQUIRES: no earlier call found a wrong byte.
  size_t Add(std::string_view bytes);

  // Is what was added whole, or does it end inside a character?
  [[nodiscard]] bool complete() const { return missing_ == 0; }

 private:
  uint8_t missing_ = 0;  // bytes that the current character still needs
  // What its next byte may be: narrower than a continuation byte behind the
  // lead bytes that could begin an overlong form or a surrogate.
  uint8_t lowest_ = 0x80;
  uint8_t highest_ = 0xbf;
};

}  // namespace rt
