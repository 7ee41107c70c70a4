#include "db/identity_service.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "db/connection_set.h"
#include "db/identity_cache.h"
#include "db/login_reader.h"
#include "db/role_book.h"
#include "drupal/cookie_header.h"
#include "drupal/session_key.h"

namespace rt {

namespace {

// A look-up that notices overtake again and again is given up.
constexpr int kMaxRuns = 8;
// Above so many users in notices during one look-up, it is run again at once.
constexpr size_t kMaxDroppedUsers = 64;

Error Unavailable(std::string why) {
  return {ErrorCode::kUnavailable, std::move(why)};
}

// What the cookies say, before anyone is asked.
struct Claim {
  std::string key;       // empty: no session is claimed
  const char* why = "";  // why not
};

Claim ReadClaim(const SiteLogin& site, std::string_view cookie_header,
                std::string_view page_host, bool https) {
  if (cookie_header.empty()) return {"", "no cookie"};
  for (const std::string& name : CookieNames(site, page_host, https)) {
    const auto value = FindCookie(cookie_header, name);
    if (!value) continue;
    auto key = SessionKey(*value);
    if (!key) return {"", "no session id in the cookie"};
    return {std::move(*key), ""};
  }
  return {"", "no cookie"};
}

// 7 keeps the sessions of https in a column of their own.
bool SecureColumn(const SiteLogin& site, bool https) {
  return site.schema == 7 && https;
}

constexpr char kSecureMark[] = "\nhttps";

// Set while a thread is inside a callback of ours.
thread_local bool inside_delivery = false;

}  // namespace

class IdentityService::Impl {
 public:
  Impl(const Options& options, const Clock* clock, DatabaseOpener open)
      : options_(options),
        clock_(clock),
        open_(std::move(open)),
        cache_(options.cache_limit, options.positive_ttl_ms,
               options.negative_ttl_ms) {
    for (int i = 0; i < std::max(options_.threads, 1); ++i) {
      threads_.emplace_back([this] { Work(); });
    }
  }

  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    for (const auto& job : queue_) {
      for (Done& done : job->waiting) {
        done(Unavailable("the broker is stopping"));
      }
    }
  }

  void Lookup(std::shared_ptr<const SiteLogin> site, Claim claim, bool https,
              Done done) {
    std::unique_lock lock(mutex_);
    ++stats_.lookups;
    StateOf(site);  // an older document's answers go
    const int64_t now = clock_->monotonic_ms();
    if (claim.key.empty()) {
      RoleBook& roles = StateOf(site).roles;
      if (roles.Ready(site, now)) {
        ++stats_.cache_hits;
        const auto who = AnonymousFor(*site, &roles, claim.why, "");
        return Deliver(&lock, One(std::move(done)), who);
      }
    } else {
      if (Status refused = NativeLoginRefused(*site); !refused) {
        return Deliver(&lock, One(std::move(done)), refused.error());
      }
    }
    const bool secure = SecureColumn(*site, https);
    const std::string key = claim.key + (secure ? kSecureMark : "");
    if (!claim.key.empty()) {
      if (IdentityPtr known = cache_.Find(site->key, key, now)) {
        ++stats_.cache_hits;
        return Deliver(&lock, One(std::move(done)), std::move(known));
      }
    }
    Enqueue(&lock, std::move(site), std::move(claim), key, secure,
            std::move(done));
  }

  void Warm(std::shared_ptr<const SiteLogin> site) {
    std::unique_lock lock(mutex_);
    RoleBook& roles = StateOf(site).roles;
    if (roles.Ready(site, clock_->monotonic_ms())) return;
    Enqueue(&lock, std::move(site), Claim{"", "no cookie"}, "", false, nullptr);
  }

  void Drop(std::string_view site, std::string_view session_key) {
    std::unique_lock lock(mutex_);
    const std::string of(site);
    for (const char* mark : {"", kSecureMark}) {
      const std::string key = std::string(session_key) + mark;
      cache_.Drop(of, key);
      const auto job = jobs_.find(JobName(of, key));
      if (job != jobs_.end()) job->second->dirty = true;
    }
    AwaitDeliveries(&lock);
  }

