// A database server for tests: started on a unix socket and a free port of its
// own in a temporary folder, with TLS, and killed at the end. Tests that treat
// it badly start one of their own; the others share one for each kind.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "core/db/server_process.h"
#include "core/db/test_certificates.h"
#include "drupal/site_login.h"

namespace rt {

class LiveServer {
 public:
  virtual ~LiveServer() = default;
  LiveServer(const LiveServer&) = delete;
  LiveServer& operator=(const LiveServer&) = delete;

  // "mysql" or "pgsql".
  static std::unique_ptr<LiveServer> New(const std::string& driver);
  static LiveServer& Shared(const std::string& driver);

  // Where one that runs is, for programs that are to use it, too.
  struct Place {
    std::string folder;
    std::string certificates;
    uint16_t port = 0;
  };
  [[nodiscard]] Place place() const {
    return {folder_.path(), certificates_.folder(), port_};
  }

  // A new and empty database, over the socket as the administrator.
  DatabaseConfig NewDatabase();
  // Any number of statements, as the administrator.
  virtual void Execute(const DatabaseConfig& where, const std::string& sql) = 0;
  // Whoever has no rights yet. Gives how they reach the database.
  virtual DatabaseConfig NewAccount(const DatabaseConfig& where,
                                    const std::string& name,
                                    const std::string& password) = 0;
  // The same database over TCP, as `host`, which is this machine.
  [[nodiscard]] DatabaseConfig Tcp(DatabaseConfig config,
                                   const std::string& host) const;
  // With the account of `NewAccount` alone, or nobody, there are so many open
  // connections.
  virtual int Connections(const std::string& user) = 0;

  void Start();  // returns when it answers
  void Kill() { process_.Kill(); }
  void Freeze() { process_.Freeze(); }
  void Thaw() { process_.Thaw(); }

  [[nodiscard]] const TestCertificates& certificates() const {
    return certificates_;
  }

  // The words that differ.
  std::string blob_type;
  std::string hex_before, hex_after;  // around the digits of a blob
  std::string sleep_5s;               // an expression that takes as long

 protected:
  LiveServer() = default;
  explicit LiveServer(const Place& place)
      : folder_(place.folder),
        certificates_(place.certificates),
        port_(place.port) {}

  [[nodiscard]] virtual std::vector<std::string> Command() const = 0;
  [[nodiscard]] virtual std::string RunsAs() const { return ""; }
  [[nodiscard]] virtual std::string Log() const { return folder_.File("log"); }
  [[nodiscard]] virtual bool Answers() = 0;
  virtual void CreateDatabase(const std::string& name) = 0;
  virtual void DropDatabase(const std::string& name) = 0;
  // In the destructor of whoever shares the server with others.
  void DropDatabases() {
    for (const std::string& name : databases_) DropDatabase(name);
  }

  TemporaryFolder folder_;
  TestCertificates certificates_;
  uint16_t port_ = FreePort();
  DatabaseConfig administrator_;

 private:
  ServerProcess process_;
  std::vector<std::string> databases_;
};

inline DatabaseConfig LiveServer::NewDatabase() {
  DatabaseConfig config = administrator_;
  // Other programs may have theirs on the same server.
  config.database =
      "db" + std::to_string(getpid()) + "_" + std::to_string(databases_.size());
  CreateDatabase(config.database);
  databases_.push_back(config.database);
  return config;
}

inline DatabaseConfig LiveServer::Tcp(DatabaseConfig config,
                                      const std::string& host) const {
  config.socket.clear();
  config.host = host;
  config.port = port_;
  return config;
}

inline void LiveServer::Start() {
  process_.Start(Command(), Log(), RunsAs());
  AwaitTrue("the server does not start", [this] { return Answers(); });
  if (testing::Test::HasFatalFailure()) {
    ADD_FAILURE() << server_process::LogText(Log());
  }
}

}  // namespace rt
