// The rows of two real sites in the vectors, asked natively.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <optional>

#include "core/db/fake_store.h"
#include "core/db/golden_site.h"
#include "core/drupal/vectors.h"
#include "db/identity_service.h"

namespace rt {
namespace {

std::string Literal(std::string_view text) {
  std::string sql = "'";
  for (char c : text) sql.append(c == '\'' ? 2 : 1, c);
  return sql + "'";
}

// Bytes as Drupal stores them in SQLite: text, whatever is in it.
std::string BytesLiteral(std::string_view bytes) {
  return "CAST(X'" + HexEncode(bytes) + "' AS TEXT)";
}

std::string RowsOfTen(simdjson::dom::element live) {
  std::string sql =
      "CREATE TABLE sessions (uid INTEGER, sid VARCHAR(128) PRIMARY KEY, "
      "session BLOB);"
      "CREATE TABLE users_field_data (uid INTEGER, name VARCHAR(60) COLLATE "
      "NOCASE_UTF8, status INTEGER, default_langcode INTEGER);"
      "CREATE TABLE user__roles (entity_id INTEGER, roles_target_id TEXT);"
      "CREATE TABLE config (collection TEXT, name TEXT, data BLOB);";
  for (const auto session : live["sessions"].get_array()) {
    const auto row = session["row"].value();
    sql += "INSERT INTO sessions VALUES (" + TextOf(row, "uid") + "," +
           Literal(TextOf(row, "sid")) + "," +
           BytesLiteral(BytesOf(row, "session_b64")) + ");";
  }
  for (const auto user : live["users_field_data"].get_array()) {
    sql += "INSERT INTO users_field_data VALUES (" + TextOf(user, "uid") + "," +
           Literal(TextOf(user, "name")) + "," + TextOf(user, "status") + "," +
           TextOf(user, "default_langcode") + ");";
  }
  for (const auto role : live["user__roles"].get_array()) {
    sql += "INSERT INTO user__roles VALUES (" + TextOf(role, "entity_id") +
           "," + Literal(TextOf(role, "roles_target_id")) + ");";
  }
  for (const auto role : live["roles"].get_array()) {
    sql += "INSERT INTO config VALUES (''," + Literal(TextOf(role, "name")) +
           "," + BytesLiteral(BytesOf(role, "data_b64")) + ");";
  }
  return sql;
}

bool HasAccount(simdjson::dom::element live, int64_t uid) {
  for (const auto user : live["users_field_data"].get_array()) {
    if (TextOf(user, "uid") == std::to_string(uid)) return true;
  }
  return false;
}

TEST(LiveVectors, AreWhoDrupalTenSaidTheyWere) {
  const auto live = Vectors()["live_d10"].value();
  const TemporaryFolder folder;
  ExecuteSql(folder.File("site"), RowsOfTen(live));
  SiteLogin login;
  login.key = "live";
  login.hosts = {TextOf(live, "host")};
  login.database.driver = "sqlite";
  login.database.path = folder.File("site");
  const auto site = std::make_shared<const SiteLogin>(login);
  IdentityService service;

  int compared = 0;
  for (const auto session : live["sessions"].get_array()) {
    SCOPED_TRACE(TextOf(session, "account"));
    const auto says = session["drupal_says"].value();
    const int64_t uid = NumberOf(says, "uid");
    Answer answer;
    service.Lookup(site,
                   TextOf(session, "cookie_name") + "=" +
                       TextOf(session, "cookie_value_raw"),
                   false, answer.callback());
    const auto result = answer.Get();
    ASSERT_TRUE(result.ok()) << result.error().message;
    // One account's own row was not recorded with its session.
    if (uid != 0 && !HasAccount(live, uid)) {
      EXPECT_EQ((*result)->reason, "no such account");
      continue;
    }
    EXPECT_EQ((*result)->uid, uid);
    std::vector<std::string> roles = TextsOf(says, "roles");
    std::sort(roles.begin() + 1, roles.end());
    EXPECT_EQ((*result)->roles, roles);
    for (const auto check : says["permission_checks"].get_object()) {
      // An odd name, as the probe was asked by another one than it shows.
      const bool odd = check.key == "uni";
      const std::string_view name = odd ? "it's ünïcode perm" : check.key;
      EXPECT_EQ((*result)->HasPermission(name), check.value.get_bool().value())
          << name;
    }
    ++compared;
  }
  EXPECT_GE(compared, 4);
}

TEST(LiveVectors, AreWhoDrupalSevenSaidTheyWereByTheColumnOfTheirScheme) {
  const auto live = Vectors()["live_d7"].value();
  std::string sql =
      "CREATE TABLE sessions (uid INTEGER, sid TEXT, ssid TEXT, session BLOB);"
      "CREATE TABLE users (uid INTEGER, name TEXT, status INTEGER);"
      "CREATE TABLE users_roles (uid INTEGER, rid INTEGER);"
      "CREATE TABLE role (rid INTEGER, name TEXT);"
      "CREATE TABLE role_permission (rid INTEGER, permission TEXT);"
      "INSERT INTO users VALUES (1, 'admin', 1);";
  for (const auto vector : live["cases"].get_array()) {
    const std::string key = TextOf(vector, "db_key");
    const bool secure = TextOf(vector, "lookup_column") == "ssid";
    if (key.empty()) continue;
    // https stores the key in both columns, http in one.
    sql += "DELETE FROM sessions WHERE sid = '" + key + "' AND ssid = '';";
    sql += "INSERT INTO sessions SELECT 1, '" + key + "', '" +
           (secure ? key : "") + "', '' WHERE NOT EXISTS " +
           "(SELECT 1 FROM sessions WHERE sid = '" + key + "');";
  }
  const TemporaryFolder folder;
  ExecuteSql(folder.File("site"), sql);
  SiteLogin login;
  login.key = "live";
  login.hosts = {TextOf(live, "host")};
  login.schema = 7;
  login.session_handler = SiteLogin::kDrupal7Handler;
  login.database.driver = "sqlite";
  login.database.path = folder.File("site");
  const auto site = std::make_shared<const SiteLogin>(login);
  IdentityService service;

  int cases = 0;
  for (const auto vector : live["cases"].get_array()) {
    SCOPED_TRACE(TextOf(vector, "label"));
    Answer answer;
    service.Lookup(site, TextOf(vector, "cookie"), FlagOf(vector, "https"),
                   answer.callback());
    const auto result = answer.Get();
    ASSERT_TRUE(result.ok()) << result.error().message;
    EXPECT_EQ((*result)->uid, NumberOf(vector, "uid"));
    EXPECT_EQ((*result)->admin, (*result)->uid == 1);
    ++cases;
  }
  EXPECT_EQ(cases, 4);
}

}  // namespace
}  // namespace rt
