#include "db/identity_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "db/connection_set.h"
#include "db/delivery_gate.h"
#include "db/identity_cache.h"
#include "db/job_queue.h"
#include "db/login_job.h"
#include "db/login_reader.h"
#include "db/role_book.h"
#include "db/session_ids.h"
#include "db/session_store_set.h"
#include "db/sweep_job.h"
#include "drupal/session_claim.h"

namespace rt {

namespace {

// A look-up that notices overtake again and again is given up.
constexpr int kMaxRuns = 8;

// Session stores that a thread keeps open. Above: the idlest is closed.
constexpr size_t kStoresPerThread = 16;

// While look-ups wait, the next step of a sweep does for so long.
constexpr int64_t kSweepPauseMs = 20;

// 7 keeps the sessions of https in a column of their own: other keys.
constexpr char kSecureMark[] = "\nhttps";

// No session has such a key.
std::string UserCacheKey(uint32_t uid) { return fmt::format("uid\n{}", uid); }

Error Unavailable(std::string why) {
  return {ErrorCode::kUnavailable, std::move(why)};
}

}  // namespace

class IdentityService::Impl {
 public:
  Impl(const Options& options, const Clock* clock, DatabaseOpener open,
       SessionStoreOpener open_store)
      : options_(options),
        clock_(clock),
        connections_({.per_site = std::max<size_t>(options.connections, 1)},
                     clock, std::move(open)),
        open_store_(std::move(open_store)),
        queue_(ShareOf(options), options.queue_limit),
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
    while (queue_.size() > 0) {
      for (Done& done : queue_.TakeAny()->waiting) {
        done(Unavailable("the broker is stopping"));
      }
    }
    for (const auto& job : sweeps_) {
      job->on_step(job->GiveUp(Unavailable("the broker is stopping")));
    }
  }

