// Time as a dependency, so that tests turn the hands themselves.
#pragma once

#include <cstdint>

namespace rt {

// Thread-safe where its implementation is; SystemClock is.
class Clock {
 public:
  virtual ~Clock() = default;
  // Milliseconds that never run backwards; their zero means nothing.
  [[nodiscard]] virtual int64_t monotonic_ms() const = 0;
  // Milliseconds since 1970-01-01 UTC.
  [[nodiscard]] virtual int64_t wall_ms() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] int64_t monotonic_ms() const override;
  [[nodiscard]] int64_t wall_ms() const override;
};

// Stands still until told otherwise. For tests.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] int64_t monotonic_ms() const override { return now_ms_; }
  [[nodiscard]] int64_t wall_ms() const override { return now_ms_; }
  void Advance(int64_t ms) { now_ms_ += ms; }

 private:
  int64_t now_ms_ = 1'000'000;
};

}  // namespace rt
