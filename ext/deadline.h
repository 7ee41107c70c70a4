// The moment at which a call gives up waiting. One deadline covers all that a
// call does: connect, greeting, write and answer.
#pragma once

#include <stdint.h>
#include <time.h>

namespace rt {

inline int64_t NowNs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

inline constexpr int64_t kNsPerMs = 1'000'000;

struct Deadline {
  int64_t at_ns;

  [[nodiscard]] static Deadline In(int64_t ms) {
    return {NowNs() + ms * kNsPerMs};
  }
  // Already over: whoever waits on it takes what is there and goes on.
  [[nodiscard]] static Deadline Now() { return {0}; }

  // For poll(): 0 when it is over, else at least 1.
  [[nodiscard]] int remaining_ms() const {
    if (at_ns == 0) return 0;
    const int64_t left = at_ns - NowNs();
    if (left <= 0) return 0;
    const int64_t ms = (left + kNsPerMs - 1) / kNsPerMs;
    return ms > 1 << 30 ? 1 << 30 : static_cast<int>(ms);
  }
};

}  // namespace rt
