// Worker's part about what changes while it runs: sites, logins, the end.
#include <algorithm>
#include <utility>

#include "base/random.h"
#include "broker/worker.h"
#include "session/session.h"

namespace rt {

namespace {
// Sessions of a worker that are looked up again at one time.
constexpr size_t kAskedAgainAtOnce = 64;
}  // namespace

void Worker::SetSites(SiteSetPtr sites, uint32_t changed_id) {
  sites_ = std::move(sites);
  const BrokerSitePtr changed = sites_->FindId(changed_id);
  sessions_.ForEach([&](Session* session) {
    if (session->site()->id != changed_id) return;
    if (changed == nullptr) {
      session->Disconnect(kDisconnectForced);
    } else {
      session->OnSiteChanged(changed->site);
    }
  });
}

void Worker::OnNotice(uint32_t site_id, const SiteNotice& notice) {
  const auto has = [](const auto& list, const auto& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
  };
  sessions_.ForEach([&](Session* session) {
    if (session->site()->id != site_id || !session->known()) return;
    const Identity& who = *session->identity();
    if (!who.session_key.empty() && has(notice.sessions, who.session_key)) {
      return session->EndLogin();
    }
    // What roles grant is looked at for all at once, by a sweep.
    if (who.account != 0 && has(notice.users, who.account)) {
      ask_again_.insert(session->id());
    }
  });
  AskAgain();
}

void Worker::AskAgain() {
  // A few at a time: a role's change concerns everyone at once, and those who
  // connect meanwhile must not find the look-ups' queue full.
  while (asking_again_ < kAskedAgainAtOnce && !ask_again_.empty()) {
    const uint64_t id = *ask_again_.begin();
    ask_again_.erase(ask_again_.begin());
    Session* session = sessions_.Find(id);
    if (session == nullptr || !session->known()) continue;
    const BrokerSitePtr site = sites_->FindId(session->site()->id);
    if (site == nullptr || site->login == nullptr) continue;
    ++asking_again_;
    const auto learn = [this, id](Result<IdentityPtr> identity) {
      PostTask([this, id, identity = std::move(identity)]() mutable {
        --asking_again_;
        Session* asked = sessions_.Find(id);
        if (asked != nullptr) asked->OnReauthenticated(std::move(identity));
        AskAgain();
      });
    };
    const Identity& who = *session->identity();
    if (session->claims() != nullptr) {
      identities_->LookupUser(site->login, who.uid, learn);
    } else {
      identities_->Recheck(site->login, who.session_key, session->https(),
                           learn);
    }
  }
}

void Worker::ForClients(const ClientSelector& which,
                        const std::function<void(Session*)>& act) {
  sessions_.ForEach([&](Session* session) {
    if (!session->connected() || session->site()->id != which.site_id) return;
    if (!which.any_user && session->identity()->user() != which.user) return;
    if (!which.session.empty() && session->name() != which.session) return;
    if (!which.client.empty() && session->client_id() != which.client) return;
    if (!which.spared.empty()) {
      const std::string client = session->client_id();
      if (std::find(which.spared.begin(), which.spared.end(), client) !=
          which.spared.end()) {
        return;
      }
    }
    act(session);
  });
}

void Worker::OnRevoked() {
  const Revocations& revoked = *shared_->revocations;
  sessions_.ForEach([&](Session* session) {
    if (!session->known()) return;
    const std::string& site = session->site()->key;
    const std::string user = session->identity()->user();
    if (revoked.IsBlocked(site, user)) {
      return session->Disconnect(kDisconnectForced);
    }
    const auto& claims = session->claims();
    if (claims != nullptr &&
        revoked.IsRevoked(site, user, claims->id, claims->issued_at_s)) {
      session->Disconnect(kDisconnectInvalidToken);
    }
  });
}

void Worker::BeginDrain() {
  draining_ = true;
  for (auto& listener : listeners_) listener->StopAccepting();
  sessions_.ForEach(
      [&](Session* session) { farewells_.push_back(session->id()); });
  // In any order, so that those who came together do not come back together.
  for (size_t i = farewells_.size(); i > 1; --i) {
    std::swap(farewells_[i - 1], farewells_[RandomBelow(i)]);
  }
  loop_->Wake();
}

void Worker::DrainSome() {
  const int64_t now_ms = loop_->clock().monotonic_ms();
  if (now_ms < next_farewell_ms_) return;
  next_farewell_ms_ = now_ms + config_->shutdown_batch_delay_ms;
  const auto batch = static_cast<size_t>(config_->shutdown_batch_size);
  for (size_t said = 0; said < batch && !farewells_.empty(); ++said) {
    Session* session = sessions_.Find(farewells_.back());
    farewells_.pop_back();
    if (session != nullptr) session->Disconnect(kDisconnectShutdown);
  }
  if (!farewells_.empty()) {
    if (config_->shutdown_batch_delay_ms == 0) loop_->Wake();
    return;
  }
  // Who came in the meantime.
  sessions_.ForEach(
      [](Session* session) { session->Disconnect(kDisconnectShutdown); });
  // Only sockets without a session are left, or none: nothing of theirs is
  // worth waiting for once the farewells are answered.
  counters_.drained = sessions_.size() == 0;
}

void Worker::CloseAll() {
  for (auto& listener : listeners_) listener->Close();
}

bool Worker::closed() const {
  return std::all_of(listeners_.begin(), listeners_.end(),
                     [](const auto& listener) { return listener->closed(); });
}

}  // namespace rt
