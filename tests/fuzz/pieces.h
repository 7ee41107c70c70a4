// Cuts a fuzzer's input into pieces as a socket would: of any size, in an
// order that the input's first byte decides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rt {

class Pieces {
 public:
  Pieces(std::string_view bytes, uint8_t seed)
      : rest_(bytes), state_(seed * 2654435761u + 1) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }

  // Mostly a few bytes, now and then all that is left.
  std::string_view Next() {
    state_ = state_ * 1664525u + 1013904223u;
    const uint32_t drawn = state_ >> 16;
    size_t size = drawn % 8 == 0 ? rest_.size() : 1 + drawn / 8 % 13;
    if (size > rest_.size()) size = rest_.size();
    const std::string_view piece = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return piece;
  }

 private:
  std::string_view rest_;
  uint32_t state_;
};

}  // namespace rt
