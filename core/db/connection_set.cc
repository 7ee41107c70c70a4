#include "db/connection_set.h"

#include <algorithm>
#include <utility>

namespace rt {

namespace {

constexpr std::chrono::seconds kIdle{60};

}  // namespace

Result<ConnectionSet::Lease> ConnectionSet::Take(const SiteLogin& site,
                                                 uint64_t epoch) {
  const Time now = std::chrono::steady_clock::now();
  const auto found = open_ones_.find(site.key);
  if (found != open_ones_.end()) {
    Connection& connection = found->second;
    if (connection.epoch == epoch && connection.config == site.database &&
        connection.database->alive()) {
      connection.used = now;
      return Lease{connection.database.get(), true};
    }
    open_ones_.erase(found);
  }
  if (open_ones_.size() >= limit_ && !open_ones_.empty()) {
    open_ones_.erase(std::min_element(open_ones_.begin(), open_ones_.end(),
                                      [](const auto& a, const auto& b) {
                                        return a.second.used < b.second.used;
                                      }));
  }
  auto opened = open_(site.database);
  if (!opened) return opened.error();
  Connection& made = open_ones_[site.key];
  made = Connection{std::move(*opened), site.database, epoch, now};
  return Lease{made.database.get(), false};
}

void ConnectionSet::CloseIdle() {
  const Time now = std::chrono::steady_clock::now();
  std::erase_if(open_ones_, [&](const auto& entry) {
    return now - entry.second.used > kIdle;
  });
}

}  // namespace rt