  void DropUser(std::string_view site, uint32_t uid) {
    std::unique_lock lock(mutex_);
    cache_.DropUser(std::string(site), uid);
    for (auto& [name, job] : jobs_) {
      if (job->site->key != site) continue;
      job->dropped_users.push_back(uid);
      if (job->dropped_users.size() > kMaxDroppedUsers) job->dirty = true;
    }
    AwaitDeliveries(&lock);
  }

  void DropRoles(std::string_view site) {
    std::unique_lock lock(mutex_);
    const std::string of(site);
    const auto state = sites_.find(of);
    if (state != sites_.end()) state->second.roles.Clear();
    cache_.DropSite(of);
    Overtake(site);
    AwaitDeliveries(&lock);
  }

  void DropSite(std::string_view site) {
    std::unique_lock lock(mutex_);
    Forget(std::string(site));
    AwaitDeliveries(&lock);
  }

  Stats stats() const {
    const std::lock_guard lock(mutex_);
    return stats_;
  }

 private:
  struct SiteState {
    std::shared_ptr<const SiteLogin> login;  // what all of it was read by
    uint64_t epoch = 0;
    RoleBook roles;
  };

  struct Job {
    std::shared_ptr<const SiteLogin> site;
    Claim claim;
    std::string key;  // of the cache; empty: only the roles are wanted
    bool secure = false;
    std::vector<Done> waiting;
    // Notices since the look-up began.
    bool dirty = false;
    std::vector<uint32_t> dropped_users;
    int runs = 0;
    bool cancelled = false;  // the site has another document now
  };
  using JobPtr = std::shared_ptr<Job>;

  // What a thread brings back from the store.
  struct Findings {
    Status status;
    LoginAnswer answer;
    std::optional<RoleMap> roles;  // loaded just now
    uint64_t queries = 0;
    uint64_t role_loads = 0;
  };

  static std::string JobName(const std::string& site, const std::string& key) {
    return site + '\n' + key;
  }

  static std::vector<Done> One(Done done) {
    std::vector<Done> one;
    one.push_back(std::move(done));
    return one;
  }

  SiteState& StateOf(const std::shared_ptr<const SiteLogin>& site) {
    const auto found = sites_.find(site->key);
    if (found != sites_.end()) {
      if (found->second.login == site) return found->second;
      Forget(site->key);
    }
    return sites_[site->key] = SiteState{site, ++epochs_, {}};
  }

  // All that an older document told us. Look-ups by it are answered with
  // kUnavailable: whoever asks again asks by the new one. Connections go with
  // the epoch.
  void Forget(const std::string& site) {
    sites_.erase(site);
    cache_.DropSite(site);
    std::erase_if(jobs_, [&](const auto& entry) {
      if (entry.second->site->key != site) return false;
      entry.second->cancelled = true;
      return true;
    });
  }

  IdentityPtr AnonymousFor(const SiteLogin& site, RoleBook* roles,
                           std::string_view why, std::string key) {
    IdentityPtr common = roles->Anonymous(site);
    if (why == common->reason && key.empty()) return common;
    Identity own = *common;
    own.reason = why;
    own.session_key = std::move(key);
    return std::make_shared<const Identity>(std::move(own));
  }

  void Enqueue(std::unique_lock<std::mutex>* lock,
               std::shared_ptr<const SiteLogin> site, Claim claim,
               const std::string& key, bool secure, Done done) {
    const std::string name = JobName(site->key, key);
    const auto running = jobs_.find(name);
    if (running != jobs_.end()) {
      if (!done) return;
      ++stats_.coalesced;
      running->second->waiting.push_back(std::move(done));
      return;
    }
    if (queue_.size() >= options_.queue_limit) {
      if (!done) return;
      ++stats_.unavailable;
      return Deliver(lock, One(std::move(done)),
                     Unavailable("too many look-ups are waiting"));
    }
    auto job = std::make_shared<Job>();
    job->site = std::move(site);
    job->claim = std::move(claim);
    job->key = key;
    job->secure = secure;
    if (done) job->waiting.push_back(std::move(done));
    jobs_.emplace(name, job);
    queue_.push_back(std::move(job));
    lock->unlock();
    wake_.notify_one();
  }

