#include "db/identity_service.h"

#include <fmt/format.h>

#include <utility>

#include "db/identity_service_impl.h"

namespace rt {

std::string IdentityService::Impl::UserCacheKey(uint32_t uid) {
  return fmt::format("uid\n{}", uid);
}

Error IdentityService::Impl::Unavailable(std::string why) {
  return {ErrorCode::kUnavailable, std::move(why)};
}

void IdentityService::Impl::Lookup(std::shared_ptr<const SiteLogin> site,
                                   SessionClaim claim, bool https, Done done) {
  std::unique_lock lock(mutex_);
  ++stats_.lookups;
  StateOf(site);  // an older document's answers go
  const int64_t now = clock_->monotonic_ms();
  if (claim.key.empty()) {
    RoleBook& roles = StateOf(site).roles;
    if (roles.Ready(site, now)) {
      ++stats_.cache_hits;
      const auto who = AnonymousFor(*site, &roles, claim.why, "");
      return Deliver(&lock, One(std::move(done)), who);
    }
  } else {
    if (Status refused = NativeLoginRefused(*site); !refused) {
      return Deliver(&lock, One(std::move(done)), refused.error());
    }
  }
  const bool secure = site->schema == 7 && https && !claim.key.empty();
  const std::string key = claim.key + (secure ? kSecureMark : "");
  if (!claim.key.empty()) {
    if (IdentityPtr known = cache_.Find(site->key, key, now)) {
      ++stats_.cache_hits;
      return Deliver(&lock, One(std::move(done)), std::move(known));
    }
  }
  Enqueue(&lock, std::move(site), std::move(claim), key, secure,
          std::move(done));
}

void IdentityService::Impl::Recheck(std::shared_ptr<const SiteLogin> site,
                                    const std::string& key, bool https,
                                    Done done) {
  SessionClaim claim{key, "no cookie", 0};
  if (!key.empty() && FindsSessionsById(*site)) {
    std::unique_lock lock(mutex_);
    claim.id = ids_.Find(site->key, key);
    if (claim.id == nullptr) {
      return Deliver(
          &lock, One(std::move(done)),
          Error{ErrorCode::kDenied, "the session's id is not known any more"});
    }
  }
  Lookup(std::move(site), std::move(claim), https, std::move(done));
}

void IdentityService::Impl::LookupUser(std::shared_ptr<const SiteLogin> site,
                                       uint32_t uid, Done done) {
  if (uid == 0 && DatabaseRefused(*site).ok()) {
    return Lookup(std::move(site), SessionClaim{"", "anonymous by token", 0},
                  false, std::move(done));
  }
  std::unique_lock lock(mutex_);
  ++stats_.lookups;
  RoleBook& roles = StateOf(site).roles;
  const int64_t now = clock_->monotonic_ms();
  if (!DatabaseRefused(*site).ok()) {
    return Deliver(&lock, One(std::move(done)),
                   WithoutDatabase(site, uid, &roles, now));
  }
  const std::string key = UserCacheKey(uid);
  if (IdentityPtr known = cache_.Find(site->key, key, now)) {
    ++stats_.cache_hits;
    return Deliver(&lock, One(std::move(done)), std::move(known));
  }
  Enqueue(&lock, std::move(site), SessionClaim{"", "", uid}, key, false,
          std::move(done));
}

void IdentityService::Impl::Warm(std::shared_ptr<const SiteLogin> site) {
  std::unique_lock lock(mutex_);
  RoleBook& roles = StateOf(site).roles;
  if (roles.Ready(site, clock_->monotonic_ms())) return;
  Enqueue(&lock, std::move(site), SessionClaim{"", "no cookie", 0}, "", false,
          nullptr);
}

void IdentityService::Impl::Drop(std::string_view site,
                                 std::string_view session_key) {
  std::unique_lock lock(mutex_);
  const std::string of(site);
  for (const char* mark : {"", kSecureMark}) {
    const std::string key = std::string(session_key) + mark;
    cache_.Drop(of, key);
    const auto job = jobs_.find(JobName(of, key));
    if (job != jobs_.end()) job->second->dirty = true;
  }
  OvertakeSweep(site);
  gate_.Await(&lock);
}

void IdentityService::Impl::DropUser(std::string_view site, uint32_t uid) {
  std::unique_lock lock(mutex_);
  cache_.DropUser(std::string(site), uid);
  for (auto& [name, job] : jobs_) {
    if (job->site->key == site) job->NoticeUser(uid);
  }
  OvertakeSweep(site);
  gate_.Await(&lock);
}

void IdentityService::Impl::DropRoles(std::string_view site) {
  std::unique_lock lock(mutex_);
  const std::string of(site);
  const auto state = sites_.find(of);
  if (state != sites_.end()) state->second.roles.Clear();
  cache_.DropSite(of);
  Overtake(site);
  gate_.Await(&lock);
}

void IdentityService::Impl::DropSite(std::string_view site) {
  std::unique_lock lock(mutex_);
  Forget(std::string(site));
  gate_.Await(&lock);
}

void IdentityService::Impl::Expire() {
  connections_.CloseIdle();
  const std::lock_guard lock(mutex_);
  cache_.Expire(clock_->monotonic_ms());
}

IdentityService::Health IdentityService::Impl::HealthOf(
    std::string_view site) const {
  const std::lock_guard lock(mutex_);
  const auto state = sites_.find(std::string(site));
  return state == sites_.end() ? Health() : state->second.health;
}

IdentityService::Stats IdentityService::Impl::stats() const {
  const std::lock_guard lock(mutex_);
  Stats stats = stats_;
  stats.connections = connections_.stats();
  return stats;
}

std::string IdentityService::Impl::JobName(const std::string& site,
                                           const std::string& key) {
  return site + '\n' + key;
}

std::vector<IdentityService::Done> IdentityService::Impl::One(Done done) {
  std::vector<Done> one;
  one.push_back(std::move(done));
  return one;
}

IdentityService::Impl::SiteState& IdentityService::Impl::StateOf(
    const std::shared_ptr<const SiteLogin>& site) {
  const auto found = sites_.find(site->key);
  if (found != sites_.end()) {
    if (found->second.login == site) return found->second;
    Forget(site->key);
  }
  return sites_[site->key] = SiteState{site, ++epochs_, {}, {}};
}

void IdentityService::Impl::Forget(const std::string& site) {
  sites_.erase(site);
  cache_.DropSite(site);
  std::erase_if(jobs_, [&](const auto& entry) {
    if (entry.second->site->key != site) return false;
    entry.second->cancelled = true;
    return true;
  });
  for (const auto& job : sweeps_) {
    if (job->site()->key == site) job->cancelled = true;
  }
}

IdentityPtr IdentityService::Impl::AnonymousFor(
    const SiteLogin& site, RoleBook* roles, std::string_view why,
    std::string key, uint32_t account, SessionIds::Id id) {
  IdentityPtr common = roles->Anonymous(site);
  if (why == common->reason && key.empty()) return common;
  Identity own = *common;
  own.account = account;
  own.reason = why;
  own.session_key = std::move(key);
  own.session_id = std::move(id);
  return std::make_shared<const Identity>(std::move(own));
}

IdentityPtr IdentityService::Impl::WithoutDatabase(
    const std::shared_ptr<const SiteLogin>& site, uint32_t uid, RoleBook* roles,
    int64_t now) {
  Identity identity;
  identity.uid = identity.account = uid;
  if (roles->Ready(site, now)) {
    if (uid == 0) return roles->Anonymous(*site);
    const Grants& grants = roles->GrantsFor(RolesOfUser(site->schema, {}));
    identity.roles = grants.roles;
    identity.admin = grants.admin || (site->super_user && uid == 1);
    identity.permissions = grants.permissions;
  }
  return std::make_shared<const Identity>(std::move(identity));
}

namespace {

const SystemClock& TheSystemClock() {
  static const SystemClock kClock;
  return kClock;
}

}  // namespace

IdentityService::IdentityService()
    : IdentityService(Options(), &TheSystemClock(), OpenDatabase) {}

IdentityService::IdentityService(const Options& options, const Clock* clock,
                                 DatabaseOpener open,
                                 SessionStoreOpener open_store)
    : impl_(std::make_unique<Impl>(options, clock, std::move(open),
                                   std::move(open_store))) {}

IdentityService::~IdentityService() = default;

void IdentityService::Lookup(std::shared_ptr<const SiteLogin> site,
                             std::string cookie_header,
                             std::string_view page_host, bool https,
                             Done done) {
  SessionClaim claim = ReadSessionClaim(*site, cookie_header, page_host, https);
  impl_->Lookup(std::move(site), std::move(claim), https, std::move(done));
}

void IdentityService::Recheck(std::shared_ptr<const SiteLogin> site,
                              const std::string& session_key, bool https,
                              Done done) {
  impl_->Recheck(std::move(site), session_key, https, std::move(done));
}

void IdentityService::LookupUser(std::shared_ptr<const SiteLogin> site,
                                 uint32_t uid, Done done) {
  impl_->LookupUser(std::move(site), uid, std::move(done));
}

IdentityService::Health IdentityService::HealthOf(std::string_view site) const {
  return impl_->HealthOf(site);
}

void IdentityService::Probe(std::shared_ptr<const SiteLogin> site) {
  if (!DatabaseRefused(*site).ok()) return;
  // Any account will do, and there is one of this number.
  LookupUser(std::move(site), 1, [](const Result<IdentityPtr>&) {});
}

void IdentityService::Sweep(std::shared_ptr<const SiteLogin> site,
                            std::vector<SweptLogin> logins,
                            OnSweepStep on_step) {
  impl_->Sweep(std::move(site), std::move(logins), std::move(on_step));
}

void IdentityService::Warm(std::shared_ptr<const SiteLogin> site) {
  impl_->Warm(std::move(site));
}

void IdentityService::Drop(std::string_view site,
                           std::string_view session_key) {
  impl_->Drop(site, session_key);
}

void IdentityService::DropUser(std::string_view site, uint32_t uid) {
  impl_->DropUser(site, uid);
}

void IdentityService::DropRoles(std::string_view site) {
  impl_->DropRoles(site);
}

void IdentityService::DropSite(std::string_view site) { impl_->DropSite(site); }

void IdentityService::Expire() { impl_->Expire(); }

IdentityService::Stats IdentityService::stats() const { return impl_->stats(); }

}  // namespace rt
