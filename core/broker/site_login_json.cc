#include "broker/site_login_json.h"

#include <string>
#include <utility>
#include <vector>

#include "broker/site_session_json.h"

namespace rt {

namespace {

void ReadCookies(JsonObject* object, SiteLogin* login, JsonMistake* mistake) {
  const auto section = object->Find("cookies");
  if (!section) return;
  JsonObject cookies(*section, "$.cookies", {"http", "https"}, mistake);
  cookies.Strings("http", &login->cookies_http);
  cookies.Strings("https", &login->cookies_https);
  CheckJsonList(login->cookies_http, "$.cookies.http", mistake);
  CheckJsonList(login->cookies_https, "$.cookies.https", mistake);
}

void ReadPrefix(JsonObject* section, int schema, DatabaseConfig* database,
                JsonMistake* mistake) {
  const auto value = section->Find("prefix");
  if (!value) return;
  if (schema != 7 || !value->is_object()) {
    return section->String("prefix", &database->prefix);
  }
  JsonObject tables(*value, section->PathOf("prefix"), mistake);
  for (const auto& [table, element] : tables.entries()) {
    std::string prefix;
    tables.String(table, &prefix);
    if (table == "default") {
      database->prefix = prefix;
    } else {
      database->table_prefixes[table] = prefix;
    }
  }
}

void ReadTls(JsonObject* section, DatabaseConfig* database,
             JsonMistake* mistake) {
  const auto value = section->Find("tls");
  if (!value) return;
  if (!value->is_object()) return section->Bool("tls", &database->tls);
  JsonObject tls(*value, section->PathOf("tls"),
                 {"ca", "cert", "key", "verify"}, mistake);
  database->tls = true;
  tls.String("ca", &database->tls_ca);
  tls.String("cert", &database->tls_cert);
  tls.String("key", &database->tls_key);
  tls.Bool("verify", &database->tls_verify);
}

void ReadDatabase(JsonObject* object, SiteLogin* login, JsonMistake* mistake) {
  const auto value = object->Find("database");
  if (!value) return;
  DatabaseConfig& database = login->database;
  JsonObject section(*value, "$.database",
                     {"driver", "path", "host", "port", "socket", "database",
                      "username", "password", "prefix", "schema", "tls"},
                     mistake);
  section.Require({"driver"});
  section.Word("driver", {"sqlite", "mysql", "mysqli", "pgsql"},
               &database.driver);
  int64_t port = 0;
  section.String("path", &database.path);
  section.String("host", &database.host);
  section.Integer("port", 1, 65535, &port);
  database.port = static_cast<uint16_t>(port);
  section.String("socket", &database.socket);
  section.String("database", &database.database);
  section.String("username", &database.username);
  section.String("password", &database.password);
  section.String("schema", &database.schema);
  ReadPrefix(&section, login->schema, &database, mistake);
  ReadTls(&section, &database, mistake);
  if (database.driver == "sqlite") {
    section.Require({"path"});
    if (database.path.empty()) {
      mistake->Set("$.database.path", "expected the database file's path");
    }
  } else {
    section.Require({"database", "username"});
  }
  // The libraries would end there, in silence.
  for (const std::string* text :
       {&database.path, &database.prefix, &database.host, &database.socket,
        &database.database, &database.username, &database.password,
        &database.schema, &database.tls_ca, &database.tls_cert,
        &database.tls_key}) {
    if (text->find('\0') != std::string::npos) {
      mistake->Set("$.database", "there is a NUL byte in it");
    }
  }
}

void ReadRoles(JsonObject* object, SiteLogin* login, JsonMistake* mistake) {
  const auto value = object->Find("roles");
  if (!value) return;
  JsonObject roles(*value, "$.roles", mistake);
  login->roles.emplace();
  for (const auto& [id, element] : roles.entries()) {
    JsonObject section(element, roles.PathOf(id), {"admin", "permissions"},
                       mistake);
    Role role;
    std::vector<std::string> names;
    section.Bool("admin", &role.admin);
    section.Strings("permissions", &names, true);
    role.permissions = Permissions(std::move(names));
    login->roles->insert_or_assign(id, std::move(role));
    if (!mistake->none()) return;
  }
}

void ReadNodeAccess(JsonObject* object, SiteLogin* login) {
  std::string who;
  object->Word("node_access", {"php", "grants", "core"}, &who);
  if (who == "grants") login->node_deciders = NodeDeciders::kGrants;
  if (who == "core") login->node_deciders = NodeDeciders::kCore;
}

}  // namespace

void ReadLogin(JsonObject* object, SiteLogin* login, JsonMistake* mistake) {
  ReadCookies(object, login, mistake);
  ReadSession(object, login, mistake);
  object->Bool("super_user", &login->super_user);
  ReadDatabase(object, login, mistake);
  ReadRoles(object, login, mistake);
  ReadNodeAccess(object, login);
}

}  // namespace rt
