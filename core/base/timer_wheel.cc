#include "base/timer_wheel.h"

#include "base/check.h"

namespace rt {

void Timer::Cancel() {
  if (next_ == nullptr) return;
  next_->previous_ = previous_;
  previous_->next_ = next_;
  next_ = previous_ = nullptr;
}

TimerWheel::TimerWheel(int64_t now_ms) : turned_to_(now_ms / kSlotMs) {
  for (Head& head : slots_) head.next_ = head.previous_ = &head;
  firing_.next_ = firing_.previous_ = &firing_;
}

TimerWheel::~TimerWheel() {
  for (Head& head : slots_) {
    RT_CHECK(head.next_ == &head);
    head.next_ = nullptr;
  }
  firing_.next_ = nullptr;
}

void TimerWheel::Link(Timer* head, Timer* timer) {
  timer->previous_ = head->previous_;
  timer->next_ = head;
  head->previous_->next_ = timer;
  head->previous_ = timer;
}

void TimerWheel::Set(Timer* timer, int64_t now_ms, int64_t delay_ms) {
  timer->Cancel();
  timer->due_ms_ = now_ms + delay_ms;
  // The slot behind the one it is due in, so that it never fires early; and
  // never one that was turned past already.
  int64_t slot = timer->due_ms_ / kSlotMs + 1;
  if (slot <= turned_to_) slot = turned_to_ + 1;
  Link(&slots_[static_cast<size_t>(slot) % kSlots], timer);
}

void TimerWheel::Advance(int64_t now_ms) {
  const int64_t target = now_ms / kSlotMs;
  // After a long sleep one whole turn visits every slot there is.
  if (target - turned_to_ > static_cast<int64_t>(kSlots)) {
    turned_to_ = target - static_cast<int64_t>(kSlots);
  }
  while (turned_to_ < target) {
    ++turned_to_;
    FireSlot(&slots_[static_cast<size_t>(turned_to_) % kSlots], now_ms);
  }
}

void TimerWheel::FireSlot(Timer* head, int64_t now_ms) {
  // Moved aside first: what fires may arm timers for this very slot.
  while (head->next_ != head) {
    Timer* timer = head->next_;
    timer->Cancel();
    Link(&firing_, timer);
  }
  while (firing_.next_ != &firing_) {
    Timer* timer = firing_.next_;
    timer->Cancel();
    if (timer->due_ms_ > now_ms) {
      Link(head, timer);  // due in a later turn of the wheel
    } else {
      timer->OnTimer();
    }
  }
}

}  // namespace rt
