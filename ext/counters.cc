#include "counters.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <syslog.h>

#include "deadline.h"
#include "php_headers.h"

namespace rt {
namespace {

constexpr int64_t kLogEveryNs = 60'000 * kNsPerMs;

// Where no page can be had, each process counts for itself.
Counters own_counters;
Counters* counters = &own_counters;

// Exactly one of all processes wins a minute.
bool MayLog() {
  const int64_t now = NowNs();
  int64_t next = counters->next_log_ns.load(std::memory_order_relaxed);
  return now >= next && counters->next_log_ns.compare_exchange_strong(
                            next, now + kLogEveryNs, std::memory_order_relaxed);
}

}  // namespace

void MapCounters() {
  void* page = mmap(nullptr, sizeof(Counters), PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page != MAP_FAILED) counters = static_cast<Counters*>(page);
}

void UnmapCounters() {
  if (counters == &own_counters) return;
  munmap(counters, sizeof(Counters));
  counters = &own_counters;
}

Counters& SharedCounters() { return *counters; }

void ReportLost(const char* reason) {
  Count(&counters->failed);
  if (!MayLog()) return;
  char line[512];
  snprintf(line, sizeof(line),
           "drupalrt: an event was not delivered: %s (%" PRIu64
           " lost since PHP started; at most one such line a minute)",
           reason, counters->failed.load(std::memory_order_relaxed));
  php_log_err_with_severity(line, LOG_WARNING);
}

}  // namespace rt
