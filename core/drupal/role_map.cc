#include "drupal/role_map.h"

#include <algorithm>
#include <utility>

#include "drupal/php_serialize.h"

namespace rt {

namespace {

const Error kUnreadable = {ErrorCode::kInvalid, "role data is unreadable"};

bool ReadPermissions(PhpReader* reader, const PhpValue& list,
                     Permissions::List* names) {
  names->clear();
  if (list.type != PhpValue::Type::kArray) return reader->Skip(list);
  for (uint64_t i = 0; i < list.count; ++i) {
    PhpValue key;
    PhpValue name;
    if (!reader->ReadKey(&key) || !reader->Read(&name)) return false;
    if (name.type == PhpValue::Type::kString) names->emplace_back(name.text);
    if (!reader->Skip(name)) return false;
  }
  return reader->ReadEnd();
}

}  // namespace

Result<Role> ParseRoleConfig(std::string_view data) {
  PhpReader reader(data);
  PhpValue config;
  if (!reader.Read(&config) || config.type != PhpValue::Type::kArray) {
    return kUnreadable;
  }
  Role role;
  Permissions::List names;
  for (uint64_t i = 0; i < config.count; ++i) {
    PhpValue key;
    PhpValue value;
    if (!reader.ReadKey(&key) || !reader.Read(&value)) return kUnreadable;
    const bool named = key.type == PhpValue::Type::kString;
    if (named && key.text == "permissions") {
      if (!ReadPermissions(&reader, value, &names)) return kUnreadable;
      continue;
    }
    // Uncast configuration may hold "1", 1 or null here: Drupal casts.
    if (named && key.text == "is_admin") role.admin = value.truthy();
    if (!reader.Skip(value)) return kUnreadable;
  }
  if (!reader.ReadEnd() || !reader.at_end()) return kUnreadable;
  role.permissions = Permissions(std::move(names));
  return role;
}

Grants GrantsOf(const RoleMap& map, const std::vector<std::string>& roles) {
  Grants grants;
  grants.roles = roles;
  Permissions::List names;
  const Role* only = nullptr;
  int known = 0;
  for (const std::string& id : roles) {
    const auto found = map.find(id);
    if (found == map.end()) continue;
    only = &found->second;
    ++known;
    grants.admin = grants.admin || only->admin;
    names.insert(names.end(), only->permissions.begin(),
                 only->permissions.end());
  }
  grants.permissions =
      known == 1 ? only->permissions : Permissions(std::move(names));
  return grants;
}

const char* AnonymousRole(int schema) {
  return schema == 7 ? "1" : "anonymous";
}

const char* AuthenticatedRole(int schema) {
  return schema == 7 ? "2" : "authenticated";
}

std::vector<std::string> RolesOfUser(int schema,
                                     std::vector<std::string> assigned) {
  const std::string first = AuthenticatedRole(schema);
  std::sort(assigned.begin(), assigned.end());
  assigned.erase(std::unique(assigned.begin(), assigned.end()), assigned.end());
  std::vector<std::string> roles;
  roles.reserve(assigned.size() + 1);
  roles.push_back(first);
  for (std::string& role : assigned) {
    if (role != first) roles.push_back(std::move(role));
  }
  return roles;
}

}  // namespace rt
