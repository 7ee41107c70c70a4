// Answers "who is this browser?" from a site's own tables: one object for all
// sites and workers. Look-ups run on threads of its own, are coalesced per
// session, cached for a short while, and dropped when the site says that
// something changed. Thread-safe; stop by destroying it, which waits for the
// look-ups that run and answers the rest with kUnavailable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "db/connection_set.h"
#include "db/database.h"
#include "db/login_sweep.h"
#include "db/session_store.h"
#include "drupal/identity.h"
#include "drupal/site_login.h"

namespace rt {

class IdentityService {
 public:
  struct Options {
    int threads = 4;
    // Waiting look-ups, of one site three quarters; above: kUnavailable.
    size_t queue_limit = 1024;
    size_t cache_limit = 65536;  // cached answers; above: the oldest goes
    int64_t positive_ttl_ms = 30'000;
    int64_t negative_ttl_ms = 2'000;  // anonymous in spite of a cookie
    int64_t role_map_ttl_ms = 60'000;
    // To one site's database at once. And of the threads a site has at most
    // as many, but never the last: that one is left to the others.
    size_t connections = 4;
  };

  struct Stats {
    uint64_t lookups = 0;         // calls of Lookup
    uint64_t cache_hits = 0;      // answered from memory, no cookie included
    uint64_t coalesced = 0;       // joined a look-up that was on its way
    uint64_t queries = 0;         // session, account and roles: three a login
    uint64_t role_loads = 0;      // queries for a whole permission map
    uint64_t unavailable = 0;     // answered with kUnavailable
    uint64_t reruns = 0;          // a notice came while a look-up ran
    uint64_t swept = 0;           // connections that sweeps looked at
    uint64_t sweep_queries = 0;   // at most one for 1,000 sessions
    uint64_t sweep_changes = 0;   // of these connections
    uint64_t sweep_failures = 0;  // steps without an answer
    ConnectionSet::Stats connections;
  };

  // Must neither block nor take long. Called once: with the identity, or with
  //   kUnavailable  the store is away or too busy: come back later,
  //   kDenied       this site's sessions cannot be read natively (the reason
  //                 of NativeLoginRefused) and the browser sent a cookie.
  // On a thread of the pool, or within Lookup where memory knows the answer.
  using Done = std::function<void(Result<IdentityPtr>)>;

  IdentityService();
  // `clock` outlives the service; both are called from any thread.
  IdentityService(const Options& options, const Clock* clock,
                  DatabaseOpener open,
                  SessionStoreOpener open_store = OpenSessionStore);
  ~IdentityService();
  IdentityService(const IdentityService&) = delete;
  IdentityService& operator=(const IdentityService&) = delete;

  // Who sent `cookie_header` (several joined by "; ") over http or `https`?
  // `page_host`: see CookieNames. `site`: the same object for as long as the
  // site's document is the same; another one is taken for a new document, and
  // what was known by the old one is forgotten.
  void Lookup(std::shared_ptr<const SiteLogin> site, std::string cookie_header,
              std::string_view page_host, bool https, Done done);
  void Lookup(std::shared_ptr<const SiteLogin> site, std::string cookie_header,
              bool https, Done done) {
    Lookup(std::move(site), std::move(cookie_header), {}, https,
           std::move(done));
  }

  // The same for a session that is known already, by its stored key
  // (Identity::session_key): does it still stand, and what may it do now?
  // After a notice, or from time to time. Without a key: nobody's. Somebody
  // has to hold the identity until then, for where sessions are found by their
  // ids alone it holds the id (drupal/identity.h); else kDenied.
  void Recheck(std::shared_ptr<const SiteLogin> site,
               const std::string& session_key, bool https, Done done);

  // Who the user is that a token names (0: a visitor), whatever the site keeps
  // its sessions in. Anonymous with a reason where the account is blocked or
  // gone. Where the site's database is not read at all, the token has to do:
  // then somebody with the rights of everyone who is logged in.
  void LookupUser(std::shared_ptr<const SiteLogin> site, uint32_t uid,
                  Done done);

  // Looks whether `logins`, all that are connected, still are whom they were:
  // one query for 1,000 sessions of them. Look-ups go first, and of all sweeps
  // one step runs at a time. `on_step` is called for each step, the last of
  // which says so.
  void Sweep(std::shared_ptr<const SiteLogin> site,
             std::vector<SweptLogin> logins, OnSweepStep on_step);

  // Loads the site's permission map ahead of its first visitor.
  void Warm(std::shared_ptr<const SiteLogin> site);

  // How it went when the site's stores were asked last, by whichever look-up.
  struct Health {
    bool read = false;    // something was read, ever since the document came
    std::string trouble;  // why not the last time; empty: there was none
  };
  [[nodiscard]] Health HealthOf(std::string_view site) const;
  // Has the site's database asked something, unless it was just now: what
  // comes of it is in HealthOf() then.
  void Probe(std::shared_ptr<const SiteLogin> site);

  // Notices. What was read before one is neither kept nor handed out after
  // they return: a look-up that is on its way runs again.
  void Drop(std::string_view site, std::string_view session_key);
  void DropUser(std::string_view site, uint32_t uid);
  void DropRoles(std::string_view site);
  // Also forgets the site's connections and map: a new document, or none.
  void DropSite(std::string_view site);

  // Gives the memory of old answers back. About once a second.
  void Expire();

  [[nodiscard]] Stats stats() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rt
