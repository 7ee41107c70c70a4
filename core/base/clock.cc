#include "base/clock.h"

#include <chrono>

namespace rt {

namespace {

template <typename ChronoClock>
int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             ChronoClock::now().time_since_epoch())
      .count();
}

}  // namespace

int64_t SystemClock::monotonic_ms() const {
  return NowMs<std::chrono::steady_clock>();
}

int64_t SystemClock::wall_ms() const {
  return NowMs<std::chrono::system_clock>();
}

}  // namespace rt
