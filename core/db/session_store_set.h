// The open connections of one thread of the identity service to the stores
// that keep sessions beside the database, one a site at most. Bounded: above
// its limit the one that was idle longest is closed, and so is any that was not
// used for a minute. A store that did not answer is left alone for a moment, so
// that the thread is there for other sites meanwhile.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "db/session_store.h"
#include "drupal/site_login.h"

namespace rt {

class SessionStoreSet {
 public:
  // `open` outlives the set.
  SessionStoreSet(size_t limit, const SessionStoreOpener& open)
      : limit_(limit), open_(open) {}

  // SessionStore::Read from the site's store. A connection that turns out to
  // be dead is made anew, once. `epoch` changes when the site's document does:
  // an older connection is then closed.
  [[nodiscard]] SessionRead Read(const SiteLogin& site, uint64_t epoch,
                                 const std::string& key);
  // The same of SessionStore::ReadAll.
  [[nodiscard]] Result<std::vector<SessionRead>> ReadAll(
      const SiteLogin& site, uint64_t epoch,
      const std::vector<std::string>& keys);

  void CloseIdle();
  [[nodiscard]] bool empty() const { return connections_.empty(); }

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Connection {
    std::unique_ptr<SessionStore> store;  // null: none since the last failure
    uint64_t epoch = 0;
    Time used;
    bool failed = false;  // the last time
    Error failure;
    Time retry;  // not before; until then `failure` is the answer
  };

  // What `ask` says of the site's store.
  template <typename Answer, typename Ask>
  Answer Get(const SiteLogin& site, uint64_t epoch, const Ask& ask);
  template <typename Answer, typename Ask>
  Answer GetFrom(const SiteLogin& site, const Ask& ask, Connection* connection);
  [[nodiscard]] Connection* Find(const SiteLogin& site, uint64_t epoch);

  const size_t limit_;
  const SessionStoreOpener& open_;
  std::map<std::string, Connection> connections_;  // by site key
};

}  // namespace rt
