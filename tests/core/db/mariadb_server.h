// MariaDB for tests.
#pragma once

#include <mysql.h>

#include <string>

#include "core/db/live_server.h"

namespace rt {

class MariadbServer final : public LiveServer {
 public:
  MariadbServer();
  // One that runs already.
  explicit MariadbServer(const Place& place)
      : LiveServer(place), others_(true) {
    Describe();
  }
  ~MariadbServer() override {
    if (others_) DropDatabases();
  }

  void Execute(const DatabaseConfig& where, const std::string& sql) override;
  DatabaseConfig NewAccount(const DatabaseConfig& where,
                            const std::string& name,
                            const std::string& password) override;
  int Connections(const std::string& user) override;

 protected:
  [[nodiscard]] std::vector<std::string> Command() const override;
  bool Answers() override;
  void CreateDatabase(const std::string& name) override;
  void DropDatabase(const std::string& name) override;

 private:
  void Describe();
  struct Close {
    void operator()(MYSQL* mysql) const { mysql_close(mysql); }
  };
  using Handle = std::unique_ptr<MYSQL, Close>;
  Handle Connect(const std::string& database);
  [[nodiscard]] std::vector<std::string> Common() const;

  bool others_ = false;
};

inline void MariadbServer::Describe() {
  blob_type = "LONGBLOB";
  hex_before = "X'";
  hex_after = "'";
  sleep_5s = "SLEEP(5)";
  administrator_.driver = "mysql";
  administrator_.socket = folder_.File("socket");
  administrator_.username = "root";
}

inline MariadbServer::MariadbServer() {
  Describe();
  std::vector<std::string> install = {
      "mariadb-install-db", "--no-defaults", "--skip-test-db",
      "--auth-root-authentication-method=normal"};
  const auto common = Common();
  install.insert(install.end(), common.begin(), common.end());
  RunCommand(install, folder_.File("log"));
  Start();
}

// Nothing has to outlast a power cut.
inline std::vector<std::string> MariadbServer::Common() const {
  std::vector<std::string> common = {
      "--datadir=" + folder_.File("data"),
      // Of its own: a server that starts takes the others' for left-overs.
      "--tmpdir=" + folder_.File(""), "--innodb-log-file-size=4M",
      "--innodb-buffer-pool-size=16M", "--innodb-doublewrite=0",
      "--debug-no-sync"};
  if (geteuid() == 0) common.emplace_back("--user=root");
  return common;
}

inline std::vector<std::string> MariadbServer::Command() const {
  std::vector<std::string> command = {
      "mariadbd", "--no-defaults", "--socket=" + folder_.File("socket"),
      "--pid-file=" + folder_.File("pid"), "--bind-address=0.0.0.0",
      "--port=" + std::to_string(port_), "--skip-name-resolve",
      "--ssl-ca=" + certificates_.ca(),
      "--ssl-cert=" + certificates_.File("server.pem"),
      "--ssl-key=" + certificates_.File("server.key"),
      // As on many a site: every comparison of text ignores case.
      "--character-set-server=utf8mb4", "--collation-server=utf8mb4_general_ci",
      "--max-allowed-packet=64M"};
  const auto common = Common();
  command.insert(command.end(), common.begin(), common.end());
  return command;
}

inline MariadbServer::Handle MariadbServer::Connect(
    const std::string& database) {
  Handle mysql(mysql_init(nullptr));
  mysql_options(mysql.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
  if (mysql_real_connect(mysql.get(), nullptr, "root", "",
                         database.empty() ? nullptr : database.c_str(), 0,
                         administrator_.socket.c_str(),
                         CLIENT_MULTI_STATEMENTS) == nullptr) {
    return nullptr;
  }
  return mysql;
}

inline bool MariadbServer::Answers() { return Connect("") != nullptr; }

inline void MariadbServer::Execute(const DatabaseConfig& where,
                                   const std::string& sql) {
  const Handle mysql = Connect(where.database);
  ASSERT_NE(mysql, nullptr);
  int next = mysql_real_query(mysql.get(), sql.data(), sql.size());
  while (next == 0) {
    if (MYSQL_RES* rows = mysql_store_result(mysql.get())) {
      mysql_free_result(rows);
    }
    next = mysql_next_result(mysql.get());
  }
  ASSERT_EQ(next, -1) << mysql_error(mysql.get());  // -1: no more
}

inline void MariadbServer::CreateDatabase(const std::string& name) {
  Execute(administrator_, "CREATE DATABASE " + name);
}

inline void MariadbServer::DropDatabase(const std::string& name) {
  Execute(administrator_, "DROP DATABASE " + name);
}

inline DatabaseConfig MariadbServer::NewAccount(const DatabaseConfig& where,
                                                const std::string& name,
                                                const std::string& password) {
  std::string quoted(2 * password.size() + 1, '\0');
  quoted.resize(
      mysql_escape_string(quoted.data(), password.data(), password.size()));
  Execute(where,
          "CREATE USER '" + name + "'@'%' IDENTIFIED BY '" + quoted + "'");
  DatabaseConfig config = where;
  config.username = name;
  config.password = password;
  return config;
}

inline int MariadbServer::Connections(const std::string& user) {
  const Handle mysql = Connect("");
  if (mysql == nullptr) return -1;
  const std::string sql =
      "SELECT COUNT(*) FROM information_schema.processlist WHERE user = '" +
      user + "'";
  if (mysql_query(mysql.get(), sql.c_str()) != 0) return -1;
  MYSQL_RES* rows = mysql_store_result(mysql.get());
  const int count = std::atoi(mysql_fetch_row(rows)[0]);
  mysql_free_result(rows);
  return count;
}

}  // namespace rt
