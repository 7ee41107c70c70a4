#include "db/connection_set.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "base/log.h"

namespace rt {

namespace {

constexpr int64_t kIdleMs = 60'000;
// For a connection, where all that a site may have are in use.
constexpr std::chrono::milliseconds kLongestWait{1'000};

}  // namespace

ConnectionSet::Lease::Lease(Lease&& other) noexcept
    : set_(std::exchange(other.set_, nullptr)),
      site_(std::move(other.site_)),
      epoch_(other.epoch_),
      permit_(other.permit_),
      database_(std::move(other.database_)),
      reused_(other.reused_),
      error_(std::move(other.error_)) {}

ConnectionSet::Lease::~Lease() {
  if (set_ != nullptr) set_->Return(this);
}

void ConnectionSet::Lease::Fail(const Error& error) { error_ = error; }

Error ConnectionSet::Away(const CircuitBreaker& breaker) {
  return {ErrorCode::kUnavailable,
          "the store is away, and asked again soon: " + breaker.reason()};
}

std::optional<Error> ConnectionSet::Refusal(const std::string& site) {
  const Lock lock(mutex_);
  const auto found = stores_.find(site);
  if (found == stores_.end() ||
      !found->second.breaker.Refuses(clock_->monotonic_ms())) {
    return std::nullopt;
  }
  ++stats_.refused;
  return Away(found->second.breaker);
}

Result<ConnectionSet::Lease> ConnectionSet::Take(const SiteLogin& site,
                                                 uint64_t epoch) {
  std::vector<Idle> outdated;  // destroyed after the lock
  Lock lock(mutex_);
  {
    const auto found = stores_.find(site.key);
    if (found != stores_.end() && found->second.epoch < epoch) {
      outdated = TakeIdle(&found->second);
    }
  }
  const auto has_room = [&] {
    return StoreOf(site.key, epoch).in_use < limits_.per_site;
  };
  if (!returned_.wait_for(lock, kLongestWait, has_room)) {
    return Error{ErrorCode::kUnavailable,
                 "all connections to the site's store are in use"};
  }
  Store& store = StoreOf(site.key, epoch);
  const auto permit = store.breaker.Ask(clock_->monotonic_ms());
  if (permit == CircuitBreaker::Permit::kNo) {
    ++stats_.refused;
    return Away(store.breaker);
  }
  ++store.in_use;
  Lease lease(this, site.key, epoch, permit);
  if (store.epoch == epoch && !store.idle.empty()) {
    lease.database_ = std::move(store.idle.back().database);
    lease.reused_ = true;
    store.idle.pop_back();
  }
  lock.unlock();
  if (lease.reused_ && lease.database_->alive()) return lease;
  lease.database_.reset();
  lease.reused_ = false;
  Result<std::unique_ptr<Database>> opened = open_(site.database);
  {
    const Lock count(mutex_);
    ++(opened ? stats_.opened : stats_.failed);
  }
  if (!opened) {
    lease.Fail(opened.error());
    return opened.error();
  }
  lease.database_ = std::move(*opened);
  return lease;
}

// Where the site has no such store yet, or an older one, it has now.
ConnectionSet::Store& ConnectionSet::StoreOf(const std::string& site,
                                             uint64_t epoch) {
  Store& store = stores_[site];
  if (store.epoch < epoch) {
    store.epoch = epoch;
    store.breaker = CircuitBreaker();
  }
  return store;
}

void ConnectionSet::Return(Lease* lease) {
  std::vector<Idle> dead;
  {
    const Lock lock(mutex_);
    Store& store = stores_[lease->site_];
    --store.in_use;
    const bool current = store.epoch == lease->epoch_;
    const bool was_open = store.breaker.open();
    const int64_t now = clock_->monotonic_ms();
    if (!current) {
      // Of an older document: says nothing about this store.
    } else if (!lease->error_) {
      store.breaker.Success();
      if (lease->database_ != nullptr) {
        dead = Keep(&store, std::move(lease->database_));
      }
    } else if (lease->reused_) {
      store.breaker.GiveBack(lease->permit_);
      dead = TakeIdle(&store);
    } else {
      if (lease->database_ != nullptr) ++stats_.failed;
      store.breaker.Failure(lease->permit_, now, lease->error_->message);
      dead = TakeIdle(&store);
    }
    if (current && store.breaker.open() != was_open) {
      if (was_open) {
        Log(LogLevel::kInfo, "db: the store of {} answers again", lease->site_);
      } else {
        Log(LogLevel::kWarning, "db: the store of {} is away: {}", lease->site_,
            store.breaker.reason());
      }
    }
  }
  returned_.notify_all();
  lease->database_.reset();
}

std::vector<ConnectionSet::Idle> ConnectionSet::Keep(
    Store* store, std::unique_ptr<Database> database) {
  store->idle.push_back({std::move(database), clock_->monotonic_ms()});
  size_t all = 0;
  Store* idlest = store;
  for (auto& [site, other] : stores_) {
    all += other.idle.size();
    if (!other.idle.empty() &&
        other.idle.front().since_ms < idlest->idle.front().since_ms) {
      idlest = &other;
    }
  }
  std::vector<Idle> closed;
  if (all > limits_.idle) {
    closed.push_back(std::move(idlest->idle.front()));
    idlest->idle.erase(idlest->idle.begin());
  }
  return closed;
}

std::vector<ConnectionSet::Idle> ConnectionSet::TakeIdle(Store* store) {
  return std::exchange(store->idle, {});
}

void ConnectionSet::CloseIdle() {
  std::vector<Idle> closed;
  const Lock lock(mutex_);
  const int64_t now = clock_->monotonic_ms();
  for (auto& [site, store] : stores_) {
    const auto is_old = [now](const Idle& idle) {
      return now - idle.since_ms > kIdleMs;
    };
    const auto first_kept =
        std::find_if_not(store.idle.begin(), store.idle.end(), is_old);
    std::move(store.idle.begin(), first_kept, std::back_inserter(closed));
    store.idle.erase(store.idle.begin(), first_kept);
  }
  // A site that nobody asks about any more is as good as a new one.
  std::erase_if(stores_, [](const auto& entry) {
    const Store& store = entry.second;
    return store.in_use == 0 && store.idle.empty() && !store.breaker.open();
  });
}

ConnectionSet::Stats ConnectionSet::stats() const {
  const Lock lock(mutex_);
  Stats stats = stats_;
  for (const auto& [site, store] : stores_) {
    stats.in_use += store.in_use;
    stats.idle += store.idle.size();
    stats.sites_away += store.breaker.open() ? 1 : 0;
  }
  return stats;
}

}  // namespace rt
