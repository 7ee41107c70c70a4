// Counts durations in buckets whose width grows with the value, so that a
// percentile is right to 1/64 at any magnitude and recording takes a few
// instructions. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace rt::bench {

class Histogram {
 public:
  void Record(uint64_t value);
  void Clear();

  [[nodiscard]] uint64_t count() const { return count_; }
  // The least value that `percent` of all recorded values do not exceed,
  // rounded up to its bucket's edge. 0 where nothing was recorded.
  [[nodiscard]] uint64_t Percentile(double percent) const;

 private:
  static constexpr int kPartBits = 6;
  static constexpr size_t kParts = 1u << kPartBits;
  // 64-bit values need no bound of their own.
  static constexpr size_t kBuckets = (64 - kPartBits + 1) * kParts;

  static size_t BucketOf(uint64_t value);
  static uint64_t LargestOf(size_t bucket);

  std::array<uint64_t, kBuckets> counts_{};
  uint64_t count_ = 0;
};

}  // namespace rt::bench
