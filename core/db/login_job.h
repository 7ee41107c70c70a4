// One look-up on its way: whom it is about, who waits for it, and what has
// happened meanwhile that it may not know of.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "db/connection_set.h"
#include "db/login_reader.h"
#include "db/session_store_set.h"
#include "drupal/identity.h"
#include "drupal/session_claim.h"
#include "drupal/site_login.h"

namespace rt {

// What a thread brings back from the store.
struct LoginFindings {
  Status status;
  LoginAnswer answer;
  std::optional<RoleMap> roles;  // loaded just now
  uint64_t queries = 0;
  uint64_t role_loads = 0;
};

struct LoginJob {
  std::shared_ptr<const SiteLogin> site;
  SessionClaim claim;
  std::string cache_key;  // empty: only the roles are wanted
  bool secure = false;    // 7's column for https
  std::vector<std::function<void(Result<IdentityPtr>)>> waiting;
  int runs = 0;

  // Notices since the look-up began.
  bool dirty = false;
  std::vector<uint32_t> dropped_users;
  bool cancelled = false;  // the site has another document now

  void Begin();
  void NoticeUser(uint32_t uid);
  // Did a notice come that these may be older than?
  [[nodiscard]] bool Outdates(const LoginFindings& findings) const;
};

// What one thread asks.
struct LoginConnections {
  ConnectionSet* databases;  // of all threads
  SessionStoreSet* session_stores;
};

// Asks the database, and before it the session's own store where there is one.
// A connection that turns out to be dead is made anew, once. Any thread; reads
// only what no notice changes.
[[nodiscard]] LoginFindings AskStore(const LoginJob& job, uint64_t epoch,
                                     bool want_roles,
                                     const LoginConnections& connections);

}  // namespace rt
