// The servers by driver. See live_server.h.
#pragma once

#include "core/db/mariadb_server.h"
#include "core/db/postgres_server.h"

namespace rt {

inline std::unique_ptr<LiveServer> LiveServer::New(const std::string& driver) {
  if (driver == "mysql") return std::make_unique<MariadbServer>();
  return std::make_unique<PostgresServer>();
}

inline LiveServer& LiveServer::Shared(const std::string& driver) {
  if (driver == "mysql") {
    static MariadbServer server;
    return server;
  }
  static PostgresServer server;
  return server;
}

}  // namespace rt
