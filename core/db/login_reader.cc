#include "db/login_reader.h"

#include <charconv>
#include <map>
#include <utility>

#include "base/log.h"
#include "drupal/session_record.h"

namespace rt {

namespace {

// Above: a store that cannot be right; the login is refused as unavailable.
constexpr size_t kMaxRolesOfUser = 1024;
constexpr size_t kMaxRoleRows = 200'000;

constexpr std::string_view kRolePrefix = "user.role.";

Error Unavailable(const Error& error) {
  return {ErrorCode::kUnavailable, error.message};
}

// A whole number as any driver spells it; 0 for everything else.
uint32_t Number(const DatabaseValue& value) {
  uint32_t number = 0;
  if (!value) return 0;
  const char* end = value->data() + value->size();
  const auto [next, error] = std::from_chars(value->data(), end, number);
  return error == std::errc() && next == end ? number : 0;
}

std::string Text(DatabaseValue& value) {
  return value ? std::move(*value) : std::string();
}

RoleMap RolesFromConfig(std::vector<DatabaseRow> rows) {
  RoleMap map;
  for (DatabaseRow& row : rows) {
    std::string name = Text(row[0]);
    // LIKE ignores case, and `.` is no more than a letter to it.
    if (!name.starts_with(kRolePrefix)) continue;
    Result<Role> role = ParseRoleConfig(row[1] ? *row[1] : "");
    if (!role) {
      Log(LogLevel::kWarning, "db: {} grants nothing: {}", name,
          role.error().message);
      continue;
    }
    map.insert_or_assign(name.substr(kRolePrefix.size()), std::move(*role));
  }
  return map;
}

RoleMap RolesFromPermissions(std::vector<DatabaseRow> rows) {
  std::map<std::string, Permissions::List> lists;
  for (DatabaseRow& row : rows) {
    if (row[0]) lists[*row[0]].push_back(Text(row[1]));
  }
  RoleMap map;
  for (auto& [rid, list] : lists) {
    map[rid].permissions = Permissions(std::move(list));
  }
  return map;
}

}  // namespace

Result<std::vector<DatabaseRow>> LoginReader::Run(
    LoginQuery query, const Database::Parameters& parameters, size_t max_rows) {
  ++*queries_;
  return database_->Run(LoginSql(query, site_.schema), parameters, max_rows);
}

Result<LoginAnswer> LoginReader::Login(const std::string& key, bool https) {
  const LoginQuery query =
      https ? LoginQuery::kSecureSession : LoginQuery::kSession;
  // 7's sid alone is no key of its table, and MySQL compares without case.
  auto rows = Run(query, {key}, 16);
  LoginAnswer answer;
  if (!rows) {
    switch (rows.error().code) {
      case ErrorCode::kNotFound:  // made by Drupal with its first session
      case ErrorCode::kInvalid:   // a key that no row can have
        answer.why = "no session row";
        return answer;
      case ErrorCode::kLimit:
        answer.why = "session data too large";
        return answer;
      default:
        return Unavailable(rows.error());
    }
  }
  const DatabaseRow* found = nullptr;
  for (const DatabaseRow& row : *rows) {
    if (row[0] != key) continue;
    // 7 takes any of them; nobody knows which.
    if (found != nullptr && row[2] != (*found)[2]) {
      answer.why = "several users' sessions of one id";
      return answer;
    }
    if (found == nullptr) found = &row;
  }
  if (found == nullptr) {
    answer.why = "no session row";
    return answer;
  }
  answer.stored = true;
  if (site_.schema == 7) {
    answer.subject = Number((*found)[2]);
    answer.why = "session of no user";
  } else {
    const DatabaseValue& value = (*found)[1];
    ReadData(value ? *value : std::string_view(), &answer);
  }
  return Conclude(std::move(answer));
}

Result<LoginAnswer> LoginReader::LoginFrom(const SessionRead& read) {
  LoginAnswer answer;
  if (!read) {
    if (read.error().code != ErrorCode::kLimit) {
      return Unavailable(read.error());
    }
    answer.why = "session data too large";
    return answer;
  }
  if (!read->has_value()) {
    answer.why = "no session in the store";
    return answer;
  }
  answer.stored = true;
  ReadData(**read, &answer);
  return Conclude(std::move(answer));
}

void LoginReader::ReadData(std::string_view data, LoginAnswer* answer) const {
  const auto serializer = ParseSessionSerializer(site_.serializer);
  RT_CHECK(serializer.has_value());
  const SessionRecord record = ReadSessionRecord(data, *serializer);
  answer->subject = record.uid;
  answer->why = record.why;
}

Result<LoginAnswer> LoginReader::Conclude(LoginAnswer answer) {
  if (answer.subject == 0) return answer;
  if (Status status = Account(answer.subject, &answer); !status) {
    return status.error();
  }
  return answer;
}

Result<LoginAnswer> LoginReader::User(uint32_t uid) {
  LoginAnswer answer;
  answer.subject = uid;
  if (Status status = Account(uid, &answer); !status) return status.error();
  return answer;
}

Status LoginReader::Account(uint32_t uid, LoginAnswer* answer) {
  auto accounts = Run(LoginQuery::kAccount, {uid}, 1);
  if (!accounts) return Unavailable(accounts.error());
  if (accounts->empty()) {
    answer->why = "no such account";
    return Status();
  }
  if (Number((*accounts)[0][1]) != 1) {
    answer->why = "blocked";
    return Status();
  }
  auto roles = Run(LoginQuery::kAccountRoles, {uid}, kMaxRolesOfUser);
  if (!roles) return Unavailable(roles.error());
  std::vector<std::string> assigned;
  for (DatabaseRow& row : *roles) {
    if (row[0]) assigned.push_back(std::move(*row[0]));
  }
  answer->logged_in = true;
  answer->name = Text((*accounts)[0][0]);
  answer->roles = RolesOfUser(site_.schema, std::move(assigned));
  answer->why = "";
  return Status();
}

Result<RoleMap> LoginReader::Roles() {
  auto rows = Run(LoginQuery::kRoles, {}, kMaxRoleRows);
  if (!rows) return Unavailable(rows.error());
  return ReadRoleRows(site_.schema, std::move(*rows));
}

RoleMap ReadRoleRows(int schema, std::vector<DatabaseRow> rows) {
  return schema == 7 ? RolesFromPermissions(std::move(rows))
                     : RolesFromConfig(std::move(rows));
}

Identity MakeIdentity(const SiteLogin& site, LoginAnswer answer,
                      const Grants& grants, std::string key) {
  Identity identity;
  identity.uid = answer.subject;
  identity.account = answer.subject;
  identity.name = std::move(answer.name);
  identity.roles = grants.roles;
  identity.admin = grants.admin || (site.super_user && identity.uid == 1);
  identity.permissions = grants.permissions;
  identity.session_key = std::move(key);
  return identity;
}

Identity MakeAnonymous(const Grants& grants, std::string why, std::string key,
                       uint32_t account) {
  Identity identity;
  identity.account = account;
  identity.roles = grants.roles;
  identity.admin = grants.admin;
  identity.permissions = grants.permissions;
  identity.session_key = std::move(key);
  identity.reason = std::move(why);
  return identity;
}

}  // namespace rt
