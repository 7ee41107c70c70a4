#include "bench/ledger.h"

#include "base/check.h"

namespace rt::bench {

Ledger::Ledger(size_t subscribers, size_t channels)
    : channels_(channels),
      receivers_(subscribers / channels),
      next_(subscribers),
      slots_(kMaxInFlight) {
  RT_CHECK(receivers_ >= 1 && receivers_ * channels == subscribers);
  for (size_t i = 0; i < subscribers; ++i) next_[i] = i % channels;
}

void Ledger::set_in_flight(size_t in_flight) {
  RT_CHECK(in_flight >= 1 && in_flight <= kMaxInFlight);
  in_flight_ = in_flight;
}

uint64_t Ledger::Publish(int64_t now_ns) {
  RT_CHECK(MayPublish());
  SlotOf(published_) = Slot{now_ns, receivers_};
  return published_++;
}

bool Ledger::Deliver(size_t subscriber, uint64_t sequence, int64_t now_ns) {
  uint64_t& next = next_[subscriber];
  if (sequence != next || sequence >= published_) {
    failure_ = "subscriber " + std::to_string(subscriber) + " got message " +
               std::to_string(sequence) +
               (sequence >= published_
                    ? ", which nobody published"
                    : " where " + std::to_string(next) + " was due");
    return false;
  }
  next += channels_;
  Slot& slot = SlotOf(sequence);
  latency_.Record(static_cast<uint64_t>(now_ns - slot.published_ns));
  ++deliveries_;
  if (--slot.missing == 0) {
    while (completed_ < published_ && SlotOf(completed_).missing == 0) {
      ++completed_;
    }
  }
  return true;
}

}  // namespace rt::bench
