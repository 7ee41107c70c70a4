// UTF-8 as RFC 3629 has it, which is what JSON answers are made of: no
// overlong forms, no surrogates, at most U+10FFFF.
#pragma once

#include <stdint.h>

#include <string_view>

namespace rt {

[[nodiscard]] inline bool IsUtf8(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const uint8_t first = static_cast<uint8_t>(text[at++]);
    if (first < 0x80) continue;
    // How many bytes follow, and what the first of them may be.
    size_t more = 1;
    uint8_t low = 0x80;
    uint8_t high = 0xBF;
    if (first < 0xC2 || first > 0xF4) return false;
    if (first >= 0xE0) more = first >= 0xF0 ? 3 : 2;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
    for (; more > 0; --more) {
      if (at == text.size()) return false;
      const uint8_t next = static_cast<uint8_t>(text[at++]);
      if (next < low || next > high) return false;
      low = 0x80;
      high = 0xBF;
    }
  }
  return true;
}

}  // namespace rt
