#include "db/session_store_set.h"

#include <algorithm>
#include <utility>

namespace rt {

namespace {

constexpr std::chrono::seconds kIdle{60};

// How long a store that failed is answered for without being asked.
constexpr std::chrono::milliseconds kPause{250};

bool IsFailure(const SessionRead& read) {
  return !read.ok() && read.error().code == ErrorCode::kUnavailable;
}

}  // namespace

SessionRead SessionStoreSet::Read(const SiteLogin& site, uint64_t epoch,
                                  const std::string& key) {
  Connection* connection = Find(site, epoch);
  if (connection->store != nullptr && connection->store->alive()) {
    auto read = connection->store->Read(key);
    if (!IsFailure(read)) return read;
  }
  // Which had been idle, and whose server may have gone and come back. One
  // that is slow rather than gone is asked a second time, too: two time-outs
  // is what a look-up takes at most.
  connection->store = nullptr;
  if (Status opened = Open(site, connection); !opened) return opened.error();
  auto read = connection->store->Read(key);
  if (IsFailure(read)) {
    connection->store = nullptr;
    connection->failure = read.error();
    connection->retry = std::chrono::steady_clock::now() + kPause;
  }
  return read;
}

Status SessionStoreSet::Open(const SiteLogin& site, Connection* connection) {
  if (std::chrono::steady_clock::now() < connection->retry) {
    return connection->failure;
  }
  auto opened = open_(site.session_store);
  if (!opened) {
    connection->failure = opened.error();
    connection->retry = std::chrono::steady_clock::now() + kPause;
    return opened.error();
  }
  connection->store = std::move(*opened);
  return Status();
}

SessionStoreSet::Connection* SessionStoreSet::Find(const SiteLogin& site,
                                                   uint64_t epoch) {
  const auto found = connections_.find(site.key);
  if (found == connections_.end() && connections_.size() >= limit_ &&
      !connections_.empty()) {
    connections_.erase(std::min_element(connections_.begin(),
                                        connections_.end(),
                                        [](const auto& a, const auto& b) {
                                          return a.second.used < b.second.used;
                                        }));
  }
  Connection& connection = connections_[site.key];
  if (connection.epoch != epoch) connection = Connection();
  connection.epoch = epoch;
  connection.used = std::chrono::steady_clock::now();
  return &connection;
}

void SessionStoreSet::CloseIdle() {
  const Time now = std::chrono::steady_clock::now();
  std::erase_if(connections_, [&](const auto& entry) {
    return now - entry.second.used > kIdle;
  });
}

}  // namespace rt
