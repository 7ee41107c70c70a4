// The servers by driver. See live_server.h.
#pragma once

#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "core/db/mariadb_server.h"
#include "core/db/postgres_server.h"

namespace rt {

inline std::unique_ptr<LiveServer> LiveServer::New(const std::string& driver) {
  if (driver == "mysql") return std::make_unique<MariadbServer>();
  return std::make_unique<PostgresServer>();
}

// FOLDER/DRIVER holds the place of a server, a line for each part of it.
inline std::optional<LiveServer::Place> PlaceOfServer(
    const std::string& driver) {
  const char* folder = std::getenv("RT_TEST_SERVERS");
  if (folder == nullptr) return std::nullopt;
  LiveServer::Place place;
  std::ifstream file(std::string(folder) + "/" + driver);
  std::getline(file, place.folder);
  std::getline(file, place.certificates);
  file >> place.port;
  EXPECT_TRUE(file.good() || file.eof()) << driver << " is not in " << folder;
  return place;
}

inline LiveServer& LiveServer::Shared(const std::string& driver) {
  const auto share = [&]<typename Server>(Server*) -> LiveServer& {
    static const auto kServer = [&] {
      const auto place = PlaceOfServer(driver);
      return place ? std::make_unique<Server>(*place)
                   : std::make_unique<Server>();
    }();
    return *kServer;
  };
  if (driver == "mysql") return share(static_cast<MariadbServer*>(nullptr));
  return share(static_cast<PostgresServer*>(nullptr));
}

}  // namespace rt
