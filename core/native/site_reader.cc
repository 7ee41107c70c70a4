#include "native/site_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "db/login_reader.h"
#include "db/login_sql.h"
#include "drupal/session_key.h"
#include "drupal/session_record.h"
#include "native/php_value.h"

namespace rt {

namespace {

// Above: kLimit, for such a store cannot be right.
constexpr size_t kMaxRolesOfUser = 1024;
constexpr size_t kMaxRoles = 10'000;
constexpr size_t kMaxLanguages = 1024;
constexpr size_t kMaxGrants = 10'000;

// Sessions of one account. Above: the latest.
constexpr size_t kMaxSessions = 1000;
// Of a hash as Drupal spells it.
constexpr size_t kHashBytes = 43;
// Told of a session's key.
constexpr size_t kKeyStart = 8;

constexpr std::string_view kRolePrefix = "user.role.";

template <typename T>
T Number(const DatabaseValue& value) {
  T number = 0;
  if (!value) return 0;
  const char* end = value->data() + value->size();
  const auto [next, error] = std::from_chars(value->data(), end, number);
  return error == std::errc() && next == end ? number : 0;
}

std::string Text(DatabaseValue* value) {
  return *value ? std::move(**value) : std::string();
}

bool Is(const DatabaseValue& value, std::string_view text) {
  return value && *value == text;
}

Error NotFound(std::string what) {
  return {ErrorCode::kNotFound, std::move(what)};
}

}  // namespace

Result<SiteReader::Rows> SiteReader::Run(std::string_view text,
                                         const Database::Parameters& parameters,
                                         size_t max_rows) {
  auto rows = database_->Run(text, parameters, max_rows);
  if (!rows && rows.error().code == ErrorCode::kNotFound) return Rows();
  return rows;
}

Result<drupalrt::Account> SiteReader::Account(uint32_t uid) {
  drupalrt::Account account;
  account.uid = uid;
  if (uid == 0) {
    account.active = true;
    account.roles = {AnonymousRole(site_.schema)};
    return account;
  }
  auto accounts = Run(LoginSql(LoginQuery::kAccount, site_.schema), {uid}, 1);
  if (!accounts) return accounts.error();
  if (accounts->empty()) return NotFound("no such account");
  account.name = Text(&(*accounts)[0][0]);
  account.active = Number<int>((*accounts)[0][1]) == 1;
  auto roles = Run(LoginSql(LoginQuery::kAccountRoles, site_.schema), {uid},
                   kMaxRolesOfUser);
  if (!roles) return roles.error();
  std::vector<std::string> assigned;
  for (DatabaseRow& row : *roles) assigned.push_back(Text(&row[0]));
  account.roles = RolesOfUser(site_.schema, std::move(assigned));
  return account;
}

Result<std::vector<drupalrt::Session>> SiteReader::Sessions(uint32_t uid) {
  const auto serializer = ParseSessionSerializer(site_.serializer);
  auto rows = Run(
      is7() ? "SELECT [sid], [hostname], [timestamp], [ssid] FROM {sessions} "
              "WHERE [uid] = ? ORDER BY [timestamp] DESC LIMIT ?"
            : "SELECT [sid], [hostname], [timestamp], [session] FROM "
              "{sessions} WHERE [uid] = ? ORDER BY [timestamp] DESC LIMIT ?",
      {uid, static_cast<int64_t>(kMaxSessions)}, kMaxSessions);
  if (!rows) return rows.error();
  std::vector<drupalrt::Session> sessions;
  for (DatabaseRow& row : *rows) {
    drupalrt::Session session;
    std::string key = Text(&row[0]);
    if (is7()) {
      session.https = row[3] && !row[3]->empty();
      if (session.https) key = *row[3];
      // 7 may keep ids as they are: then their hash, as with the others.
      if (!site_.hashed_ids || key.size() != kHashBytes) key = HashBase64(key);
    } else if (!row[3] || !serializer ||
               ReadSessionRecord(*row[3], *serializer).uid != uid) {
      // The column is but a copy: the data says whose it is.
      continue;
    }
    session.key_start = key.substr(0, kKeyStart);
    session.host = Text(&row[1]);
    session.timestamp = Number<int64_t>(row[2]);
    sessions.push_back(std::move(session));
  }
  return sessions;
}

Result<RoleMap> SiteReader::RoleGrants() {
  uint64_t queries = 0;
  return LoginReader(site_, database_, &queries).Roles();
}

Result<std::vector<drupalrt::Role>> SiteReader::Roles() {
  std::vector<drupalrt::Role> roles;
  auto rows =
      is7() ? Run("SELECT [rid], [name] FROM {role}", {}, kMaxRoles)
            : Run(LoginSql(LoginQuery::kRoles, site_.schema), {}, kMaxRoles);
  if (!rows) return rows.error();
  for (DatabaseRow& row : *rows) {
    drupalrt::Role role;
    role.id = Text(&row[0]);
    role.label = Text(&row[1]);
    if (!is7()) {
      if (!role.id.starts_with(kRolePrefix)) continue;
      role.id.erase(0, kRolePrefix.size());
      const Result<drupalrt::Value> config = DecodePhp(role.label);
      role.label = role.id;
      const auto* label = config ? FindPath(*config, "label") : nullptr;
      if (label != nullptr && label->AsString() != nullptr) {
        role.label = *label->AsString();
      }
    }
    roles.push_back(std::move(role));
  }
  std::sort(roles.begin(), roles.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  return roles;
}

Result<std::string> SiteReader::Setting(std::string_view name) {
  auto rows =
      Run(is7() ? "SELECT [name], [value] FROM {variable} WHERE [name] = ?"
                : "SELECT [name], [data] FROM {config} "
                  "WHERE [collection] = '' AND [name] = ?",
          {std::string(name)}, 16);
  if (!rows) return rows.error();
  for (DatabaseRow& row : *rows) {
    if (Is(row[0], name)) return Text(&row[1]);
  }
  return NotFound("there is no " + std::string(name));
}

Result<NodeFacts> SiteReader::Node(uint64_t nid, std::string_view langcode) {
  auto rows = Run(
      is7() ? "SELECT [uid], [status], [type], [language], 1 FROM {node} "
              "WHERE [nid] = ?"
            : "SELECT [uid], [status], [type], [langcode], [default_langcode] "
              "FROM {node_field_data} WHERE [nid] = ?",
      {static_cast<int64_t>(nid)}, kMaxLanguages);
  if (!rows) return rows.error();
  for (DatabaseRow& row : *rows) {
    const bool wanted = is7() || (langcode.empty() ? Number<int>(row[4]) == 1
                                                   : Is(row[3], langcode));
    if (!wanted) continue;
    NodeFacts node;
    node.nid = nid;
    node.owner = Number<uint32_t>(row[0]);
    node.published = Number<int>(row[1]) == 1;
    node.type = Text(&row[2]);
    node.langcode = Text(&row[3]);
    if (is7()) {
      Result<NodeTypeRules> rules = TypeRules(node.type);
      if (!rules) return rules.error();
      node.type_rules = *rules;
    }
    return node;
  }
  return NotFound(rows->empty() ? "there is no such node"
                                : "the node is not there in that language");
}

// Drupal 7's node_permissions_get_configured_types(): a type that is there,
// with a variable that is not off. Types may also come from a module's code.
Result<NodeTypeRules> SiteReader::TypeRules(const std::string& type) {
  auto types =
      Run("SELECT [type] FROM {node_type} WHERE [type] = ? AND [disabled] = 0",
          {type}, 16);
  if (!types) return types.error();
  const bool known =
      std::any_of(types->begin(), types->end(),
                  [&](const DatabaseRow& row) { return Is(row[0], type); });
  if (!known) return NodeTypeRules::kUncertain;
  const Result<std::string> setting = Setting("node_permissions_" + type);
  if (!setting && setting.error().code == ErrorCode::kNotFound) {
    return NodeTypeRules::kCount;
  }
  if (!setting) return setting.error();
  const Result<drupalrt::Value> value = DecodePhp(*setting);
  if (!value) return NodeTypeRules::kUncertain;
  // As variable_get() and PHP's (bool) have it, of what settings forms write.
  if (const int64_t* number = value->AsInt()) {
    return *number != 0 ? NodeTypeRules::kCount : NodeTypeRules::kIgnored;
  }
  if (const std::string* text = value->AsString()) {
    return !text->empty() && *text != "0" ? NodeTypeRules::kCount
                                          : NodeTypeRules::kIgnored;
  }
  if (const bool* on = value->AsBool()) {
    return *on ? NodeTypeRules::kCount : NodeTypeRules::kIgnored;
  }
  return NodeTypeRules::kUncertain;
}

Result<std::vector<NodeGrant>> SiteReader::NodeGrants(uint64_t nid) {
  auto rows = Run(
      is7() ? "SELECT [nid], [gid], [realm], [grant_view], [grant_update], "
              "[grant_delete] FROM {node_access} WHERE [nid] = 0 OR [nid] = ?"
            : "SELECT [nid], [gid], [realm], [grant_view], [grant_update], "
              "[grant_delete], [langcode] FROM {node_access} "
              "WHERE [nid] = 0 OR [nid] = ?",
      {static_cast<int64_t>(nid)}, kMaxGrants);
  if (!rows) return rows.error();
  std::vector<NodeGrant> grants;
  for (DatabaseRow& row : *rows) {
    NodeGrant grant;
    grant.nid = Number<uint64_t>(row[0]);
    grant.gid = Number<uint64_t>(row[1]);
    grant.realm = Text(&row[2]);
    grant.view = Number<int>(row[3]) >= 1;
    grant.update = Number<int>(row[4]) >= 1;
    grant.remove = Number<int>(row[5]) >= 1;
    if (!is7()) grant.langcode = Text(&row[6]);
    grants.push_back(std::move(grant));
  }
  return grants;
}

}  // namespace rt
