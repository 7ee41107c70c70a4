// A rate with some credit: so many in a second, so many at once.
#pragma once

#include <algorithm>
#include <cstdint>

namespace rt {

class TokenBucket {
 public:
  // Full at first. `burst` of 0 counts as one second's worth.
  [[nodiscard]] bool Take(int64_t now_ms, double per_second, double burst) {
    if (burst <= 0) burst = std::max(per_second, 1.0);
    if (last_ms_ < 0) {
      credit_ = burst;
    } else {
      const auto passed = static_cast<double>(now_ms - last_ms_);
      credit_ = std::min(burst, credit_ + passed * per_second / 1000);
    }
    last_ms_ = now_ms;
    if (credit_ < 1) return false;
    credit_ -= 1;
    return true;
  }

 private:
  double credit_ = 0;
  int64_t last_ms_ = -1;
};

}  // namespace rt
