// Look-ups: the queue, the threads that ask, and what comes of it.
#include <algorithm>
#include <chrono>
#include <optional>
#include <system_error>
#include <utility>

#include "db/identity_service_impl.h"
#include "db/login_reader.h"
#include "db/session_store_set.h"

namespace rt {

namespace {

// Session stores that a thread keeps open. Above: the idlest is closed.
constexpr size_t kStoresPerThread = 16;

}  // namespace

IdentityService::Impl::Impl(const Options& options, const Clock* clock,
                            DatabaseOpener open, SessionStoreOpener open_store)
    : options_(options),
      clock_(clock),
      connections_({.per_site = std::max<size_t>(options.connections, 1)},
                   clock, std::move(open)),
      open_store_(std::move(open_store)),
      queue_(ShareOf(options), options.queue_limit),
      cache_(options.cache_limit, options.positive_ttl_ms,
             options.negative_ttl_ms) {
  for (int i = 0; i < std::max(options_.threads, 1); ++i) {
    try {
      threads_.emplace_back([this] { Work(); });
    } catch (const std::system_error&) {
      // With those there are; with none of them there is no service.
      if (threads_.empty()) throw;
      break;
    }
  }
}

IdentityService::Impl::~Impl() {
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

size_t IdentityService::Impl::ShareOf(const Options& options) {
  const int others = std::max(options.threads - 1, 1);
  return std::clamp<size_t>(options.connections, 1,
                            static_cast<size_t>(others));
}

void IdentityService::Impl::Enqueue(std::unique_lock<std::mutex>* lock,
                                    std::shared_ptr<const SiteLogin> site,
                                    SessionClaim claim, const std::string& key,
                                    bool secure, Done done) {
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

void IdentityService::Impl::Overtake(std::string_view site) {
  for (auto& [name, job] : jobs_) {
    if (job->site->key == site) job->dirty = true;
  }
  OvertakeSweep(site);
}

void IdentityService::Impl::Deliver(std::unique_lock<std::mutex>* lock,
                                    std::vector<Done> waiting,
                                    const Result<IdentityPtr>& result) {
  gate_.Deliver(lock, [&] {
    for (Done& done : waiting) done(result);
  });
}

void IdentityService::Impl::Work() {
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

void IdentityService::Impl::RunJob(std::unique_lock<std::mutex>* lock,
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

void IdentityService::Impl::MakeRoom(const std::string& site) {
  queue_.Done(site);
  if (queue_.ready() || SweepWaits()) wake_.notify_one();
}

void IdentityService::Impl::Finish(std::unique_lock<std::mutex>* lock,
                                   const JobPtr& job, LoginFindings findings) {
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

Result<IdentityPtr> IdentityService::Impl::Conclude(const LoginJob& job,
                                                    LoginFindings findings) {
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

}  // namespace rt
