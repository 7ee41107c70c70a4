#include "db/sweep_job.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rt {

namespace {

// Who it is by an answer and what its roles grant. Null where that is no other
// than `known`.
IdentityPtr Changed(const SiteLogin& site, const LoginAnswer& answer,
                    const std::string& key, const Identity& known,
                    RoleBook* roles) {
  Identity now;
  if (answer.logged_in) {
    now = MakeIdentity(site, answer, roles->GrantsFor(answer.roles), key);
  } else {
    now = MakeAnonymous(roles->GrantsFor({AnonymousRole(site.schema)}),
                        answer.why, answer.stored ? key : std::string(),
                        answer.subject);
  }
  if (now.SameAs(known)) return nullptr;
  if (!now.session_key.empty()) now.session_id = known.session_id;
  return std::make_shared<const Identity>(std::move(now));
}

}  // namespace

size_t SweepJob::BatchEnd() const {
  return std::min(groups_.size(), next_ + SweepBatch::kMaxGroups);
}

SweepFindings SweepJob::Ask(uint64_t epoch,
                            const LoginConnections& connections) {
  if (!std::exchange(grouped_, true)) groups_ = GroupLogins(*site_, &logins_);
  // The map comes with the first batch, unless the document has it.
  const bool readable = DatabaseRefused(*site_).ok();
  const bool want_roles = next_ == 0 && !site_->roles.has_value() && readable;
  const size_t count = BatchEnd() - next_;
  if (!readable) {
    return SweepBatch(*site_, groups_.data() + next_, count, false)
        .Ask(nullptr);
  }
  return AskFor(next_, count, want_roles, epoch, connections);
}

SweepFindings SweepJob::AskFor(size_t begin, size_t count, bool want_roles,
                               uint64_t epoch,
                               const LoginConnections& connections) const {
  SweepFindings findings;
  const bool beside =
      site_->session_store.kind != SessionStoreConfig::Kind::kNone &&
      NativeLoginRefused(*site_).ok();
  StoredSessions stored;
  if (beside) {
    findings.status = AskSessionStore(begin, count, epoch,
                                      connections.session_stores, &stored);
    if (!findings.status.ok()) return findings;
  }
  const SweepBatch batch(*site_, groups_.data() + begin, count, want_roles,
                         beside ? &stored : nullptr);
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto lease = connections.databases->Take(*site_, epoch);
    if (!lease) {
      findings.status = Error{ErrorCode::kUnavailable, lease.error().message};
      return findings;
    }
    findings = batch.Ask(lease->database());
    if (findings.status.ok()) return findings;
    const Error& error = findings.status.error();
    if (error.code != ErrorCode::kUnavailable) break;
    lease->Fail(error);
    if (!lease->reused()) return findings;
  }
  if (findings.status.error().code == ErrorCode::kUnavailable) return findings;
  return AskForHalves(begin, count, want_roles, epoch, connections);
}

Status SweepJob::AskSessionStore(size_t begin, size_t count, uint64_t epoch,
                                 SessionStoreSet* stores,
                                 StoredSessions* stored) const {
  std::vector<std::string> names;  // to the store, and to us
  std::vector<std::string> keys;
  for (size_t i = begin; i < begin + count; ++i) {
    const SweptGroup& group = groups_[i];
    if (group.by_token() || group.keyless()) continue;
    const std::string* name = group.stored_as(*site_);
    if (name == nullptr) continue;
    names.push_back(*name);
    keys.push_back(group.who().session_key);
  }
  if (names.empty()) return Status();
  auto reads = stores->ReadAll(*site_, epoch, names);
  if (!reads) return Error{ErrorCode::kUnavailable, reads.error().message};
  for (size_t i = 0; i < keys.size(); ++i) {
    stored->insert_or_assign(std::move(keys[i]), std::move((*reads)[i]));
  }
  return Status();
}

SweepFindings SweepJob::AskForHalves(
    size_t begin, size_t count, bool want_roles, uint64_t epoch,
    const LoginConnections& connections) const {
  SweepFindings findings;
  if (count == 1) {
    findings.answers.emplace_back();  // a look-up knows what to say of it
    findings.queries = 1;
    return findings;
  }
  const size_t half = count / 2;
  findings = AskFor(begin, half, want_roles, epoch, connections);
  ++findings.queries;
  if (!findings.status.ok()) return findings;
  SweepFindings rest =
      AskFor(begin + half, count - half, false, epoch, connections);
  findings.queries += rest.queries;
  findings.status = std::move(rest.status);
  std::move(rest.answers.begin(), rest.answers.end(),
            std::back_inserter(findings.answers));
  return findings;
}

SweepStep SweepJob::Conclude(const SweepFindings& findings, RoleBook* roles,
                             std::vector<IdentityPtr>* dropped) {
  const size_t begin = next_;
  SweepStep step = Advance(BatchEnd());
  for (size_t i = begin; i < next_; ++i) {
    const SweptGroup& group = groups_[i];
    const SweepFindings::Answer& answer = findings.answers[i - begin];
    // Those of a group mostly share what they are, too.
    const Identity* known = nullptr;
    IdentityPtr now;
    for (auto login = group.begin; login != group.end; ++login) {
      if (answer && known != login->identity.get()) {
        known = login->identity.get();
        const std::string key =
            group.by_token() ? std::string() : known->session_key;
        now = Changed(*site_, *answer, key, *known, roles);
        if (now) dropped->push_back(login->identity);
      }
      if (answer && !now) continue;
      if (!answer) dropped->push_back(login->identity);
      step.changes.push_back({login->handle, now});
    }
  }
  return step;
}

SweepStep SweepJob::GiveUpBatch(Status why) {
  SweepStep step = Advance(BatchEnd());
  step.status = std::move(why);
  return step;
}

SweepStep SweepJob::GiveUp(Status why) {
  SweepStep step;
  if (grouped_) {
    step = Advance(groups_.size());
  } else {
    step.connections = logins_.size();
    step.last = true;
  }
  step.status = std::move(why);
  return step;
}

SweepStep SweepJob::Advance(size_t end) {
  SweepStep step;
  for (size_t i = next_; i < end; ++i) {
    step.connections += static_cast<size_t>(groups_[i].end - groups_[i].begin);
  }
  next_ = end;
  step.last = next_ == groups_.size();
  runs = 0;
  overtaken = false;
  return step;
}

}  // namespace rt
