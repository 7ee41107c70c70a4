// A sweep on its way: batch after batch, each by whichever thread of the pool
// takes the next. Used under the mutex of the identity service, but for what
// says otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "db/login_job.h"
#include "db/login_sweep.h"
#include "db/role_book.h"
#include "db/sweep_batch.h"
#include "drupal/site_login.h"

namespace rt {

class SweepJob {
 public:
  SweepJob(std::shared_ptr<const SiteLogin> site,
           std::vector<SweptLogin> logins, OnSweepStep report)
      : on_step(std::move(report)),
        site_(std::move(site)),
        logins_(std::move(logins)) {}

  [[nodiscard]] const std::shared_ptr<const SiteLogin>& site() const {
    return site_;
  }

  // Asks the store for the next batch, or again for the last one. Without the
  // mutex, by one thread at a time; a connection that turns out to be dead is
  // made anew, once.
  [[nodiscard]] SweepFindings Ask(uint64_t epoch,
                                  const LoginConnections& connections);

  // The answers to the batch that Ask() asked for, by what `roles` grants now,
  // which is ready; then the next one is due. Answers of some connections that
  // were given before are to be forgotten: `dropped` has their identities.
  [[nodiscard]] SweepStep Conclude(const SweepFindings& findings,
                                   RoleBook* roles,
                                   std::vector<IdentityPtr>* dropped);
  // As Conclude, where there are no answers.
  [[nodiscard]] SweepStep GiveUpBatch(Status why);
  // All that was not asked yet.
  [[nodiscard]] SweepStep GiveUp(Status why);

  const OnSweepStep on_step;
  int runs = 0;            // of the batch
  bool overtaken = false;  // a notice came since the batch was begun
  bool cancelled = false;  // the site has another document now

 private:
  [[nodiscard]] size_t BatchEnd() const;
  // The groups from `begin` on; their halves where that is too much.
  [[nodiscard]] SweepFindings AskFor(size_t begin, size_t count,
                                     bool want_roles, uint64_t epoch,
                                     const LoginConnections& connections) const;
  [[nodiscard]] SweepFindings AskForHalves(
      size_t begin, size_t count, bool want_roles, uint64_t epoch,
      const LoginConnections& connections) const;
  // Of the groups of a batch, where a store beside the database has them.
  [[nodiscard]] Status AskSessionStore(size_t begin, size_t count,
                                       uint64_t epoch, SessionStoreSet* stores,
                                       StoredSessions* stored) const;
  SweepStep Advance(size_t end);

  const std::shared_ptr<const SiteLogin> site_;
  std::vector<SweptLogin> logins_;
  std::vector<SweptGroup> groups_;  // of logins_, made by the first Ask()
  bool grouped_ = false;
  size_t next_ = 0;  // the group where the batch begins
};

}  // namespace rt