  // Marks every look-up of the site as outdated.
  void Overtake(std::string_view site) {
    for (auto& [name, job] : jobs_) {
      if (job->site->key == site) job->dirty = true;
    }
  }

  // Calls back, unlocked. Until that is done, notices wait.
  void Deliver(std::unique_lock<std::mutex>* lock, std::vector<Done> waiting,
               Result<IdentityPtr> result) {
    const uint64_t ticket = ++tickets_;
    delivering_.insert(ticket);
    lock->unlock();
    const bool outer = std::exchange(inside_delivery, true);
    for (Done& done : waiting) done(result);
    inside_delivery = outer;
    lock->lock();
    delivering_.erase(ticket);
    delivered_.notify_all();
  }

  // What was read before a notice may be in the hands of another thread that
  // is calling back with it. The notice returns only when that is over, so
  // that whoever gave it can then end the session it missed.
  void AwaitDeliveries(std::unique_lock<std::mutex>* lock) {
    if (inside_delivery) return;
    const uint64_t last = tickets_;
    delivered_.wait(*lock, [&] {
      return delivering_.empty() || *delivering_.begin() > last;
    });
  }

  void Work() {
    ConnectionSet connections(options_.connections_per_thread, open_);
    std::unique_lock lock(mutex_);
    while (true) {
      const auto ready = [this] { return stopping_ || !queue_.empty(); };
      if (connections.empty()) {
        wake_.wait(lock, ready);
      } else if (!wake_.wait_for(lock, std::chrono::seconds(30), ready)) {
        connections.CloseIdle();
        continue;
      }
      if (stopping_) return;
      const JobPtr job = std::move(queue_.front());
      queue_.pop_front();
      if (job->cancelled) {
        Finish(&lock, job, Findings());
        continue;
      }
      job->dirty = false;
      job->dropped_users.clear();
      ++job->runs;
      SiteState& state = StateOf(job->site);
      const uint64_t epoch = state.epoch;
      const bool roles = state.roles.Ready(job->site, clock_->monotonic_ms());
      lock.unlock();
      Findings findings = Ask(*job, epoch, !roles, &connections);
      lock.lock();
      Finish(&lock, job, std::move(findings));
    }
  }

  Findings Ask(const Job& job, uint64_t epoch, bool want_roles,
               ConnectionSet* connections) const {
    Findings findings;
    for (int attempt = 0; attempt < 2; ++attempt) {
      auto lease = connections->Take(*job.site, epoch);
      if (!lease) {
        findings.status = Unavailable(lease.error().message);
        return findings;
      }
      findings.status = AskOnce(job, want_roles, lease->database, &findings);
      if (findings.status.ok()) return findings;
      connections->Close(job.site->key);
      if (!lease->reused) return findings;
    }
    return findings;
  }

  static Status AskOnce(const Job& job, bool want_roles, Database* database,
                        Findings* findings) {
    if (!job.key.empty()) {
      LoginReader reader(*job.site, database, &findings->queries);
      auto answer = reader.Login(job.claim.key, job.secure);
      if (!answer) return answer.error();
      findings->answer = std::move(*answer);
    }
    if (want_roles) {
      LoginReader reader(*job.site, database, &findings->role_loads);
      auto roles = reader.Roles();
      if (!roles) return roles.error();
      findings->roles = std::move(*roles);
    }
    return Status();
  }

