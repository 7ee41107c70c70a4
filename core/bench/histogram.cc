#include "bench/histogram.h"

#include <bit>
#include <cmath>

namespace rt::bench {

size_t Histogram::BucketOf(uint64_t value) {
  if (value < kParts) return static_cast<size_t>(value);
  const int shift = std::bit_width(value) - 1 - kPartBits;
  return static_cast<size_t>(shift) * kParts +
         static_cast<size_t>(value >> shift);
}

uint64_t Histogram::LargestOf(size_t bucket) {
  if (bucket < 2 * kParts) return bucket;
  const size_t shift = bucket / kParts - 1;
  const uint64_t part = bucket - shift * kParts;
  return (part << shift) + ((uint64_t{1} << shift) - 1);
}

void Histogram::Record(uint64_t value) {
  ++counts_[BucketOf(value)];
  ++count_;
}

void Histogram::Clear() {
  counts_.fill(0);
  count_ = 0;
}

uint64_t Histogram::Percentile(double percent) const {
  if (count_ == 0) return 0;
  const double exact = percent / 100 * static_cast<double>(count_);
  auto rank = static_cast<uint64_t>(std::ceil(exact));
  if (rank == 0) rank = 1;
  uint64_t seen = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    seen += counts_[i];
    if (seen >= rank) return LargestOf(i);
  }
  return LargestOf(kBuckets - 1);
}

}  // namespace rt::bench
