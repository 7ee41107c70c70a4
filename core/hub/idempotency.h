// Remembers the answers to publishes that carried an idempotency key, so that
// one that is sent again is answered again and not published again. Kept for
// five minutes; above the bound the oldest goes. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>

namespace rt {

template <typename Answer>
class IdempotencyCache {
 public:
  static constexpr int64_t kKeepMs = 5 * 60 * 1000;

  explicit IdempotencyCache(size_t bound) : bound_(bound) {}

  // Null where the key is new, or forgotten.
  [[nodiscard]] const Answer* Find(const std::string& key, int64_t now_ms) {
    Forget(now_ms);
    const auto found = answers_.find(key);
    return found == answers_.end() ? nullptr : &found->second;
  }

  // REQUIRES: Find(key) was null.
  void Put(const std::string& key, int64_t now_ms, Answer answer) {
    if (order_.size() >= bound_) Pop();
    answers_.emplace(key, std::move(answer));
    order_.emplace_back(now_ms, key);
  }

 private:
  void Pop() {
    answers_.erase(order_.front().second);
    order_.pop_front();
  }
  void Forget(int64_t now_ms) {
    while (!order_.empty() && now_ms - order_.front().first >= kKeepMs) Pop();
  }

  size_t bound_;
  std::unordered_map<std::string, Answer> answers_;
  std::deque<std::pair<int64_t, std::string>> order_;
};

}  // namespace rt
