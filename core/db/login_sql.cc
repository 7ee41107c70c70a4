#include "db/login_sql.h"

namespace rt {

namespace {

class Writer {
 public:
  Writer(const DatabaseConfig& config, const SqlDialect& dialect)
      : config_(config), dialect_(dialect) {}

  // Turns `[column]`, `{table}` and `?` into the dialect's own spelling.
  std::string Write(std::string_view text) const {
    std::string sql;
    while (!text.empty()) {
      const char c = text.front();
      if (c == '[' || c == '{') {
        const size_t end = text.find(c == '[' ? ']' : '}');
        const std::string_view name = text.substr(1, end - 1);
        sql += c == '[' ? Quoted(name) : Table(name);
        text.remove_prefix(end + 1);
        continue;
      }
      if (c == '?') {
        sql += dialect_.parameter;
      } else {
        sql += c;
      }
      text.remove_prefix(1);
    }
    return sql;
  }

 private:
  std::string Quoted(std::string_view name) const {
    std::string quoted(1, dialect_.quote);
    for (char c : name) {
      if (c == dialect_.quote) quoted += c;
      quoted += c;
    }
    return quoted + dialect_.quote;
  }

  // A prefix with a dot names another schema or database: "db"."pre_table".
  std::string Table(std::string_view name) const {
    if (!dialect_.prefixes) return Quoted(name);
    std::string prefix = config_.prefix;
    const auto own = config_.table_prefixes.find(std::string(name));
    if (own != config_.table_prefixes.end()) prefix = own->second;
    const size_t dot = prefix.find('.');
    if (dot != std::string::npos) {
      return Quoted(prefix.substr(0, dot)) + "." +
             Quoted(prefix.substr(dot + 1) + std::string(name));
    }
    const std::string table = Quoted(prefix + std::string(name));
    const bool elsewhere =
        !config_.schema.empty() && config_.schema != "public";
    return elsewhere ? Quoted(config_.schema) + "." + table : table;
  }

  const DatabaseConfig& config_;
  const SqlDialect& dialect_;
};

std::string_view Drupal7Template(LoginQuery query) {
  switch (query) {
    case LoginQuery::kSession:
      return "SELECT [sid], [session], [uid] FROM {sessions} WHERE [sid] = ?";
    case LoginQuery::kSecureSession:
      return "SELECT [ssid], [session], [uid] FROM {sessions} WHERE [ssid] = ?";
    case LoginQuery::kAccount:
      return "SELECT [name], [status] FROM {users} WHERE [uid] = ?";
    case LoginQuery::kAccountRoles:
      return "SELECT [rid] FROM {users_roles} WHERE [uid] = ?";
    case LoginQuery::kRoles:
      return "SELECT [rid], [permission] FROM {role_permission}";
  }
  return {};
}

std::string_view Template(LoginQuery query) {
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

std::string LoginSql(LoginQuery query, int schema, const DatabaseConfig& config,
                     const SqlDialect& dialect) {
  return Writer(config, dialect)
      .Write(schema == 7 ? Drupal7Template(query) : Template(query));
}

}  // namespace rt
