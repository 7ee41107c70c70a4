// Numbers that follow from a seed, the same ones everywhere (SplitMix64).
#pragma once

#include <cstddef>
#include <cstdint>

namespace rt {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
  }
  // Below `bound`, which is not 0.
  size_t Below(size_t bound) { return Next() % bound; }
  bool OneIn(size_t n) { return Below(n) == 0; }
  template <typename List>
  const auto& Of(const List& list) {
    return list[Below(sizeof(list) / sizeof(list[0]))];
  }

 private:
  uint64_t state_;
};

}  // namespace rt
