#include "db/circuit_breaker.h"

#include <algorithm>

#include "base/random.h"

namespace rt {

bool CircuitBreaker::Refuses(int64_t now_ms) const {
  return open() && (probing_ || now_ms < retry_ms_);
}

CircuitBreaker::Permit CircuitBreaker::Ask(int64_t now_ms) {
  if (!open()) return Permit::kYes;
  if (Refuses(now_ms)) return Permit::kNo;
  probing_ = true;
  return Permit::kProbe;
}

void CircuitBreaker::Failure(Permit permit, int64_t now_ms,
                             std::string reason) {
  GiveBack(permit);
  // Those who began before it opened say nothing new.
  if (open() && permit != Permit::kProbe) return;
  reason_ = std::move(reason);
  ++failures_;
  if (!open()) return;
  // Between half and all of it, lest many brokers come at once.
  const int64_t half_ms = pause_ms_ / 2;
  retry_ms_ = now_ms + half_ms +
              static_cast<int64_t>(
                  RandomBelow(static_cast<uint64_t>(pause_ms_ - half_ms + 1)));
  pause_ms_ = std::min(pause_ms_ * 2, kLongestPauseMs);
}

}  // namespace rt
