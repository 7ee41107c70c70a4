// A recorded Drupal site: its tables loaded into a fresh SQLite file, and what
// Drupal itself answered for every cookie. See tests/golden/README.md.
#pragma once

#include <gtest/gtest.h>
#include <simdjson.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "core/db/temporary_folder.h"
#include "drupal/site_login.h"
#include "source_dir.h"

namespace rt {

struct GoldenAnswer {
  std::string note;    // what is special about it
  std::string cookie;  // as the browser sent it
  uint32_t uid = 0;
  std::string name;
  std::vector<std::string> roles;        // ids, for 7 rids
  std::vector<std::string> permissions;  // of those that were asked for
};

// Runs SQL in a SQLite file, made where there is none.
void ExecuteSql(const std::string& path, const std::string& sql);

struct GoldenSite {
  // One that was recorded on SQLite.
  explicit GoldenSite(const std::string& name);
  // Any, whose tables are in this database already (live_golden_site.h).
  GoldenSite(const std::string& name, const DatabaseConfig& database);

  TemporaryFolder folder;
  std::string path;  // of the SQLite file, where it is one
  std::vector<GoldenAnswer> answers;
  std::vector<std::string> asked;  // the permissions that were asked for
  // Roles as they are stored, where it was recorded; what settings.php makes
  // of them is in `login`, as a site document would have it.
  std::optional<RoleMap> stored_roles;
  SiteLogin login;
};

namespace golden {

inline int CompareBytes(void*, int a_bytes, const void* a, int b_bytes,
                        const void* b) {
  return std::string_view(static_cast<const char*>(a),
                          static_cast<size_t>(a_bytes))
      .compare({static_cast<const char*>(b), static_cast<size_t>(b_bytes)});
}

inline std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::string Path(const std::string& name, const char* extension) {
  return InSource("tests/golden/" + name + extension);
}

inline std::string Tables(const std::string& name) {
  return ReadFile(Path(name, ".sql"));
}

// All that were recorded, in order.
inline std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& file :
       std::filesystem::directory_iterator(InSource("tests/golden"))) {
    if (file.path().extension() == ".json") names.push_back(file.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

inline std::vector<std::string> Texts(simdjson::dom::array list) {
  std::vector<std::string> texts;
  for (const auto element : list) {
    int64_t number = 0;
    texts.push_back(element.get(number) == simdjson::SUCCESS
                        ? std::to_string(number)
                        : std::string(element.get_string().value()));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

inline std::optional<RoleMap> Roles(simdjson::dom::element json,
                                    std::string_view key) {
  simdjson::dom::object list;
  if (json[key].get(list) != simdjson::SUCCESS) return std::nullopt;
  RoleMap map;
  for (const auto field : list) {
    Role& role = map[std::string(field.key)];
    role.admin = field.value["admin"].get_bool().value();
    role.permissions = Texts(field.value["permissions"].get_array().value());
  }
  return map;
}

}  // namespace golden

inline void ExecuteSql(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  sqlite3_create_collation(database, "NOCASE_UTF8", SQLITE_UTF8, nullptr,
                           golden::CompareBytes);
  // No test outlives a power cut.
  sqlite3_exec(database, "PRAGMA synchronous=OFF", nullptr, nullptr, nullptr);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &message),
            SQLITE_OK)
      << (message ? message : "");
  sqlite3_free(message);
  sqlite3_close(database);
}

inline GoldenSite::GoldenSite(const std::string& name)
    : GoldenSite(name, DatabaseConfig()) {
  path = folder.File("site");
  ExecuteSql(path, "BEGIN;" + golden::Tables(name) + ";COMMIT;");
  login.database.driver = "sqlite";
  login.database.path = path;
}

inline GoldenSite::GoldenSite(const std::string& name,
                              const DatabaseConfig& database) {
  simdjson::dom::parser parser;
  const simdjson::dom::element json =
      parser.load(golden::Path(name, ".json")).value();
  login.key = name;
  login.hosts = {std::string(json["host"].get_string().value())};
  login.schema = json["core"].get_int64().value() == 7 ? 7 : 10;
  if (login.schema == 7) login.session_handler = SiteLogin::kDrupal7Handler;
  login.database = database;
  login.roles = golden::Roles(json, "roles");
  stored_roles = golden::Roles(json, "stored_roles");
  asked = golden::Texts(json["permissions"].get_array().value());
  for (const auto cookie : json["cookies"].get_array()) {
    const auto says = cookie["drupal_says"];
    GoldenAnswer answer;
    answer.note = cookie["note"].get_string().value();
    answer.cookie = cookie["cookie"].get_string().value();
    answer.uid = static_cast<uint32_t>(says["uid"].get_int64().value());
    answer.name = says["name"].get_string().value();
    answer.roles = golden::Texts(
        says[login.schema == 7 ? "rids" : "roles"].get_array().value());
    answer.permissions = golden::Texts(says["permissions"].get_array().value());
    answers.push_back(std::move(answer));
  }
}

}  // namespace rt
