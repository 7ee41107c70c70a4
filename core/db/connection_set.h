// The open connections to the sites' stores, shared by the threads of the
// identity service: so many for each site and no more, kept for the next one
// who asks, and closed when nobody did for a minute. Stands between the threads
// and a store that is away (circuit_breaker.h). Thread-safe; outlives its
// leases.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "db/circuit_breaker.h"
#include "db/database.h"
#include "drupal/site_login.h"

namespace rt {

class ConnectionSet {
 public:
  struct Limits {
    size_t per_site = 4;  // open at once; above: waits, then kUnavailable
    size_t idle = 64;     // kept, of all sites; above: the idlest is closed
  };

  struct Stats {
    uint64_t opened = 0;   // connections made
    uint64_t failed = 0;   // that could not be, or broke in use
    uint64_t refused = 0;  // at once, since the store is away
    size_t in_use = 0;
    size_t idle = 0;
    size_t sites_away = 0;
  };

  // One connection, for whoever holds this and nobody else. Goes back when it
  // is destroyed.
  class Lease {
   public:
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    [[nodiscard]] Database* database() const { return database_.get(); }
    // May have died since it was used last: worth another try.
    [[nodiscard]] bool reused() const { return reused_; }
    // It is of no use any more, nor are those of its age.
    void Fail(const Error& error);

   private:
    friend class ConnectionSet;
    Lease(ConnectionSet* set, const std::string& site, uint64_t epoch,
          CircuitBreaker::Permit permit)
        : set_(set), site_(site), epoch_(epoch), permit_(permit) {}

    ConnectionSet* set_;  // null once it was moved from
    std::string site_;
    uint64_t epoch_;
    CircuitBreaker::Permit permit_;
    std::unique_ptr<Database> database_;
    bool reused_ = false;
    std::optional<Error> error_;
  };

  // `clock` outlives the set.
  ConnectionSet(const Limits& limits, const Clock* clock, DatabaseOpener open)
      : limits_(limits), clock_(clock), open_(std::move(open)) {}
  ConnectionSet(const ConnectionSet&) = delete;
  ConnectionSet& operator=(const ConnectionSet&) = delete;

  // A connection to the site's store. `epoch` grows when the site's document
  // changes: older connections are then closed, and what was known of the store
  // is forgotten. kUnavailable where there is none to be had.
  [[nodiscard]] Result<Lease> Take(const SiteLogin& site, uint64_t epoch);

  // Why whoever asks this site's store is refused right now; nothing where it
  // may be asked.
  [[nodiscard]] std::optional<Error> Refusal(const std::string& site);

  void CloseIdle();
  [[nodiscard]] Stats stats() const;

 private:
  struct Idle {
    std::unique_ptr<Database> database;
    int64_t since_ms;
  };
  struct Store {
    uint64_t epoch = 0;
    CircuitBreaker breaker;
    size_t in_use = 0;
    std::vector<Idle> idle;  // the one used last is at the end
  };
  using Lock = std::unique_lock<std::mutex>;

  [[nodiscard]] static Error Away(const CircuitBreaker& breaker);
  Store& StoreOf(const std::string& site, uint64_t epoch);
  void Return(Lease* lease);
  // What is taken out is closed by whoever destroys it, unlocked.
  [[nodiscard]] std::vector<Idle> Keep(Store* store,
                                       std::unique_ptr<Database> database);
  [[nodiscard]] static std::vector<Idle> TakeIdle(Store* store);

  const Limits limits_;
  const Clock* const clock_;
  const DatabaseOpener open_;

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable returned_;
  std::unordered_map<std::string, Store> stores_;  // by site key
  Stats stats_;  // in_use, idle and sites_away are counted when asked for
};

}  // namespace rt