  void Finish(std::unique_lock<std::mutex>* lock, const JobPtr& job,
              Findings findings) {
    stats_.queries += findings.queries;
    stats_.role_loads += findings.role_loads;
    std::vector<Done> waiting = std::move(job->waiting);
    job->waiting.clear();
    if (job->cancelled) {
      stats_.unavailable += waiting.size();
      return Deliver(lock, std::move(waiting),
                     Unavailable("the site has changed its document"));
    }
    const bool outdated = Outdated(*job, findings);
    if (outdated && job->runs < kMaxRuns && !stopping_) {
      ++stats_.reruns;
      job->waiting = std::move(waiting);
      queue_.push_front(job);
      wake_.notify_one();
      return;
    }
    jobs_.erase(JobName(job->site->key, job->key));
    Result<IdentityPtr> result = outdated
                                     ? Unavailable("the login keeps changing")
                                     : Conclude(*job, std::move(findings));
    if (!result) stats_.unavailable += waiting.size();
    Deliver(lock, std::move(waiting), std::move(result));
  }

  // Did a notice come that what was found may be older than?
  static bool Outdated(const Job& job, const Findings& findings) {
    if (job.dirty) return true;
    const uint32_t subject = findings.answer.subject;
    const auto& dropped = job.dropped_users;
    return subject != 0 &&
           std::find(dropped.begin(), dropped.end(), subject) != dropped.end();
  }

  Result<IdentityPtr> Conclude(const Job& job, Findings findings) {
    if (!findings.status) return findings.status.error();
    const SiteLogin& site = *job.site;
    const int64_t now = clock_->monotonic_ms();
    // Its map was ready when the look-up began, or has been loaded by it.
    RoleBook& roles = StateOf(job.site).roles;
    if (findings.roles) {
      roles.Set(std::move(*findings.roles), now + options_.role_map_ttl_ms);
    }
    if (job.key.empty()) return AnonymousFor(site, &roles, job.claim.why, "");
    LoginAnswer& answer = findings.answer;
    const uint32_t subject = answer.subject;
    IdentityPtr identity;
    if (answer.logged_in) {
      const Grants& grants = roles.GrantsFor(answer.roles);
      identity = std::make_shared<const Identity>(
          MakeIdentity(site, std::move(answer), grants, job.claim.key));
    } else {
      identity = AnonymousFor(site, &roles, answer.why,
                              answer.stored ? job.claim.key : "");
    }
    cache_.Put(site.key, job.key, subject, identity, now);
    return identity;
  }

  const Options options_;
  const Clock* const clock_;
  const DatabaseOpener open_;

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable wake_;
  std::condition_variable delivered_;
  bool stopping_ = false;
  std::deque<JobPtr> queue_;                      // waiting, oldest first
  std::unordered_map<std::string, JobPtr> jobs_;  // waiting or running
  std::unordered_map<std::string, SiteState> sites_;
  uint64_t epochs_ = 0;
  IdentityCache cache_;
  uint64_t tickets_ = 0;
  std::set<uint64_t> delivering_;
  Stats stats_;

  std::vector<std::thread> threads_;
};

namespace {

const SystemClock& TheSystemClock() {
  static const SystemClock kClock;
  return kClock;
}

}  // namespace

IdentityService::IdentityService()
    : IdentityService(Options(), &TheSystemClock(), OpenDatabase) {}

IdentityService::IdentityService(const Options& options, const Clock* clock,
                                 DatabaseOpener open)
    : impl_(std::make_unique<Impl>(options, clock, std::move(open))) {}

IdentityService::~IdentityService() = default;

void IdentityService::Lookup(std::shared_ptr<const SiteLogin> site,
                             std::string cookie_header,
                             std::string_view page_host, bool https,
                             Done done) {
  Claim claim = ReadClaim(*site, cookie_header, page_host, https);
  impl_->Lookup(std::move(site), std::move(claim), https, std::move(done));
}

void IdentityService::Warm(std::shared_ptr<const SiteLogin> site) {
  impl_->Warm(std::move(site));
}

void IdentityService::Drop(std::string_view site,
                           std::string_view session_key) {
  impl_->Drop(site, session_key);
}

void IdentityService::DropUser(std::string_view site, uint32_t uid) {
  impl_->DropUser(site, uid);
}

void IdentityService::DropRoles(std::string_view site) {
  impl_->DropRoles(site);
}

void IdentityService::DropSite(std::string_view site) { impl_->DropSite(site); }

IdentityService::Stats IdentityService::stats() const { return impl_->stats(); }

}  // namespace rt