  void Lookup(std::shared_ptr<const SiteLogin> site, SessionClaim claim,
              bool https, Done done) {
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
    const bool secure = site->schema == 7 && https && !claim.key.empty();
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

  void Recheck(std::shared_ptr<const SiteLogin> site, const std::string& key,
               bool https, Done done) {
    SessionClaim claim{key, "no cookie", 0};
    if (!key.empty() && FindsSessionsById(*site)) {
      std::unique_lock lock(mutex_);
      claim.id = ids_.Find(site->key, key);
      if (claim.id == nullptr) {
        return Deliver(&lock, One(std::move(done)),
                       Error{ErrorCode::kDenied,
                             "the session's id is not known any more"});
      }
    }
    Lookup(std::move(site), std::move(claim), https, std::move(done));
  }

  void LookupUser(std::shared_ptr<const SiteLogin> site, uint32_t uid,
                  Done done) {
    if (uid == 0 && DatabaseRefused(*site).ok()) {
      return Lookup(std::move(site), SessionClaim{"", "anonymous by token", 0},
                    false, std::move(done));
    }
    std::unique_lock lock(mutex_);
    ++stats_.lookups;
    RoleBook& roles = StateOf(site).roles;
    const int64_t now = clock_->monotonic_ms();
    if (!DatabaseRefused(*site).ok()) {
      return Deliver(&lock, One(std::move(done)),
                     WithoutDatabase(site, uid, &roles, now));
    }
    const std::string key = UserCacheKey(uid);
    if (IdentityPtr known = cache_.Find(site->key, key, now)) {
      ++stats_.cache_hits;
      return Deliver(&lock, One(std::move(done)), std::move(known));
    }
    Enqueue(&lock, std::move(site), SessionClaim{"", "", uid}, key, false,
            std::move(done));
  }

  void Sweep(std::shared_ptr<const SiteLogin> site,
             std::vector<SweptLogin> logins, OnSweepStep on_step) {
    std::unique_lock lock(mutex_);
    auto job = std::make_shared<SweepJob>(std::move(site), std::move(logins),
                                          std::move(on_step));
    // Who was connected by another document is looked at in its own sweep.
    const auto state = sites_.find(job->site()->key);
    if (state != sites_.end() && state->second.login != job->site()) {
      job->cancelled = true;
    } else {
      StateOf(job->site());
    }
    sweeps_.push_back(std::move(job));
    lock.unlock();
    wake_.notify_one();
  }

  void Warm(std::shared_ptr<const SiteLogin> site) {
    std::unique_lock lock(mutex_);
    RoleBook& roles = StateOf(site).roles;
    if (roles.Ready(site, clock_->monotonic_ms())) return;
    Enqueue(&lock, std::move(site), SessionClaim{"", "no cookie", 0}, "", false,
            nullptr);
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
    OvertakeSweep(site);
    gate_.Await(&lock);
  }

  void DropUser(std::string_view site, uint32_t uid) {
    std::unique_lock lock(mutex_);
    cache_.DropUser(std::string(site), uid);
    for (auto& [name, job] : jobs_) {
      if (job->site->key == site) job->NoticeUser(uid);
    }
    OvertakeSweep(site);
    gate_.Await(&lock);
  }

  void DropRoles(std::string_view site) {
    std::unique_lock lock(mutex_);
    const std::string of(site);
    const auto state = sites_.find(of);
    if (state != sites_.end()) state->second.roles.Clear();
    cache_.DropSite(of);
    Overtake(site);
    gate_.Await(&lock);
  }

  void DropSite(std::string_view site) {
    std::unique_lock lock(mutex_);
    Forget(std::string(site));
    gate_.Await(&lock);
  }

  void Expire() {
    connections_.CloseIdle();
    const std::lock_guard lock(mutex_);
    cache_.Expire(clock_->monotonic_ms());
  }

  Health HealthOf(std::string_view site) const {
    const std::lock_guard lock(mutex_);
    const auto state = sites_.find(std::string(site));
    return state == sites_.end() ? Health() : state->second.health;
  }

  Stats stats() const {
    const std::lock_guard lock(mutex_);
    Stats stats = stats_;
    stats.connections = connections_.stats();
    return stats;
  }

 private:
  struct SiteState {
    std::shared_ptr<const SiteLogin> login;  // what all of it was read by
    uint64_t epoch = 0;
    RoleBook roles;
    Health health;
  };

  using JobPtr = JobQueue::JobPtr;

  // The threads that one site may have.
  static size_t ShareOf(const Options& options) {
    const int others = std::max(options.threads - 1, 1);
    return std::clamp<size_t>(options.connections, 1,
                              static_cast<size_t>(others));
  }

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
    return sites_[site->key] = SiteState{site, ++epochs_, {}, {}};
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
    for (const auto& job : sweeps_) {
      if (job->site()->key == site) job->cancelled = true;
    }
  }

  IdentityPtr AnonymousFor(const SiteLogin& site, RoleBook* roles,
                           std::string_view why, std::string key,
                           uint32_t account = 0, SessionIds::Id id = nullptr) {
    IdentityPtr common = roles->Anonymous(site);
    if (why == common->reason && key.empty()) return common;
    Identity own = *common;
    own.account = account;
    own.reason = why;
    own.session_key = std::move(key);
    own.session_id = std::move(id);
    return std::make_shared<const Identity>(std::move(own));
  }

  static IdentityPtr WithoutDatabase(
      const std::shared_ptr<const SiteLogin>& site, uint32_t uid,
      RoleBook* roles, int64_t now) {
    Identity identity;
    identity.uid = identity.account = uid;
    if (roles->Ready(site, now)) {
      if (uid == 0) return roles->Anonymous(*site);
      const Grants& grants = roles->GrantsFor(RolesOfUser(site->schema, {}));
      identity.roles = grants.roles;
      identity.admin = grants.admin || (site->super_user && uid == 1);
      identity.permissions = grants.permissions;
    }
    return std::make_shared<const Identity>(std::move(identity));
  }

