#include "drupal/role_map.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "drupal/php_key.h"
#include "drupal/php_references.h"
#include "drupal/php_serialize.h"

namespace rt {

namespace {

const Error kUnreadable = {ErrorCode::kInvalid, "role data is unreadable"};

// Of one role. Above: it is unreadable, and grants nothing.
constexpr uint64_t kMaxPermissions = 20'000;

// One of a list's pairs.
struct Entry {
  PhpKey key;
  const char* position = nullptr;  // the later of two is further on
  std::string_view text;
  bool is_text = false;

  bool operator<(const Entry& other) const {
    return std::tie(key, position) < std::tie(other.key, other.position);
  }
};

// Of equal keys the last counts.
bool ReadPermissions(PhpReader* reader, const PhpValue& list,
                     Permissions::List* names) {
  names->clear();
  if (list.type != PhpValue::Type::kArray) return reader->Skip(list);
  if (list.count > kMaxPermissions) return false;
  std::vector<Entry> entries;
  for (uint64_t i = 0; i < list.count; ++i) {
    PhpValue key;
    PhpValue name;
    if (!reader->ReadKey(&key) || !reader->Read(&name)) return false;
    entries.push_back({PhpKeyOf(key), reader->rest().data(), name.text,
                       name.type == PhpValue::Type::kString});
    if (!reader->Skip(name)) return false;
  }
  std::sort(entries.begin(), entries.end());
  for (size_t i = 0; i < entries.size(); ++i) {
    const bool last =
        i + 1 == entries.size() || !(entries[i + 1].key == entries[i].key);
    if (last && entries[i].is_text) names->emplace_back(entries[i].text);
  }
  return reader->ReadEnd();
}

}  // namespace

Result<Role> ParseRoleConfig(std::string_view data) {
  PhpReader reader(data);
  PhpValue config;
  if (data.size() > PhpReader::kMaxBytes || !reader.Read(&config) ||
      config.type != PhpValue::Type::kArray) {
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
  if (reader.enumerated()) return kUnreadable;  // no configuration has one
  if (reader.referred() && !PhpReferencesHold(data, PhpLayout::kValue)) {
    return kUnreadable;
  }
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
