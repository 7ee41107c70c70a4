#include "db/login_job.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace rt {

namespace {

// Above so many users in notices during one look-up, it counts as outdated.
constexpr size_t kMaxDroppedUsers = 64;

// Is the session looked for beside the database?
bool AsksSessionStore(const LoginJob& job) {
  return job.claim.uid == 0 && !job.cache_key.empty() &&
         job.site->session_store.kind != SessionStoreConfig::Kind::kNone;
}

// `stored`: what its own store said, where that was asked.
Result<LoginAnswer> AskWho(const LoginJob& job,
                           const std::optional<SessionRead>& stored,
                           LoginReader* reader) {
  if (job.claim.uid != 0) return reader->User(job.claim.uid);
  if (stored) return reader->LoginFrom(*stored);
  return reader->Login(job.claim.stored_as(), job.secure);
}

Status AskOnce(const LoginJob& job, const std::optional<SessionRead>& stored,
               bool want_roles, Database* database, LoginFindings* findings) {
  if (!job.cache_key.empty()) {
    LoginReader reader(*job.site, database, &findings->queries);
    auto answer = AskWho(job, stored, &reader);
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

}  // namespace

void LoginJob::Begin() {
  dirty = false;
  dropped_users.clear();
  ++runs;
}

void LoginJob::NoticeUser(uint32_t uid) {
  if (dropped_users.size() >= kMaxDroppedUsers) {
    dirty = true;
  } else {
    dropped_users.push_back(uid);
  }
}

bool LoginJob::Outdates(const LoginFindings& findings) const {
  if (dirty) return true;
  const uint32_t subject = findings.answer.subject;
  return subject != 0 && std::find(dropped_users.begin(), dropped_users.end(),
                                   subject) != dropped_users.end();
}

LoginFindings AskStore(const LoginJob& job, uint64_t epoch, bool want_roles,
                       const LoginConnections& connections) {
  LoginFindings findings;
  std::optional<SessionRead> stored;
  if (AsksSessionStore(job)) {
    ++findings.queries;
    stored = connections.session_stores->Read(*job.site, epoch,
                                              job.claim.stored_as());
    if (!*stored && stored->error().code == ErrorCode::kUnavailable) {
      findings.status = stored->error();
      return findings;
    }
  }
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto lease = connections.databases->Take(*job.site, epoch);
    if (!lease) {
      findings.status = Error{ErrorCode::kUnavailable, lease.error().message};
      return findings;
    }
    findings.status =
        AskOnce(job, stored, want_roles, lease->database(), &findings);
    if (findings.status.ok()) return findings;
    lease->Fail(findings.status.error());
    if (!lease->reused()) return findings;
  }
  return findings;
}

}  // namespace rt
