// Many coarse deadlines for the price of one real timer: a wheel of slots,
// each a ring of timers, turned by whoever owns the loop. A timer is a member
// of the thing that waits, so setting it allocates nothing.
//
// One thread. Deadlines are met up to one slot late, never early.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace rt {

class TimerWheel;

class Timer {
 public:
  Timer() = default;
  virtual ~Timer() { Cancel(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void Cancel();
  [[nodiscard]] bool armed() const { return next_ != nullptr; }

 protected:
  // The deadline has passed. May set or cancel any timer, or destroy this one.
  virtual void OnTimer() = 0;

 private:
  friend class TimerWheel;
  Timer* next_ = nullptr;
  Timer* previous_ = nullptr;
  int64_t due_ms_ = 0;
};

class TimerWheel {
 public:
  static constexpr int64_t kSlotMs = 128;

  explicit TimerWheel(int64_t now_ms);
  // REQUIRES: no timer is armed.
  ~TimerWheel();
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  // (Re)arms `timer` to fire once, `delay_ms` after `now_ms`.
  void Set(Timer* timer, int64_t now_ms, int64_t delay_ms);

  // Fires what is due. Call every kSlotMs or so.
  void Advance(int64_t now_ms);

 private:
  // The ring's head; it never fires.
  struct Head final : Timer {
    void OnTimer() override {}
  };
  static constexpr size_t kSlots = 512;  // a turn takes 65 s

  static void Link(Timer* head, Timer* timer);
  void FireSlot(Timer* head, int64_t now_ms);

  int64_t turned_to_;  // in slots since the clock's zero
  std::array<Head, kSlots> slots_;
  Head firing_;
};

}  // namespace rt
