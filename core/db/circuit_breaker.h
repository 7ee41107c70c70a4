// Keeps everybody from waiting for a store that is away. After a few failures
// in a row it opens: who asks is refused at once, but for one at a time who
// tries, after a pause that doubles up to a second and is never quite the same.
// The first success closes it. Pure: the time is given. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace rt {

class CircuitBreaker {
 public:
  enum class Permit {
    kNo,
    kYes,
    kProbe,  // the one who tries; has to say how it went
  };

  static constexpr int kFailuresToOpen = 3;
  static constexpr int64_t kFirstPauseMs = 100;
  static constexpr int64_t kLongestPauseMs = 1'000;

  [[nodiscard]] Permit Ask(int64_t now_ms);
  // Would Ask say kNo?
  [[nodiscard]] bool Refuses(int64_t now_ms) const;

  // How it went, with the permit that was given.
  void Success() { *this = CircuitBreaker(); }
  void Failure(Permit permit, int64_t now_ms, std::string reason);
  // It was not tried after all.
  void GiveBack(Permit permit) {
    if (permit == Permit::kProbe) probing_ = false;
  }

  [[nodiscard]] bool open() const { return failures_ >= kFailuresToOpen; }
  // Of the last failure.
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  int failures_ = 0;
  bool probing_ = false;
  int64_t pause_ms_ = kFirstPauseMs;
  int64_t retry_ms_ = 0;
  std::string reason_;
};

}  // namespace rt
