#include "db/role_book.h"

#include <limits>
#include <utility>

#include "db/login_reader.h"

namespace rt {

namespace {

// Sets of roles that are remembered. Above: all are forgotten and made anew.
constexpr size_t kMaxSets = 1024;
constexpr int64_t kForEver = std::numeric_limits<int64_t>::max();

// Sessions of such a site are no business of ours, and neither are its roles.
bool CannotRead(const SiteLogin& site) {
  return !HasDatabaseDriver(site.database.driver);
}

}  // namespace

bool RoleBook::Ready(const std::shared_ptr<const SiteLogin>& site,
                     int64_t now_ms) {
  if (site->roles) {
    const RoleMap* map = &*site->roles;
    if (map_.get() != map) {
      Replace(std::shared_ptr<const RoleMap>(site, map), kForEver);
    }
  } else if (CannotRead(*site) && !map_) {
    Replace(std::make_shared<const RoleMap>(), kForEver);
  }
  return map_ && now_ms < expires_ms_;
}

void RoleBook::Set(RoleMap map, int64_t expires_ms) {
  Replace(std::make_shared<const RoleMap>(std::move(map)), expires_ms);
}

bool RoleBook::Refresh(RoleMap map, int64_t expires_ms) {
  if (map_ && *map_ == map) {
    expires_ms_ = expires_ms;
    return false;
  }
  Set(std::move(map), expires_ms);
  return true;
}

void RoleBook::Clear() { Replace(nullptr, 0); }

void RoleBook::Replace(std::shared_ptr<const RoleMap> map, int64_t expires_ms) {
  map_ = std::move(map);
  expires_ms_ = expires_ms;
  grants_.clear();
  anonymous_ = nullptr;
}

const Grants& RoleBook::GrantsFor(const std::vector<std::string>& roles) {
  std::string set;
  for (const std::string& role : roles) set.append(role).push_back('\0');
  const auto found = grants_.find(set);
  if (found != grants_.end()) return found->second;
  if (grants_.size() >= kMaxSets) grants_.clear();
  return grants_.emplace(std::move(set), GrantsOf(*map_, roles)).first->second;
}

IdentityPtr RoleBook::Anonymous(const SiteLogin& site) {
  if (!anonymous_) {
    const Grants& grants = GrantsFor({AnonymousRole(site.schema)});
    anonymous_ = std::make_shared<const Identity>(
        MakeAnonymous(grants, "no cookie", ""));
  }
  return anonymous_;
}

}  // namespace rt
