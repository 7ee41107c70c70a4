#include "db/login_job.h"

#include <algorithm>
#include <utility>

namespace rt {

namespace {

// Above so many users in notices during one look-up, it counts as outdated.
constexpr size_t kMaxDroppedUsers = 64;

Status AskOnce(const LoginJob& job, bool want_roles, Database* database,
               LoginFindings* findings) {
  if (!job.cache_key.empty()) {
    LoginReader reader(*job.site, database, &findings->queries);
    auto answer = job.claim.uid != 0 ? reader.User(job.claim.uid)
                                     : reader.Login(job.claim.key, job.secure);
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
                       ConnectionSet* connections) {
  LoginFindings findings;
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto lease = connections->Take(*job.site, epoch);
    if (!lease) {
      findings.status = Error{ErrorCode::kUnavailable, lease.error().message};
      return findings;
    }
    findings.status = AskOnce(job, want_roles, lease->database, &findings);
    if (findings.status.ok()) return findings;
    connections->Close(job.site->key);
    if (!lease->reused) return findings;
  }
  return findings;
}

}  // namespace rt
