#include "db/login_sql.h"

namespace rt {

namespace {

std::string_view Drupal7Sql(LoginQuery query) {
  switch (query) {
    case LoginQuery::kSession:
      return "SELECT [sid], [session], [uid] FROM {sessions} WHERE [sid] = ?";
    case LoginQuery::kSecureSession:
      return "SELECT [ssid], [session], [uid] FROM {sessions} WHERE [ssid] = ?";
    case LoginQuery::kAccount:
      return "SELECT [name], [status] FROM {users} WHERE [uid] = ?";
    case LoginQuery::kAccountRoles:
      // 7 knows no role that was deleted, whoever still holds it.
      return "SELECT [rid] FROM {users_roles} WHERE [uid] = ? "
             "AND [rid] IN (SELECT [rid] FROM {role})";
    case LoginQuery::kRoles:
      return "SELECT [rid], [permission] FROM {role_permission}";
  }
  return {};
}

std::string_view DrupalSql(LoginQuery query) {
  switch (query) {
    case LoginQuery::kSession:
    case LoginQuery::kSecureSession:
      return "SELECT [sid], [session], [uid] FROM {sessions} WHERE [sid] = ?";
    case LoginQuery::kAccount:
      return "SELECT [name], [status] FROM {users_field_data} "
             "WHERE [uid] = ? AND [default_langcode] = 1";
    case LoginQuery::kAccountRoles:
      return "SELECT [roles_target_id] FROM {user__roles} "
             "WHERE [entity_id] = ?";
    case LoginQuery::kRoles:
      return "SELECT [name], [data] FROM {config} "
             "WHERE [collection] = '' AND [name] LIKE 'user.role.%'";
  }
  return {};
}

}  // namespace

std::string_view LoginSql(LoginQuery query, int schema) {
  return schema == 7 ? Drupal7Sql(query) : DrupalSql(query);
}

}  // namespace rt