  void Enqueue(std::unique_lock<std::mutex>* lock,
               std::shared_ptr<const SiteLogin> site, SessionClaim claim,
               const std::string& key, bool secure, Done done) {
    const std::string name = JobName(site->key, key);
    const auto running = jobs_.find(name);
    if (running != jobs_.end()) {
      if (!done) return;
      ++stats_.coalesced;
      running->second->waiting.push_back(std::move(done));
      return;
    }
    if (auto refusal = connections_.Refusal(site->key)) {
      if (!done) return;
      ++stats_.unavailable;
      return Deliver(lock, One(std::move(done)), *std::move(refusal));
    }
    if (!queue_.HasRoom(site->key)) {
      if (!done) return;
      ++stats_.unavailable;
      return Deliver(lock, One(std::move(done)),
                     Unavailable("too many look-ups are waiting"));
    }
    auto job = std::make_shared<LoginJob>();
    job->site = std::move(site);
    job->claim = std::move(claim);
    job->cache_key = key;
    job->secure = secure;
    if (done) job->waiting.push_back(std::move(done));
    jobs_.emplace(name, job);
    queue_.Push(std::move(job));
    lock->unlock();
    wake_.notify_one();
  }

  // Marks every look-up of the site as outdated.
  void Overtake(std::string_view site) {
    for (auto& [name, job] : jobs_) {
      if (job->site->key == site) job->dirty = true;
    }
    OvertakeSweep(site);
  }

  void OvertakeSweep(std::string_view site) {
    for (const auto& job : sweeps_) {
      if (job->site()->key == site) job->overtaken = true;
    }
  }

  // Calls back, unlocked. Until that is done, notices wait.
  void Deliver(std::unique_lock<std::mutex>* lock, std::vector<Done> waiting,
               const Result<IdentityPtr>& result) {
    gate_.Deliver(lock, [&] {
      for (Done& done : waiting) done(result);
    });
  }

  void Work() {
    SessionStoreSet stores(kStoresPerThread, open_store_);
    const LoginConnections connections{&connections_, &stores};
    std::unique_lock lock(mutex_);
    while (true) {
      const auto ready = [this] {
        return stopping_ || queue_.ready() || SweepWaits();
      };
      if (stores.empty()) {
        wake_.wait(lock, ready);
      } else if (!wake_.wait_for(lock, std::chrono::seconds(30), ready)) {
        stores.CloseIdle();
        continue;
      }
      if (stopping_) return;
      if (SweepWaits() &&
          (!queue_.ready() || clock_->monotonic_ms() >= next_sweep_step_ms_)) {
        RunSweep(&lock, connections);
      } else {
        RunJob(&lock, connections);
      }
    }
  }

  void RunJob(std::unique_lock<std::mutex>* lock,
              const LoginConnections& connections) {
    const JobPtr job = queue_.Take();
    LoginFindings findings;
    if (!job->cancelled) {
      job->Begin();
      SiteState& state = StateOf(job->site);
      const uint64_t epoch = state.epoch;
      const bool roles = state.roles.Ready(job->site, clock_->monotonic_ms());
      lock->unlock();
      findings = AskStore(*job, epoch, !roles, connections);
      lock->lock();
    }
    MakeRoom(job->site->key);
    Finish(lock, job, std::move(findings));
  }

  // What else waits of the site may have waited for this.
  void MakeRoom(const std::string& site) {
    queue_.Done(site);
    if (queue_.ready() || SweepWaits()) wake_.notify_one();
  }

  // The first sweep whose site has a thread left to it.
  [[nodiscard]] std::deque<std::shared_ptr<SweepJob>>::const_iterator
  NextSweep() const {
    return std::find_if(
        sweeps_.begin(), sweeps_.end(),
        [this](const auto& job) { return queue_.MayRun(job->site()->key); });
  }

  void RunSweep(std::unique_lock<std::mutex>* lock,
                const LoginConnections& connections) {
    const auto next = NextSweep();
    const std::string site = (*next)->site()->key;
    auto job = *next;
    sweeps_.erase(next);
    sweeps_.push_front(std::move(job));
    queue_.Begin(site);
    sweeping_ = true;
    StepSweep(lock, connections);
    sweeping_ = false;
    MakeRoom(site);
    wake_.notify_one();
  }

  [[nodiscard]] bool SweepWaits() const {
    return !sweeping_ && NextSweep() != sweeps_.end();
  }

