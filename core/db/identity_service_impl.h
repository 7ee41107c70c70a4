// What stands behind IdentityService: what it knows of sites and answers
// (identity_service.cc), the look-ups and their threads (identity_jobs.cc), and
// the sweeps (identity_sweeps.cc). Included by these alone.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "db/connection_set.h"
#include "db/delivery_gate.h"
#include "db/identity_cache.h"
#include "db/identity_service.h"
#include "db/job_queue.h"
#include "db/login_job.h"
#include "db/role_book.h"
#include "db/session_ids.h"
#include "db/sweep_job.h"
#include "drupal/session_claim.h"

namespace rt {

class IdentityService::Impl {
 public:
  Impl(const Options& options, const Clock* clock, DatabaseOpener open,
       SessionStoreOpener open_store);
  ~Impl();

  // As in IdentityService.
  void Lookup(std::shared_ptr<const SiteLogin> site, SessionClaim claim,
              bool https, Done done);
  void Recheck(std::shared_ptr<const SiteLogin> site, const std::string& key,
               bool https, Done done);
  void LookupUser(std::shared_ptr<const SiteLogin> site, uint32_t uid,
                  Done done);
  void Sweep(std::shared_ptr<const SiteLogin> site,
             std::vector<SweptLogin> logins, OnSweepStep on_step);
  void Warm(std::shared_ptr<const SiteLogin> site);
  void Drop(std::string_view site, std::string_view session_key);
  void DropUser(std::string_view site, uint32_t uid);
  void DropRoles(std::string_view site);
  void DropSite(std::string_view site);
  void Expire();
  Health HealthOf(std::string_view site) const;
  Stats stats() const;

 private:
  struct SiteState {
    std::shared_ptr<const SiteLogin> login;  // what all of it was read by
    uint64_t epoch = 0;
    RoleBook roles;
    Health health;
  };

  using JobPtr = JobQueue::JobPtr;

  // A look-up or a sweep's step that notices overtake again and again is given
  // up.
  static constexpr int kMaxRuns = 8;
  // 7 keeps the sessions of https in a column of their own: other keys.
  static constexpr char kSecureMark[] = "\nhttps";
  // No session has such a key.
  static std::string UserCacheKey(uint32_t uid);
  static Error Unavailable(std::string why);

  // --- identity_service.cc ---

  static std::string JobName(const std::string& site, const std::string& key);
  static std::vector<Done> One(Done done);
  SiteState& StateOf(const std::shared_ptr<const SiteLogin>& site);
  // All that an older document told us. Look-ups by it are answered with
  // kUnavailable: whoever asks again asks by the new one. Connections go with
  // the epoch.
  void Forget(const std::string& site);
  IdentityPtr AnonymousFor(const SiteLogin& site, RoleBook* roles,
                           std::string_view why, std::string key,
                           uint32_t account = 0, SessionIds::Id id = nullptr);
  static IdentityPtr WithoutDatabase(
      const std::shared_ptr<const SiteLogin>& site, uint32_t uid,
      RoleBook* roles, int64_t now);

  // --- identity_jobs.cc ---

  // The threads that one site may have.
  static size_t ShareOf(const Options& options);
  void Enqueue(std::unique_lock<std::mutex>* lock,
               std::shared_ptr<const SiteLogin> site, SessionClaim claim,
               const std::string& key, bool secure, Done done);
  // Marks every look-up of the site as outdated.
  void Overtake(std::string_view site);
  // Calls back, unlocked. Until that is done, notices wait.
  void Deliver(std::unique_lock<std::mutex>* lock, std::vector<Done> waiting,
               const Result<IdentityPtr>& result);
  // What a thread does.
  void Work();
  void RunJob(std::unique_lock<std::mutex>* lock,
              const LoginConnections& connections);
  // What else waits of the site may have waited for this.
  void MakeRoom(const std::string& site);
  void Finish(std::unique_lock<std::mutex>* lock, const JobPtr& job,
              LoginFindings findings);
  Result<IdentityPtr> Conclude(const LoginJob& job, LoginFindings findings);

  // --- identity_sweeps.cc ---

  void OvertakeSweep(std::string_view site);
  // The first sweep whose site has a thread left to it.
  [[nodiscard]] std::deque<std::shared_ptr<SweepJob>>::const_iterator
  NextSweep() const;
  [[nodiscard]] bool SweepWaits() const;
  void RunSweep(std::unique_lock<std::mutex>* lock,
                const LoginConnections& connections);
  // One batch of the sweep in front, which then goes behind the others.
  void StepSweep(std::unique_lock<std::mutex>* lock,
                 const LoginConnections& connections);
  SweepStep Conclude(SweepJob* job, SweepFindings* findings);
  void DropCached(const SiteLogin& site, const Identity& who);
  // Of the sweep in front.
  void EndStep(std::unique_lock<std::mutex>* lock, SweepStep step);

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

}  // namespace rt
