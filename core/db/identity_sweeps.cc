// Sweeps: whose step is next, and what comes of it.
#include <algorithm>
#include <utility>

#include "db/identity_service_impl.h"

namespace rt {

namespace {

// While look-ups wait, the next step of a sweep does for so long.
constexpr int64_t kSweepPauseMs = 20;

}  // namespace

void IdentityService::Impl::Sweep(std::shared_ptr<const SiteLogin> site,
                                  std::vector<SweptLogin> logins,
                                  OnSweepStep on_step) {
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

void IdentityService::Impl::OvertakeSweep(std::string_view site) {
  for (const auto& job : sweeps_) {
    if (job->site()->key == site) job->overtaken = true;
  }
}

std::deque<std::shared_ptr<SweepJob>>::const_iterator
IdentityService::Impl::NextSweep() const {
  return std::find_if(sweeps_.begin(), sweeps_.end(), [this](const auto& job) {
    return queue_.MayRun(job->site()->key);
  });
}

void IdentityService::Impl::RunSweep(std::unique_lock<std::mutex>* lock,
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

bool IdentityService::Impl::SweepWaits() const {
  return !sweeping_ && NextSweep() != sweeps_.end();
}

void IdentityService::Impl::StepSweep(std::unique_lock<std::mutex>* lock,
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
  if (!findings.status.ok()) return EndStep(lock, job->GiveUp(findings.status));
  if (!job->overtaken) return EndStep(lock, Conclude(job.get(), &findings));
  if (job->runs < kMaxRuns) return;  // asked again next
  EndStep(lock, job->GiveUpBatch(Unavailable("the logins keep changing")));
}

SweepStep IdentityService::Impl::Conclude(SweepJob* job,
                                          SweepFindings* findings) {
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

void IdentityService::Impl::DropCached(const SiteLogin& site,
                                       const Identity& who) {
  if (who.session_key.empty()) {
    return cache_.Drop(site.key, UserCacheKey(who.account));
  }
  for (const char* mark : {"", kSecureMark}) {
    cache_.Drop(site.key, who.session_key + mark);
  }
}

void IdentityService::Impl::EndStep(std::unique_lock<std::mutex>* lock,
                                    SweepStep step) {
  const auto job = sweeps_.front();
  sweeps_.pop_front();
  if (!step.last) sweeps_.push_back(job);
  stats_.swept += step.status.ok() ? step.connections : 0;
  stats_.sweep_changes += step.changes.size();
  if (!step.status.ok()) ++stats_.sweep_failures;
  gate_.Deliver(lock, [&] { job->on_step(std::move(step)); });
}

}  // namespace rt