  // One batch of the sweep in front, which then goes behind the others.
  void StepSweep(std::unique_lock<std::mutex>* lock,
                 const LoginConnections& connections) {
    const auto job = sweeps_.front();
    if (job->cancelled) {
      return EndStep(lock, job->GiveUp(Unavailable("another document")));
    }
    job->overtaken = false;
    ++job->runs;
    const uint64_t epoch = StateOf(job->site()).epoch;
    lock->unlock();
    SweepFindings findings = job->Ask(epoch, connections);
    lock->lock();
    next_sweep_step_ms_ = clock_->monotonic_ms() + kSweepPauseMs;
    stats_.sweep_queries += findings.queries;
    if (job->cancelled || stopping_) return;  // given up next
    Health& health = StateOf(job->site()).health;
    health.read = health.read || findings.status.ok();
    health.trouble =
        findings.status.ok() ? std::string() : findings.status.error().message;
    // A store that is away would be no less away for the next batch.
    if (!findings.status.ok())
      return EndStep(lock, job->GiveUp(findings.status));
    if (!job->overtaken) return EndStep(lock, Conclude(job.get(), &findings));
    if (job->runs < kMaxRuns) return;  // asked again next
    EndStep(lock, job->GiveUpBatch(Unavailable("the logins keep changing")));
  }

  SweepStep Conclude(SweepJob* job, SweepFindings* findings) {
    const SiteLogin& site = *job->site();
    const int64_t now = clock_->monotonic_ms();
    RoleBook& roles = StateOf(job->site()).roles;
    if (findings->roles && roles.Refresh(std::move(*findings->roles),
                                         now + options_.role_map_ttl_ms)) {
      cache_.DropSite(site.key);
    }
    // A notice about roles, right behind this sweep's first batch.
    if (!roles.Ready(job->site(), now)) {
      return job->GiveUpBatch(Unavailable("the roles have changed"));
    }
    std::vector<IdentityPtr> dropped;
    SweepStep step = job->Conclude(*findings, &roles, &dropped);
    for (const IdentityPtr& who : dropped) DropCached(site, *who);
    return step;
  }

  void DropCached(const SiteLogin& site, const Identity& who) {
    if (who.session_key.empty()) {
      return cache_.Drop(site.key, UserCacheKey(who.account));
    }
    for (const char* mark : {"", kSecureMark}) {
      cache_.Drop(site.key, who.session_key + mark);
    }
  }

  // Of the sweep in front.
  void EndStep(std::unique_lock<std::mutex>* lock, SweepStep step) {
    const auto job = sweeps_.front();
    sweeps_.pop_front();
    if (!step.last) sweeps_.push_back(job);
    stats_.swept += step.status.ok() ? step.connections : 0;
    stats_.sweep_changes += step.changes.size();
    if (!step.status.ok()) ++stats_.sweep_failures;
    gate_.Deliver(lock, [&] { job->on_step(std::move(step)); });
  }

  void Finish(std::unique_lock<std::mutex>* lock, const JobPtr& job,
              LoginFindings findings) {
    stats_.queries += findings.queries;
    stats_.role_loads += findings.role_loads;
    std::vector<Done> waiting = std::move(job->waiting);
    job->waiting.clear();
    if (job->cancelled) {
      stats_.unavailable += waiting.size();
      return Deliver(lock, std::move(waiting),
                     Unavailable("the site has changed its document"));
    }
    Health& health = StateOf(job->site).health;
    health.read = health.read || findings.status.ok();
    health.trouble =
        findings.status.ok() ? std::string() : findings.status.error().message;
    const bool outdated = job->Outdates(findings);
    if (outdated && job->runs < kMaxRuns && !stopping_) {
      ++stats_.reruns;
      job->waiting = std::move(waiting);
      queue_.PushFirst(job);
      wake_.notify_one();
      return;
    }
    jobs_.erase(JobName(job->site->key, job->cache_key));
    Result<IdentityPtr> result = outdated
                                     ? Unavailable("the login keeps changing")
                                     : Conclude(*job, std::move(findings));
    if (!result) stats_.unavailable += waiting.size();
    Deliver(lock, std::move(waiting), result);
  }

