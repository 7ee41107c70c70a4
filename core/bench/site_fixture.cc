#include "bench/site_fixture.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "base/digest.h"
#include "bench/client_websocket.h"
#include "wire/json_writer.h"

namespace rt::bench {
namespace {

constexpr char kCookieName[] = "SESSbench";

// Drupal's own columns, without its collation, which only Drupal brings.
constexpr char kTables[] = R"sql(
PRAGMA synchronous = OFF;
CREATE TABLE sessions (
  uid INTEGER NOT NULL, sid VARCHAR(128) NOT NULL PRIMARY KEY,
  hostname VARCHAR(128) NOT NULL DEFAULT '',
  timestamp INTEGER NOT NULL DEFAULT 0, session BLOB);
CREATE TABLE users_field_data (
  uid INTEGER NOT NULL, langcode VARCHAR(12) NOT NULL,
  preferred_langcode VARCHAR(12), preferred_admin_langcode VARCHAR(12),
  name VARCHAR(60) NOT NULL, pass VARCHAR(255), mail VARCHAR(254),
  timezone VARCHAR(32), status INTEGER, created INTEGER NOT NULL,
  changed INTEGER, access INTEGER NOT NULL, login INTEGER,
  init VARCHAR(254), default_langcode INTEGER NOT NULL,
  PRIMARY KEY (uid, langcode));
CREATE TABLE user__roles (
  bundle VARCHAR(128) NOT NULL DEFAULT '', deleted INTEGER NOT NULL DEFAULT 0,
  entity_id INTEGER NOT NULL, revision_id INTEGER NOT NULL,
  langcode VARCHAR(32) NOT NULL DEFAULT '', delta INTEGER NOT NULL,
  roles_target_id VARCHAR(255) NOT NULL,
  PRIMARY KEY (entity_id, deleted, delta, langcode));
BEGIN;
)sql";

std::string SessionId(size_t n) {
  return fmt::format("bench-session-{:06}", n);
}

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};

std::string Rows(size_t n) {
  // uid 1 may do all; the users here are ordinary.
  const size_t uid = n + 2;
  const auto hash = Sha256(SessionId(n));
  const std::string sid = Base64UrlEncode(
      {reinterpret_cast<const char*>(hash.data()), hash.size()});
  const std::string digits = std::to_string(uid);
  return fmt::format(
      "INSERT INTO sessions VALUES({0},'{1}','127.0.0.1',1700000000,"
      "'_sf2_attributes|a:1:{{s:3:\"uid\";s:{2}:\"{0}\";}}');"
      "INSERT INTO users_field_data VALUES({0},'en','en',NULL,'user {0}',NULL,"
      "NULL,'UTC',1,1700000000,1700000000,1700000000,1700000000,NULL,1);"
      "INSERT INTO user__roles VALUES('user',0,{0},{0},'en',0,'member');",
      digits, sid, digits.size());
}

Status WriteDatabase(const std::string& path, size_t sessions) {
  unlink(path.c_str());
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open(path.c_str(), &raw);
  const std::unique_ptr<sqlite3, CloseDatabase> database(raw);
  bool good = opened == SQLITE_OK;
  const auto run = [&](const char* sql) {
    good =
        good && sqlite3_exec(raw, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
  };
  run(kTables);
  for (size_t n = 0; n < sessions && good; ++n) run(Rows(n).c_str());
  run("COMMIT");
  if (good) return {};
  return Error{ErrorCode::kUnavailable,
               "can't write " + path + ": " + sqlite3_errmsg(raw)};
}

std::string SiteDocument(const std::string& database) {
  return fmt::format(
      R"json({{"version": 1, "key": "{0}", "secret": "{1}",
 "hosts": ["{2}"], "origins": ["http://{2}"], "anonymous": false,
 "cookies": {{"http": ["{3}"]}}, "schema": 10,
 "session": {{"handler": "Drupal\\Core\\Session\\SessionHandler",
             "serializer": "php"}},
 "database": {{"driver": "sqlite", "path": {4}, "prefix": ""}},
 "roles": {{"anonymous": {{"admin": false, "permissions": []}},
           "authenticated": {{"admin": false,
                             "permissions": ["access content"]}},
           "member": {{"admin": false, "permissions": ["post comments"]}}}},
 "namespaces": [{{"name": "bench", "subscribe": "logged-in"}}]}}
)json",
      kFixtureKey, kFixtureSecret, kBenchHost, kCookieName,
      JsonString(database));
}

}  // namespace

Result<std::string> MakeSiteFixture(const std::string& directory,
                                    size_t sessions) {
  char resolved[PATH_MAX];
  if (realpath(directory.c_str(), resolved) == nullptr) {
    return Error{ErrorCode::kNotFound, "no directory " + directory};
  }
  const std::string database = std::string(resolved) + "/site.sqlite";
  const std::string document = std::string(resolved) + "/site.json";
  Status status = WriteDatabase(database, sessions);
  if (!status.ok()) return status.error();
  std::ofstream file(document, std::ios::trunc);
  file << SiteDocument(database);
  file.close();
  if (!file) {
    return Error{ErrorCode::kUnavailable, "can't write " + document};
  }
  return document;
}

std::string FixtureCookie(size_t n) {
  return std::string(kCookieName) + "=" + SessionId(n);
}

}  // namespace rt::bench
