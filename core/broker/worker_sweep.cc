// Worker's part in the sweep: who is connected, and who of them has changed.
#include <algorithm>
#include <utility>

#include "broker/worker.h"
#include "session/session.h"

namespace rt {

namespace {
// A session's number has 48 bits.
constexpr unsigned kSessionBits = 48;
}  // namespace

WorkerId Worker::WorkerOfHandle(uint64_t handle) {
  return static_cast<WorkerId>(handle >> kSessionBits);
}

std::vector<std::vector<SweptLogin>> Worker::CollectLogins(
    const std::vector<uint32_t>& site_ids) const {
  std::vector<std::vector<SweptLogin>> logins(site_ids.size());
  sessions_.ForEach([&](Session* session) {
    if (!session->known()) return;
    const auto at =
        std::find(site_ids.begin(), site_ids.end(), session->site()->id);
    if (at == site_ids.end()) return;
    // A token may name somebody whom the site's tables do not know.
    if (!session->identity()->subject.empty()) return;
    SweptLogin login;
    login.handle = uint64_t{id_} << kSessionBits | session->id();
    login.identity = session->identity();
    login.by_token = session->claims() != nullptr;
    login.https = session->https();
    logins[static_cast<size_t>(at - site_ids.begin())].push_back(
        std::move(login));
  });
  return logins;
}

void Worker::OnSwept(const std::vector<SweepChange>& changes) {
  constexpr uint64_t kSessionMask = (uint64_t{1} << kSessionBits) - 1;
  for (const SweepChange& change : changes) {
    const uint64_t id = change.handle & kSessionMask;
    Session* session = sessions_.Find(id);
    if (session == nullptr || !session->known()) continue;
    if (change.identity != nullptr) {
      session->OnReauthenticated(change.identity);
    } else {
      ask_again_.insert(id);
    }
  }
  AskAgain();
}

}  // namespace rt
