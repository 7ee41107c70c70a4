// The books of a measurement: what was published, and who has got it. Message
// i goes to channel i modulo the number of channels, subscriber s listens to
// channel s modulo the same number. Every subscriber has to get every message
// of its channel once and in order; the first that does not ends the run.
//
// The loop is closed: message i + in_flight is due when all messages up to i
// have reached all their subscribers. One thread, no I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/histogram.h"

namespace rt::bench {

class Ledger {
 public:
  // More messages than this are never on their way.
  static constexpr size_t kMaxInFlight = 1u << 14;

  // REQUIRES: channels divides subscribers, both at least 1.
  Ledger(size_t subscribers, size_t channels);

  // REQUIRES: 1 <= in_flight <= kMaxInFlight.
  void set_in_flight(size_t in_flight);

  [[nodiscard]] bool MayPublish() const {
    return published_ - completed_ < in_flight_;
  }
  // The next message's sequence number, published now. REQUIRES: MayPublish().
  uint64_t Publish(int64_t now_ns);
  // Where that message goes.
  [[nodiscard]] size_t ChannelOf(uint64_t sequence) const {
    return static_cast<size_t>(sequence % channels_);
  }

  // Books one received message. False, and failure() says why, where it is
  // not the one that this subscriber has to get next.
  bool Deliver(size_t subscriber, uint64_t sequence, int64_t now_ns);

  [[nodiscard]] uint64_t published() const { return published_; }
  [[nodiscard]] uint64_t deliveries() const { return deliveries_; }
  // Everything published has reached everybody.
  [[nodiscard]] bool drained() const { return completed_ == published_; }
  [[nodiscard]] const std::string& failure() const { return failure_; }
  // From publishing to receiving, in nanoseconds.
  [[nodiscard]] Histogram& latency() { return latency_; }

 private:
  struct Slot {
    int64_t published_ns = 0;
    size_t missing = 0;  // subscribers that have not got it yet
  };
  Slot& SlotOf(uint64_t sequence) {
    return slots_[sequence & (kMaxInFlight - 1)];
  }

  size_t channels_;
  size_t receivers_;  // of each message
  size_t in_flight_ = 1;
  uint64_t published_ = 0;
  uint64_t completed_ = 0;  // all before it have reached everybody
  uint64_t deliveries_ = 0;
  std::vector<uint64_t> next_;  // by subscriber
  std::vector<Slot> slots_;
  Histogram latency_;
  std::string failure_;
};

}  // namespace rt::bench
