#include "base/clock.h"

#include <gtest/gtest.h>

#include <ctime>

namespace rt {
namespace {

TEST(SystemClock, NeverRunsBackwards) {
  const SystemClock clock;
  int64_t last = clock.monotonic_ms();
  for (int i = 0; i < 1000; ++i) {
    const int64_t now = clock.monotonic_ms();
    EXPECT_GE(now, last);
    last = now;
  }
}

TEST(SystemClock, TellsTheTimeOfDayInMilliseconds) {
  const SystemClock clock;
  const int64_t before = std::time(nullptr) - 1;
  const int64_t now_ms = clock.wall_ms();
  const int64_t after = std::time(nullptr) + 1;

  EXPECT_GE(now_ms, before * 1000);
  EXPECT_LE(now_ms, after * 1000);
}

TEST(ManualClock, StandsStillUntilItIsAdvanced) {
  ManualClock clock;
  const int64_t start_ms = clock.monotonic_ms();

  EXPECT_EQ(clock.monotonic_ms(), start_ms);
  clock.Advance(250);

  EXPECT_EQ(clock.monotonic_ms(), start_ms + 250);
  EXPECT_EQ(clock.wall_ms(), clock.monotonic_ms());
}

}  // namespace
}  // namespace rt