  Result<IdentityPtr> Conclude(const LoginJob& job, LoginFindings findings) {
    if (!findings.status) return findings.status.error();
    const SiteLogin& site = *job.site;
    const int64_t now = clock_->monotonic_ms();
    // Its map was ready when the look-up began, or has been loaded by it.
    RoleBook& roles = StateOf(job.site).roles;
    if (findings.roles) {
      roles.Set(std::move(*findings.roles), now + options_.role_map_ttl_ms);
    }
    if (job.cache_key.empty()) {
      return AnonymousFor(site, &roles, job.claim.why, "");
    }
    LoginAnswer& answer = findings.answer;
    const uint32_t subject = answer.subject;
    SessionIds::Id id;
    if (job.claim.id != nullptr && (answer.logged_in || answer.stored)) {
      id = ids_.Keep(site.key, job.claim.key, job.claim.id);
    }
    IdentityPtr identity;
    if (answer.logged_in) {
      const Grants& grants = roles.GrantsFor(answer.roles);
      Identity user =
          MakeIdentity(site, std::move(answer), grants, job.claim.key);
      user.session_id = std::move(id);
      identity = std::make_shared<const Identity>(std::move(user));
    } else {
      identity = AnonymousFor(site, &roles, answer.why,
                              answer.stored ? job.claim.key : "", subject,
                              std::move(id));
    }
    cache_.Put(site.key, job.cache_key, subject, identity, now);
    return identity;
  }

  const Options options_;
  const Clock* const clock_;
  ConnectionSet connections_;
  const SessionStoreOpener open_store_;

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable wake_;
  bool stopping_ = false;
  JobQueue queue_;                                // those that wait
  std::unordered_map<std::string, JobPtr> jobs_;  // waiting or running
  std::deque<std::shared_ptr<SweepJob>> sweeps_;  // one of a site, mostly
  bool sweeping_ = false;  // the front one's step is on its way, or told
  int64_t next_sweep_step_ms_ = 0;
  std::unordered_map<std::string, SiteState> sites_;
  uint64_t epochs_ = 0;
  IdentityCache cache_;
  SessionIds ids_;
  DeliveryGate gate_;
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
                                 DatabaseOpener open,
                                 SessionStoreOpener open_store)
    : impl_(std::make_unique<Impl>(options, clock, std::move(open),
                                   std::move(open_store))) {}

IdentityService::~IdentityService() = default;

void IdentityService::Lookup(std::shared_ptr<const SiteLogin> site,
                             std::string cookie_header,
                             std::string_view page_host, bool https,
                             Done done) {
  SessionClaim claim = ReadSessionClaim(*site, cookie_header, page_host, https);
  impl_->Lookup(std::move(site), std::move(claim), https, std::move(done));
}

void IdentityService::Recheck(std::shared_ptr<const SiteLogin> site,
                              const std::string& session_key, bool https,
                              Done done) {
  impl_->Recheck(std::move(site), session_key, https, std::move(done));
}

void IdentityService::LookupUser(std::shared_ptr<const SiteLogin> site,
                                 uint32_t uid, Done done) {
  impl_->LookupUser(std::move(site), uid, std::move(done));
}

IdentityService::Health IdentityService::HealthOf(std::string_view site) const {
  return impl_->HealthOf(site);
}

void IdentityService::Probe(std::shared_ptr<const SiteLogin> site) {
  if (!DatabaseRefused(*site).ok()) return;
  // Any account will do, and there is one of this number.
  LookupUser(std::move(site), 1, [](const Result<IdentityPtr>&) {});
}

void IdentityService::Sweep(std::shared_ptr<const SiteLogin> site,
                            std::vector<SweptLogin> logins,
                            OnSweepStep on_step) {
  impl_->Sweep(std::move(site), std::move(logins), std::move(on_step));
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

void IdentityService::Expire() { impl_->Expire(); }

IdentityService::Stats IdentityService::stats() const { return impl_->stats(); }

}  // namespace rt
