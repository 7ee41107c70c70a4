#include "differential/seeds.h"

#include <simdjson.h>
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/digest.h"
#include "source_dir.h"

namespace rt {

namespace {

[[noreturn]] void Missing(const std::string& what) {
  fprintf(stderr, "differential: cannot read %s\n", what.c_str());
  exit(2);
}

void FromVectors(Seeds* seeds) {
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  const std::string path = InSource("tests/core/drupal/vectors.json");
  if (parser.load(path).get(json) != simdjson::SUCCESS) Missing(path);
  const auto take = [&](const char* list, std::vector<std::string>* to) {
    for (const auto vector : json[list].get_array()) {
      std::string_view text;
      if (vector["blob_b64"].get(text) != simdjson::SUCCESS &&
          vector["bytes_b64"].get(text) != simdjson::SUCCESS &&
          vector["data_b64"].get(text) != simdjson::SUCCESS) {
        continue;
      }
      const auto bytes = Base64Decode(text);
      if (bytes) to->push_back(*bytes);
    }
  };
  take("session_blobs", &seeds->php);
  take("php_serialize", &seeds->values);
  take("roles_live_d10", &seeds->roles);
  take("roles_synthetic", &seeds->roles);
}

int CompareBytes(void*, int a_bytes, const void* a, int b_bytes,
                 const void* b) {
  return std::string_view(static_cast<const char*>(a),
                          static_cast<size_t>(a_bytes))
      .compare({static_cast<const char*>(b), static_cast<size_t>(b_bytes)});
}

void Select(sqlite3* database, const char* sql, std::vector<std::string>* to) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) != SQLITE_OK) {
    Missing(sql);
  }
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const void* bytes = sqlite3_column_blob(statement, 0);
    const int size = sqlite3_column_bytes(statement, 0);
    if (bytes == nullptr) continue;
    to->emplace_back(static_cast<const char*>(bytes),
                     static_cast<size_t>(size));
  }
  sqlite3_finalize(statement);
}

void FromSite(const std::string& name, Seeds* seeds) {
  const std::string path = InSource("tests/golden/" + name + ".sql");
  std::ifstream file(path, std::ios::binary);
  std::stringstream sql;
  sql << file.rdbuf();
  sqlite3* database = nullptr;
  sqlite3_open(":memory:", &database);
  sqlite3_create_collation(database, "NOCASE_UTF8", SQLITE_UTF8, nullptr,
                           CompareBytes);
  if (!file.good() || sqlite3_exec(database, sql.str().c_str(), nullptr,
                                   nullptr, nullptr) != SQLITE_OK) {
    Missing(path);
  }
  Select(database, "SELECT session FROM sessions", &seeds->php);
  Select(database, "SELECT data FROM config WHERE name LIKE 'user.role.%'",
         &seeds->roles);
  sqlite3_close(database);
}

std::vector<std::string> Written(PhpProcess* php, std::string_view handler) {
  std::vector<std::string> seeds;
  std::stringstream words(php->AskOne('w', handler));
  for (std::string word; words >> word;) {
    const auto bytes = Base64Decode(word);
    if (!bytes) Missing("what PHP writes");
    seeds.push_back(*bytes);
  }
  return seeds;
}

}  // namespace

Seeds LoadSeeds(PhpProcess* php) {
  Seeds seeds;
  FromVectors(&seeds);
  FromSite("drupal10-sqlite", &seeds);
  FromSite("drupal11-sqlite", &seeds);
  for (std::string& seed : Written(php, "php")) {
    seeds.php.push_back(std::move(seed));
  }
  seeds.php_serialize = Written(php, "php_serialize");
  for (const auto* from : {&seeds.php_serialize, &seeds.roles}) {
    seeds.values.insert(seeds.values.end(), from->begin(), from->end());
  }
  if (seeds.php.size() < 100 || seeds.roles.size() < 10) Missing("seeds");
  return seeds;
}

}  // namespace rt
