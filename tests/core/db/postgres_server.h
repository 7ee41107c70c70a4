// PostgreSQL for tests. It refuses to run as root: then it runs as the user
// that its package brings.
#pragma once

#include <libpq-fe.h>

#include <string>

#include "core/db/live_server.h"

namespace rt {

class PostgresServer final : public LiveServer {
 public:
  PostgresServer();
  // One that runs already.
  explicit PostgresServer(const Place& place)
      : LiveServer(place), others_(true) {
    Describe();
  }
  ~PostgresServer() override {
    if (others_) DropDatabases();
  }

  void Execute(const DatabaseConfig& where, const std::string& sql) override;
  DatabaseConfig NewAccount(const DatabaseConfig& where,
                            const std::string& name,
                            const std::string& password) override;
  int Connections(const std::string& user) override;

 protected:
  [[nodiscard]] std::vector<std::string> Command() const override;
  [[nodiscard]] std::string RunsAs() const override { return "postgres"; }
  [[nodiscard]] std::string Log() const override { return Home("/log"); }
  bool Answers() override;
  void CreateDatabase(const std::string& name) override;
  void DropDatabase(const std::string& name) override;

 private:
  void Describe();
  struct Close {
    void operator()(PGconn* connection) const { PQfinish(connection); }
    void operator()(PGresult* result) const { PQclear(result); }
  };
  using Handle = std::unique_ptr<PGconn, Close>;
  using Rows = std::unique_ptr<PGresult, Close>;

  // Programs of the newest version that is installed.
  static std::string Program(const std::string& name);
  Handle Connect(const std::string& database);
  [[nodiscard]] std::string Home(const std::string& name = "") const {
    return folder_.File("home") + name;
  }

  bool others_ = false;
};

inline std::string PostgresServer::Program(const std::string& name) {
  std::string newest = name;  // in PATH, where there is no Debian
  int newest_version = 0;
  const std::filesystem::path root = "/usr/lib/postgresql";
  if (!std::filesystem::exists(root)) return newest;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    const int version = std::atoi(entry.path().filename().c_str());
    const auto program = entry.path() / "bin" / name;
    if (version > newest_version && std::filesystem::exists(program)) {
      newest_version = version;
      newest = program;
    }
  }
  return newest;
}

inline void PostgresServer::Describe() {
  blob_type = "BYTEA";
  hex_before = "decode('";
  hex_after = "', 'hex')";
  sleep_5s = "pg_sleep(5)::text";
  administrator_.driver = "pgsql";
  administrator_.socket = Home();
  administrator_.port = port_;
  administrator_.username = "postgres";
}

inline PostgresServer::PostgresServer() {
  Describe();
  // A home of its own, whoever that is; nobody else's key is accepted.
  std::filesystem::create_directory(Home());
  std::filesystem::copy(certificates_.ca(), Home("/ca.pem"));
  std::filesystem::copy(certificates_.File("server.pem"), Home("/server.pem"));
  std::filesystem::copy(certificates_.File("server.key"), Home("/server.key"));
  std::filesystem::permissions(folder_.File(""),
                               std::filesystem::perms::others_exec,
                               std::filesystem::perm_options::add);
  std::ofstream(Home("/log")).close();
  std::ofstream(Home("/hba"))
      << "local all postgres trust\n"
         "local all all scram-sha-256\n"
         "hostssl all " +
             std::string(TestCertificates::kClientName) +
             " all cert\n"
             "host all all all scram-sha-256\n";
  if (geteuid() == 0) {
    RunCommand({"chown", "-R", RunsAs(), Home()}, folder_.File("log"));
  }
  RunCommand(
      {Program("initdb"), "--pgdata=" + Home("/data"), "--auth=trust",
       "--username=postgres", "--no-sync", "--encoding=UTF8", "--locale=C"},
      Home("/log"), RunsAs());
  Start();
}

inline std::vector<std::string> PostgresServer::Command() const {
  const std::string settings[] = {"listen_addresses=127.0.0.1,127.0.0.2",
                                  "port=" + std::to_string(port_),
                                  "unix_socket_directories=" + Home(),
                                  "hba_file=" + Home("/hba"),
                                  "fsync=off",
                                  "ssl=on",
                                  "ssl_ca_file=" + Home("/ca.pem"),
                                  "ssl_cert_file=" + Home("/server.pem"),
                                  "ssl_key_file=" + Home("/server.key")};
  std::vector<std::string> command = {Program("postgres"), "-D", Home("/data")};
  for (const std::string& setting : settings) {
    command.emplace_back("-c");
    command.push_back(setting);
  }
  return command;
}

inline PostgresServer::Handle PostgresServer::Connect(
    const std::string& database) {
  const std::string port = std::to_string(port_);
  const std::string home = Home();
  const char* const names[] = {"host", "port", "user", "dbname", nullptr};
  const char* const values[] = {
      home.c_str(), port.c_str(), "postgres",
      database.empty() ? "postgres" : database.c_str(), nullptr};
  Handle connection(PQconnectdbParams(names, values, 0));
  if (PQstatus(connection.get()) != CONNECTION_OK) return nullptr;
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  return connection;
}

inline bool PostgresServer::Answers() { return Connect("") != nullptr; }

inline void PostgresServer::Execute(const DatabaseConfig& where,
                                    const std::string& sql) {
  const Handle connection = Connect(where.database);
  ASSERT_NE(connection, nullptr);
  const Rows rows(PQexec(connection.get(), sql.c_str()));
  const auto status = PQresultStatus(rows.get());
  ASSERT_TRUE(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
      << PQerrorMessage(connection.get());
}

inline void PostgresServer::CreateDatabase(const std::string& name) {
  Execute(administrator_, "CREATE DATABASE " + name);
}

inline void PostgresServer::DropDatabase(const std::string& name) {
  Execute(administrator_, "DROP DATABASE " + name + " WITH (FORCE)");
}

inline DatabaseConfig PostgresServer::NewAccount(const DatabaseConfig& where,
                                                 const std::string& name,
                                                 const std::string& password) {
  std::string quoted;
  for (const char c : password) {
    if (c == '\'') quoted += c;
    quoted += c;
  }
  Execute(where,
          "CREATE ROLE \"" + name + "\" LOGIN PASSWORD '" + quoted + "'");
  DatabaseConfig config = where;
  config.username = name;
  config.password = password;
  return config;
}

inline int PostgresServer::Connections(const std::string& user) {
  const Handle connection = Connect("");
  if (connection == nullptr) return -1;
  const std::string sql =
      "SELECT count(*) FROM pg_stat_activity WHERE usename = '" + user + "'";
  const Rows rows(PQexec(connection.get(), sql.c_str()));
  if (PQntuples(rows.get()) != 1) return -1;
  return std::atoi(PQgetvalue(rows.get(), 0, 0));
}

}  // namespace rt
