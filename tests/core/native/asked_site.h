// Sites for the library's tests, as a program would name them: by document.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <regex>
#include <string>
#include <utility>

#include "core/db/golden_site.h"
#include "core/db/test_servers.h"
#include "native/drupal.h"
#include "source_dir.h"
#include "wire/json_writer.h"

namespace drupalrt {

// `rest`: more members, such as `,"super_user":false`.
inline std::string Document(const rt::DatabaseConfig& database, int schema,
                            const std::string& rest = "",
                            const std::string& host = "example.test") {
  std::string json =
      "{\"version\":1,\"key\":\"site\",\"hosts\":[" + rt::JsonString(host) +
      "],\"schema\":" + std::to_string(schema) +
      ",\"database\":{\"driver\":" + rt::JsonString(database.driver);
  const std::pair<const char*, const std::string&> members[] = {
      {"path", database.path},         {"host", database.host},
      {"socket", database.socket},     {"database", database.database},
      {"username", database.username}, {"password", database.password},
      {"prefix", database.prefix},
  };
  for (const auto& [name, value] : members) {
    if (value.empty()) continue;
    json += "," + rt::JsonString(name) + ":" + rt::JsonString(value);
  }
  if (database.port != 0) json += ",\"port\":" + std::to_string(database.port);
  return json + "}" + rest + "}";
}

inline std::string SqliteDocument(const std::string& path, int schema,
                                  const std::string& rest = "") {
  rt::DatabaseConfig database;
  database.driver = "sqlite";
  database.path = path;
  return Document(database, schema, rest);
}

inline std::unique_ptr<Drupal> Open(const std::string& document,
                                    const Drupal::Options& options = {}) {
  auto drupal = Drupal::FromDocument(document, options);
  EXPECT_TRUE(drupal.ok()) << drupal.error().message;
  return drupal ? std::move(*drupal) : nullptr;
}

// One of the recordings beside this file, in a SQLite file or on a server.
class RecordedSite {
 public:
  explicit RecordedSite(const std::string& name,
                        const std::string& driver = "sqlite")
      : base_(rt::InSource("tests/core/native/" + name)) {
    const std::string sql = rt::golden::ReadFile(base_ + ".sql");
    if (driver == "sqlite") {
      database_.driver = "sqlite";
      database_.path = folder_.File("site");
      rt::ExecuteSql(path(), "BEGIN;" + sql + "COMMIT;");
    } else {
      rt::LiveServer& server = rt::LiveServer::Shared(driver);
      database_ = server.NewDatabase();
      server.Execute(database_, Translate(sql, driver, server));
    }
  }

  [[nodiscard]] const rt::DatabaseConfig& database() const { return database_; }
  [[nodiscard]] const std::string& path() const { return database_.path; }
  [[nodiscard]] std::string answers() const { return base_ + ".json"; }
  [[nodiscard]] std::string Says(int schema, const std::string& rest) const {
    return Document(database_, schema, rest);
  }

 private:
  static std::string Translate(std::string sql, const std::string& driver,
                               const rt::LiveServer& server) {
    sql = std::regex_replace(sql, std::regex("\\bBLOB\\b"), server.blob_type);
    sql = std::regex_replace(sql, std::regex("X'([0-9a-f]*)'"),
                             server.hex_before + "$1" + server.hex_after);
    if (driver != "mysql") return sql;
    return std::regex_replace(sql, std::regex("\""), "`");
  }

  rt::TemporaryFolder folder_;
  std::string base_;
  rt::DatabaseConfig database_;
};

}  // namespace drupalrt
