// Which role grants what, and what a set of roles grants together. Pure
// values: built from Drupal's rows or from the site document, then shared.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "drupal/identity.h"
#include "drupal/permissions.h"

namespace rt {

struct Role {
  bool admin = false;  // grants everything; its list is beside the point
  Permissions permissions;

  bool operator==(const Role&) const = default;
};

// By role id; for Drupal 7 by rid in decimal.
using RoleMap = std::map<std::string, Role, std::less<>>;

// Drupal 8 and later: the `data` of a config row "user.role.ID", as
// PHP-serialised. The role's `status` is not looked at: Drupal does not.
[[nodiscard]] Result<Role> ParseRoleConfig(std::string_view data);

struct Grants {
  bool admin = false;
  Permissions permissions;
  RoleList roles;  // that grant it, as they were asked for
};

// The union over `roles`; a role that the map does not know grants nothing.
[[nodiscard]] Grants GrantsOf(const RoleMap& map,
                              const std::vector<std::string>& roles);

// Drupal's ids of the two roles that nobody is assigned: "anonymous" and
// "authenticated", for 7 the rids "1" and "2".
[[nodiscard]] const char* AnonymousRole(int schema);
[[nodiscard]] const char* AuthenticatedRole(int schema);

// "authenticated" first, then the assigned ones sorted by byte, each once.
[[nodiscard]] std::vector<std::string> RolesOfUser(
    int schema, std::vector<std::string> assigned);

}  // namespace rt
