#include "native/connection_pool.h"

#include <algorithm>
#include <chrono>

namespace rt {

ConnectionPool::ConnectionPool(DatabaseConfig config, size_t limit,
                               int64_t wait_ms, DatabaseOpener open)
    : config_(std::move(config)),
      limit_(std::max<size_t>(limit, 1)),
      wait_ms_(wait_ms),
      open_(std::move(open)) {}

Result<ConnectionPool::Lease> ConnectionPool::Take() {
  std::unique_ptr<Database> reused;
  {
    std::unique_lock lock(mutex_);
    const bool free =
        given_back_.wait_for(lock, std::chrono::milliseconds(wait_ms_),
                             [this] { return leased_ < limit_; });
    if (!free) {
      return Error{ErrorCode::kUnavailable, "all connections are busy"};
    }
    ++leased_;
    if (!idle_.empty()) {
      reused = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (reused && reused->alive()) return Lease{std::move(reused), true};
  reused = nullptr;
  Result<std::unique_ptr<Database>> opened = open_(config_);
  if (!opened) {
    GiveBack(nullptr);
    return opened.error();
  }
  return Lease{std::move(*opened), false};
}

void ConnectionPool::GiveBack(std::unique_ptr<Database> database) {
  {
    const std::lock_guard lock(mutex_);
    --leased_;
    if (database) idle_.push_back(std::move(database));
  }
  given_back_.notify_one();
}

}  // namespace rt
