// What this PHP server has counted, over all its processes: one small page
// that FPM's and Apache's workers inherit from the master, so that status
// pages tell of the pool and an absent broker writes one log line a minute,
// not one per worker.
#pragma once

#include <stdint.h>

#include <atomic>
#include <type_traits>

namespace rt {

struct Counters {
  std::atomic<uint64_t> published;   // handed to the broker
  std::atomic<uint64_t> failed;      // events that were not
  std::atomic<uint64_t> reconnects;  // connections after the first
  std::atomic<int64_t> next_log_ns;  // no log line before
};
static_assert(std::is_trivially_destructible_v<Counters>);
static_assert(std::atomic<uint64_t>::is_always_lock_free);

// In the first process, before any worker is forked.
void MapCounters();
void UnmapCounters();
[[nodiscard]] Counters& SharedCounters();

inline void Count(std::atomic<uint64_t>* counter) {
  counter->fetch_add(1, std::memory_order_relaxed);
}

// An event is lost: counts it and, once a minute, says so in PHP's error log.
// Never an E_WARNING, which an error handler would turn into an exception in
// the middle of a page save.
void ReportLost(const char* reason);

}  // namespace rt
