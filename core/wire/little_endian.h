// Integers in bytes, least significant first, at any address.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/check.h"

namespace rt {

// The integer that `bytes` begin with. REQUIRES: that many bytes.
template <typename Integer>
[[nodiscard]] Integer LittleEndian(std::string_view bytes) {
  RT_CHECK(bytes.size() >= sizeof(Integer));
  Integer value = 0;
  for (size_t i = sizeof(Integer); i > 0; --i) {
    value = static_cast<Integer>(value << 7 << 1 |
                                 static_cast<unsigned char>(bytes[i - 1]));
  }
  return value;
}

template <typename Integer>
void AppendLittleEndian(Integer value, std::string* out) {
  for (size_t i = 0; i < sizeof(Integer); ++i) {
    *out += static_cast<char>(value >> (8 * i) & 0xff);
  }
}

}  // namespace rt
