// The open connections of one thread of the identity service, one a site at
// most. Bounded: above its limit the one that was idle longest is closed, and
// so is any that was not used for a minute.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "db/database.h"
#include "drupal/site_login.h"

namespace rt {

class ConnectionSet {
 public:
  // `open` outlives the set.
  ConnectionSet(size_t limit, const DatabaseOpener& open)
      : limit_(limit), open_(open) {}

  struct Lease {
    Database* database = nullptr;  // until the next call of the set
    bool reused = false;           // may have died since it was used last
  };

  // A connection to the site's store. `epoch` changes when the site's
  // document does: an older connection is then closed and made anew.
  [[nodiscard]] Result<Lease> Take(const SiteLogin& site, uint64_t epoch);

  void Close(const std::string& site_key) { open_ones_.erase(site_key); }
  void CloseIdle();
  [[nodiscard]] bool empty() const { return open_ones_.empty(); }

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Connection {
    std::unique_ptr<Database> database;
    DatabaseConfig config;
    uint64_t epoch = 0;
    Time used;
  };

  size_t limit_;
  const DatabaseOpener& open_;
  std::map<std::string, Connection> open_ones_;  // by site key
};

}  // namespace rt
