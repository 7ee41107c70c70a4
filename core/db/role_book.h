// The permission map of one site, and what was made from it: the grants of
// each set of roles that was asked for, so that all who hold the same roles
// share one list. Not thread-safe; maps in it are immutable.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "drupal/identity.h"
#include "drupal/role_map.h"
#include "drupal/site_login.h"

namespace rt {

class RoleBook {
 public:
  // Takes the document's map where it has one. Is there a map now that may
  // be used until `now_ms`?
  [[nodiscard]] bool Ready(const std::shared_ptr<const SiteLogin>& site,
                           int64_t now_ms);
  void Set(RoleMap map, int64_t expires_ms);
  // As Set(); what was made from the former map is kept where this one says the
  // same. Is it another one?
  bool Refresh(RoleMap map, int64_t expires_ms);
  void Clear();

  // REQUIRES: Ready().
  [[nodiscard]] const Grants& GrantsFor(const std::vector<std::string>& roles);
  // Who has no cookie. REQUIRES: Ready().
  [[nodiscard]] IdentityPtr Anonymous(const SiteLogin& site);

 private:
  void Replace(std::shared_ptr<const RoleMap> map, int64_t expires_ms);

  std::shared_ptr<const RoleMap> map_;
  int64_t expires_ms_ = 0;
  std::unordered_map<std::string, Grants> grants_;
  IdentityPtr anonymous_;
};

}  // namespace rt
