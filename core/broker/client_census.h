// Who is connected, over all workers: how many of each user and address, and
// by which name clients whose commands come by requests of their own are
// found. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/token_bucket.h"
#include "hub/message.h"
#include "session/site_limits.h"

namespace rt {

class ClientCensus {
 public:
  // One more connection of the user's, unless there are `limit` (0: any).
  [[nodiscard]] bool AddUser(uint32_t site_id, const std::string& user,
                             uint64_t limit);
  void RemoveUser(uint32_t site_id, const std::string& user);
  // One more command of a user who is counted; `per_second` 0: any.
  [[nodiscard]] bool TakeCommand(uint32_t site_id, const std::string& user,
                                 int64_t now_ms, double per_second,
                                 double burst);
  // Users who are logged in and connected; of all sites.
  [[nodiscard]] size_t users() const;
  [[nodiscard]] size_t users(uint32_t site_id) const;
  // Connected clients of the site, visitors too.
  [[nodiscard]] uint64_t clients(uint32_t site_id) const;

  // Sessions, whether connected yet or not; without an address where nobody
  // counts those.
  void AddSession(uint32_t site_id, const std::string& address);
  void RemoveSession(uint32_t site_id, const std::string& address);
  [[nodiscard]] uint64_t of_address(const std::string& address) const;
  // A new connection of anybody's; false where the rate is exceeded.
  [[nodiscard]] bool TakeConnection(int64_t now_ms, double per_second);
  // One more of the site's; false where that is too many of its own limits.
  [[nodiscard]] bool TakesSession(uint32_t site_id, const SiteLimits& limits,
                                  const std::string& address, int64_t now_ms);

  struct Place {
    WorkerId worker = 0;
    uint64_t session = 0;
  };
  void AddName(const std::string& name, Place place);
  void RemoveName(const std::string& name);
  [[nodiscard]] std::optional<Place> Find(const std::string& name) const;

 private:
  struct SiteCount {
    uint64_t sessions = 0;
    TokenBucket connections;
  };
  struct User {
    uint64_t connections = 0;
    TokenBucket commands;
  };

  mutable std::mutex mutex_;
  std::unordered_map<std::string, User> users_;     // by site and user
  std::unordered_map<uint32_t, uint64_t> clients_;  // by site
  std::unordered_map<uint32_t, SiteCount> sites_;
  std::unordered_map<std::string, uint64_t> addresses_;
  std::unordered_map<std::string, uint64_t> site_addresses_;  // by site, too
  std::unordered_map<std::string, Place> names_;
  TokenBucket connections_;
};

}  // namespace rt
