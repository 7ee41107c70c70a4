#include "drupal/identity.h"

#include <algorithm>

namespace rt {

std::string Identity::user() const {
  if (!subject.empty()) return subject;
  return uid == 0 ? std::string() : std::to_string(uid);
}

bool Identity::HasPermission(std::string_view permission) const {
  return admin || permissions.Contains(permission);
}

bool Identity::HasRole(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

}  // namespace rt
