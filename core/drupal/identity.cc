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

bool Identity::SameAs(const Identity& other) const {
  return uid == other.uid && account == other.account && name == other.name &&
         subject == other.subject && roles == other.roles &&
         admin == other.admin && permissions == other.permissions &&
         session_key == other.session_key;
}

}  // namespace rt
