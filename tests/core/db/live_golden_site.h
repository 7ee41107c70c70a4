// Recorded Drupal sites on the database that they were recorded on: a file for
// SQLite, else a live server.
#pragma once

#include <memory>
#include <string>

#include "core/db/golden_site.h"
#include "core/db/test_servers.h"

namespace rt {

inline std::unique_ptr<GoldenSite> LoadGoldenSite(const std::string& name) {
  if (name.ends_with("-sqlite")) return std::make_unique<GoldenSite>(name);
  const bool mariadb = name.ends_with("-mariadb");
  LiveServer& server = LiveServer::Shared(mariadb ? "mysql" : "pgsql");
  DatabaseConfig database = server.NewDatabase();
  server.Execute(database, golden::Tables(name));
  database.prefix = mariadb ? "dp_" : "";
  return std::make_unique<GoldenSite>(name, database);
}

}  // namespace rt
