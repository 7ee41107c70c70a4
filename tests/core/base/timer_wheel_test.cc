#include "base/timer_wheel.h"

#include <gtest/gtest.h>

#include <functional>

namespace rt {
namespace {

class RecordingTimer : public Timer {
 public:
  int fired = 0;
  std::function<void()> then = [] {};

 protected:
  void OnTimer() override {
    ++fired;
    then();
  }
};

constexpr int64_t kStartMs = 1'000'000;

TEST(TimerWheel, FiresOnceNeverEarlyAndAtMostASlotLate) {
  for (int64_t delay_ms : {1, 127, 128, 129, 1000, 25'000, 200'000}) {
    TimerWheel wheel(kStartMs);
    RecordingTimer timer;
    wheel.Set(&timer, kStartMs, delay_ms);

    int64_t now_ms = kStartMs;
    while (timer.fired == 0 && now_ms < kStartMs + 300'000) {
      wheel.Advance(++now_ms);
    }

    EXPECT_GE(now_ms, kStartMs + delay_ms);
    EXPECT_LE(now_ms, kStartMs + delay_ms + TimerWheel::kSlotMs);
    EXPECT_FALSE(timer.armed());
    wheel.Advance(now_ms + 100'000);
    EXPECT_EQ(timer.fired, 1);
  }
}

TEST(TimerWheel, ACancelledTimerDoesNotFire) {
  TimerWheel wheel(kStartMs);
  RecordingTimer timer;
  wheel.Set(&timer, kStartMs, 500);

  timer.Cancel();
  wheel.Advance(kStartMs + 10'000);

  EXPECT_EQ(timer.fired, 0);
  EXPECT_FALSE(timer.armed());
}

TEST(TimerWheel, SettingAgainReplacesTheDeadline) {
  TimerWheel wheel(kStartMs);
  RecordingTimer timer;
  wheel.Set(&timer, kStartMs, 500);
  wheel.Set(&timer, kStartMs, 5'000);

  wheel.Advance(kStartMs + 4'000);
  EXPECT_EQ(timer.fired, 0);
  wheel.Advance(kStartMs + 6'000);
  EXPECT_EQ(timer.fired, 1);
}

TEST(TimerWheel, ADestroyedTimerIsForgotten) {
  TimerWheel wheel(kStartMs);
  {
    RecordingTimer timer;
    wheel.Set(&timer, kStartMs, 500);
  }
  wheel.Advance(kStartMs + 10'000);
}

TEST(TimerWheel, ATimerMaySetItselfAgainWhileItFires) {
  TimerWheel wheel(kStartMs);
  RecordingTimer timer;
  timer.then = [&] { wheel.Set(&timer, kStartMs + 1'000, 1'000); };
  wheel.Set(&timer, kStartMs, 1'000);

  wheel.Advance(kStartMs + 1'500);
  EXPECT_EQ(timer.fired, 1);
  timer.then = [] {};
  wheel.Advance(kStartMs + 3'000);
  EXPECT_EQ(timer.fired, 2);
}

TEST(TimerWheel, ATimerMayCancelAnotherOfItsSlotWhileItFires) {
  TimerWheel wheel(kStartMs);
  RecordingTimer first;
  RecordingTimer second;
  first.then = [&] { second.Cancel(); };
  wheel.Set(&first, kStartMs, 1'000);
  wheel.Set(&second, kStartMs, 1'000);

  wheel.Advance(kStartMs + 5'000);

  EXPECT_EQ(first.fired, 1);
  EXPECT_EQ(second.fired, 0);
}

TEST(TimerWheel, ALongSleepFiresAllThatIsDueAndNothingElse) {
  TimerWheel wheel(kStartMs);
  RecordingTimer due;
  RecordingTimer not_due;
  wheel.Set(&due, kStartMs, 100'000);
  wheel.Set(&not_due, kStartMs, 900'000);

  wheel.Advance(kStartMs + 600'000);

  EXPECT_EQ(due.fired, 1);
  EXPECT_EQ(not_due.fired, 0);
  not_due.Cancel();
}

}  // namespace
}  // namespace rt
