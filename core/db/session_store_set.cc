#include "db/session_store_set.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace rt {

namespace {

constexpr std::chrono::seconds kIdle{60};

// How long a store that failed is answered for without being asked.
constexpr std::chrono::milliseconds kPause{250};

std::chrono::steady_clock::time_point Now() {
  return std::chrono::steady_clock::now();
}

template <typename Answer>
bool IsFailure(const Answer& answer) {
  return !answer.ok() && answer.error().code == ErrorCode::kUnavailable;
}

}  // namespace

SessionRead SessionStoreSet::Read(const SiteLogin& site, uint64_t epoch,
                                  const std::string& key) {
  return Get<SessionRead>(
      site, epoch, [&](SessionStore* store) { return store->Read(key); });
}

Result<std::vector<SessionRead>> SessionStoreSet::ReadAll(
    const SiteLogin& site, uint64_t epoch,
    const std::vector<std::string>& keys) {
  return Get<Result<std::vector<SessionRead>>>(
      site, epoch, [&](SessionStore* store) { return store->ReadAll(keys); });
}

template <typename Answer, typename Ask>
Answer SessionStoreSet::Get(const SiteLogin& site, uint64_t epoch,
                            const Ask& ask) {
  Connection* connection = Find(site, epoch);
  if (Now() < connection->retry) return connection->failure;
  Answer answer = GetFrom<Answer>(site, ask, connection);
  const bool failed = IsFailure(answer);
  if (failed != connection->failed) {
    // Once each time, for every look-up would fill the log.
    if (failed) {
      Log(LogLevel::kWarning, "site {}: sessions cannot be read: {}", site.key,
          answer.error().message);
    } else {
      Log(LogLevel::kInfo, "site {}: sessions can be read again", site.key);
    }
  }
  connection->failed = failed;
  if (failed) {
    connection->store = nullptr;
    connection->failure = answer.error();
    connection->retry = Now() + kPause;
  }
  return answer;
}

template <typename Answer, typename Ask>
Answer SessionStoreSet::GetFrom(const SiteLogin& site, const Ask& ask,
                                Connection* connection) {
  if (connection->store != nullptr && connection->store->alive()) {
    Answer answer = ask(connection->store.get());
    if (!IsFailure(answer)) return answer;
  }
  // It had been idle, and its server may have gone and come back. One that is
  // slow rather than gone is asked a second time, too: two time-outs is what
  // a look-up takes at most.
  auto opened = open_(site.session_store);
  if (!opened) return opened.error();
  connection->store = std::move(*opened);
  return ask(connection->store.get());
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
  connection.used = Now();
  return &connection;
}

void SessionStoreSet::CloseIdle() {
  const Time now = Now();
  std::erase_if(connections_, [&](const auto& entry) {
    return now - entry.second.used > kIdle;
  });
}

}  // namespace rt
