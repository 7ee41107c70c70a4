// Sees to it that changes made behind Drupal's back reach those who are
// connected: every `sweep_interval` it asks the sites' tables about all of a
// site's logins, each site at a time of its own and never twice at once. The
// same for changes that concern everybody, at once: what roles grant, a site's
// new document.
//
// Main thread; what workers and the identity service bring back comes on
// theirs, so it is thread-safe. Workers outlive it, and it the identity
// service's last answer.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "broker/api.h"
#include "broker/site_set.h"
#include "broker/worker.h"
#include "db/identity_service.h"

namespace rt {

class LoginSweeper {
 public:
  // `interval_ms` 0: none but those that are asked for. `wake` has OnTurn
  // called soon, from any thread.
  LoginSweeper(int64_t interval_ms, const Clock* clock,
               std::function<void()> wake);

  void set_workers(const std::vector<std::unique_ptr<Worker>>* workers,
                   IdentityService* identities) {
    workers_ = workers;
    identities_ = identities;
  }

  // Begins those that are due. Costs nothing where none is.
  void OnTurn(const SiteSet& sites);

  // As soon as possible; from the next OnTurn on.
  void Request(uint32_t site_id);

  [[nodiscard]] SweepStats stats() const;

 private:
  struct Site {
    int64_t due_ms = 0;
    bool running = false;
    bool again = false;  // asked for while it ran
    bool present = true;
  };
  // What the workers bring together.
  struct Collection;

  void FindDue(const SiteSet& sites, int64_t now_ms,
               std::vector<BrokerSitePtr>* due);
  void Collect(std::vector<BrokerSitePtr> due);
  void Sweep(Collection* collection, size_t index);
  void OnStep(uint32_t site_id, int64_t began_ms, const SweepStep& step);
  void Tell(const std::vector<SweepChange>& changes);
  [[nodiscard]] int64_t NextDue(int64_t now_ms) const;

  const int64_t interval_ms_;
  const Clock* const clock_;
  const std::function<void()> wake_;
  const std::vector<std::unique_ptr<Worker>>* workers_ = nullptr;
  IdentityService* identities_ = nullptr;

  int64_t look_ms_ = 0;  // main thread: nothing is due before
  std::atomic<bool> requested_{false};

  mutable std::mutex mutex_;  // guards all below
  std::unordered_map<uint32_t, Site> sites_;
  SweepStats stats_;
};

}  // namespace rt
