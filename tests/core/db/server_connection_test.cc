// How a database server is reached, on the real ones: addresses, passwords,
// TLS, and servers that hang, die and come back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "core/db/test_servers.h"
#include "db/database.h"

namespace rt {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kOne[] = "SELECT 1";

// Where libmariadb looks for localhost. It asks once, at its first use.
const std::string kPlatformsSocket = [] {
  const std::string path = std::filesystem::temp_directory_path() /
                           ("rt-" + std::to_string(getpid()) + ".sock");
  setenv("MYSQL_UNIX_PORT", path.c_str(), 1);
  return path;
}();

class ServerTest : public testing::TestWithParam<const char*> {
 protected:
  bool mysql() const { return GetParam() == std::string("mysql"); }

  static Status Ask(Database* database) {
    const auto rows = database->Run(kOne, {}, 1);
    return rows.ok() ? Status() : rows.error();
  }
  static Status Reach(const DatabaseConfig& config) {
    const auto opened = OpenDatabase(config);
    return opened.ok() ? Ask(opened->get()) : opened.error();
  }
  static std::string WhyNot(const DatabaseConfig& config) {
    const Status status = Reach(config);
    EXPECT_FALSE(status.ok());
    if (status.ok()) return "";
    EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
    return status.error().message;
  }
};

// --- Addresses and passwords, on a server that all share --------------------

class ServerAddressTest : public ServerTest {
 protected:
  ServerAddressTest() : config_(server_.NewDatabase()) {}

  DatabaseConfig Account(const std::string& name, const std::string& password) {
    return server_.NewAccount(config_, name, password);
  }
  // MariaDB's accounts see no database that they have no right in.
  DatabaseConfig Reader(const std::string& name, const std::string& password,
                        const std::string& demand = "") {
    DatabaseConfig account = Account(name, password);
    if (mysql()) {
      server_.Execute(config_, "GRANT SELECT ON " + config_.database +
                                   ".* TO '" + name + "'@'%' " + demand);
    }
    return account;
  }
  DatabaseConfig Tls(DatabaseConfig config) {
    config = server_.Tcp(config, "127.0.0.1");
    config.tls = true;
    config.tls_ca = server_.certificates().ca();
    return config;
  }

  LiveServer& server_ = LiveServer::Shared(GetParam());
  DatabaseConfig config_;
};

TEST_P(ServerAddressTest, IsTcpForAnAddress) {
  const DatabaseConfig reader = Reader("tcp_reader", "p");
  const Status status = Reach(server_.Tcp(reader, "127.0.0.1"));
  EXPECT_TRUE(status.ok()) << status.error().message;
}

TEST_P(ServerAddressTest, IsTheSocketWhereThereIsOneWhateverTheHost) {
  DatabaseConfig config = config_;
  config.host = "host.invalid";
  const Status status = Reach(config);
  EXPECT_TRUE(status.ok()) << status.error().message;
}

TEST_P(ServerAddressTest, MayBeThePathOfTheSocketItself) {
  if (mysql()) return;  // it is always
  DatabaseConfig config = config_;
  config.socket += "/.s.PGSQL." + std::to_string(config.port);
  config.port = 0;
  const Status status = Reach(config);
  EXPECT_TRUE(status.ok()) << status.error().message;
}

TEST_P(ServerAddressTest, IsThePlatformsSocketForLocalhostByMysqlAsByPhp) {
  if (!mysql()) return;  // localhost is a host to libpq, as by PHP
  std::filesystem::create_symlink(config_.socket, kPlatformsSocket);
  DatabaseConfig config = config_;
  config.socket.clear();
  config.host = "localhost";
  config.port = FreePort();  // nobody's
  Status status = Reach(config);
  EXPECT_TRUE(status.ok()) << status.error().message;
  std::filesystem::remove(kPlatformsSocket);
}

TEST_P(ServerAddressTest, TakesPasswordsWithAnyCharacters) {
  const char* const passwords[] = {
      "with spaces ",     "quo'te",    "double\"quote",
      "back\\slash\\",    "@:/#%?&=+", "Größe 漢字 🙂",
      "it's = 'a' \\' b", "{[($1)]}",  " "};
  int count = 0;
  for (const char* password : passwords) {
    SCOPED_TRACE(password);
    const std::string name = "odd_" + std::to_string(++count);
    DatabaseConfig reader = Reader(name, password);
    Status status = Reach(server_.Tcp(reader, "127.0.0.1"));
    EXPECT_TRUE(status.ok()) << status.error().message;
    reader.password += "x";
    const std::string why = WhyNot(server_.Tcp(reader, "127.0.0.1"));
    EXPECT_THAT(why, HasSubstr("username, password and database"));
    EXPECT_THAT(why, Not(HasSubstr(reader.password)));
  }
}

TEST_P(ServerAddressTest, SaysWhoWasNotLetInAndWhichDatabaseIsNot) {
  DatabaseConfig nobody = server_.Tcp(config_, "127.0.0.1");
  nobody.username = "nobody_at_all";
  nobody.password = "s3cret";
  const std::string why = WhyNot(nobody);
  EXPECT_THAT(why, HasSubstr("nobody_at_all"));
  EXPECT_THAT(why, Not(HasSubstr("s3cret")));
  DatabaseConfig absent = config_;
  absent.database = "absent_database";
  EXPECT_THAT(WhyNot(absent), HasSubstr("absent_database"));
}

TEST_P(ServerAddressTest, IsUnavailableWhereNobodyListens) {
  DatabaseConfig nowhere = server_.Tcp(config_, "127.0.0.1");
  nowhere.port = FreePort();
  EXPECT_THAT(WhyNot(nowhere), HasSubstr("127.0.0.1"));
  DatabaseConfig no_socket = config_;
  no_socket.socket = "/nonexistent/socket";
  EXPECT_THAT(WhyNot(no_socket), HasSubstr("/nonexistent/socket"));
}

TEST_P(ServerAddressTest, IsEncryptedAndVerifiedWithTls) {
  const DatabaseConfig reader =
      Tls(Reader("tls_reader", "p", mysql() ? "REQUIRE SSL" : ""));
  const auto opened = OpenDatabase(reader);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  if (mysql()) {
    // Who may come by TLS alone is not let in without.
    DatabaseConfig plain = reader;
    plain.tls = false;
    WhyNot(plain);
  } else {
    const auto rows = (*opened)->Run(
        "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()", {},
        1);
    EXPECT_EQ((*rows)[0][0], "true");
  }
}

TEST_P(ServerAddressTest, IsRefusedWhereAnotherAuthoritySignedTheServer) {
  DatabaseConfig reader = Tls(Reader("tls_ca", "s3cret"));
  reader.tls_ca = server_.certificates().other_ca();
  const std::string why = WhyNot(reader);
  EXPECT_THAT(why, HasSubstr("database.tls.ca"));
  EXPECT_THAT(why, Not(HasSubstr("s3cret")));
  // And by those that the machine trusts, which it is not among.
  reader.tls_ca = "";
  EXPECT_THAT(WhyNot(reader), HasSubstr("database.tls.ca"));
}

TEST_P(ServerAddressTest, IsRefusedWhereTheServersCertificateIsForAnother) {
  DatabaseConfig reader = Tls(Reader("tls_host", "p"));
  reader.host = "127.0.0.2";
  EXPECT_THAT(WhyNot(reader), HasSubstr("database.host"));
  // Unless nobody is to look.
  reader.tls_verify = false;
  reader.tls_ca = "";
  const Status status = Reach(reader);
  EXPECT_TRUE(status.ok()) << status.error().message;
}

TEST_P(ServerAddressTest, ShowsTheServerACertificateOfTheBrokers) {
  const std::string name = TestCertificates::kClientName;
  DatabaseConfig reader = Tls(Reader(name, "p", "REQUIRE X509"));
  EXPECT_NE(WhyNot(reader), "");
  reader.tls_cert = server_.certificates().File("client.pem");
  reader.tls_key = server_.certificates().File("client.key");
  const Status status = Reach(reader);
  EXPECT_TRUE(status.ok()) << status.error().message;
}

TEST_P(ServerAddressTest, NamesAFileOfTlsThatCannotBeRead) {
  DatabaseConfig reader = Tls(config_);
  reader.tls_ca = "/nonexistent/ca.pem";
  EXPECT_EQ(WhyNot(reader),
            "database.tls.ca: /nonexistent/ca.pem: No such file or directory");
}

TEST(PgsqlDatabase, IsRefusedByTlsWhereTheServerOffersNone) {
  // A server without TLS says no more than this.
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(bind(listener, any, size), 0);
  ASSERT_EQ(listen(listener, 1), 0);
  getsockname(listener, any, &size);
  std::thread server([listener] {
    const int peer = accept(listener, nullptr, nullptr);
    char request[8];
    EXPECT_EQ(read(peer, request, sizeof request), 8);
    EXPECT_EQ(write(peer, "N", 1), 1);
    close(peer);
  });
  DatabaseConfig config;
  config.driver = "pgsql";
  config.host = "127.0.0.1";
  config.port = ntohs(address.sin_port);
  config.database = config.username = "d";
  config.tls = true;

  const auto opened = OpenDatabase(config);

  server.join();
  close(listener);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(opened.error().message, HasSubstr("the server has to offer one"));
}

// --- A server that is treated badly -----------------------------------------

class ServerFailureTest : public ServerTest {
 protected:
  ServerFailureTest()
      : server_(LiveServer::New(GetParam())),
        config_(server_->NewDatabase()),
        open_(OpenDatabaseWithin({1'000, 1'000})) {}

  std::unique_ptr<Database> Open() {
    auto opened = open_(config_);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return opened.ok() ? std::move(*opened) : nullptr;
  }
  static void Expect(ErrorCode code, const Status& status) {
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, code);
  }

  std::unique_ptr<LiveServer> server_;
  DatabaseConfig config_;
  DatabaseOpener open_;
};

TEST_P(ServerFailureTest, AConnectionKnowsThatTheServerWasKilled) {
  const auto database = Open();
  ASSERT_TRUE(Ask(database.get()).ok());
  EXPECT_TRUE(database->alive());

  server_->Kill();

  // PostgreSQL's process of this connection is not our child: it is gone a
  // moment after its parent.
  while (database->alive()) std::this_thread::yield();
  Expect(ErrorCode::kUnavailable, Ask(database.get()));
  EXPECT_EQ(open_(config_).error().code, ErrorCode::kUnavailable);

  server_->Start();

  EXPECT_FALSE(database->alive());
  EXPECT_TRUE(Ask(Open().get()).ok());
}

TEST_P(ServerFailureTest, AServerThatHangsHoldsNobody) {
  const auto database = Open();
  ASSERT_TRUE(Ask(database.get()).ok());
  server_->Freeze();

  Expect(ErrorCode::kUnavailable, Ask(database.get()));
  EXPECT_FALSE(database->alive());
  for (const DatabaseConfig& config :
       {config_, server_->Tcp(config_, "127.0.0.1")}) {
    const auto opened = open_(config);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable);
  }

  server_->Thaw();
  EXPECT_TRUE(Ask(Open().get()).ok());
}

TEST_P(ServerFailureTest, AQueryThatTakesTooLongIsEndedAndTheNextOneIsNot) {
  const auto database = Open();
  const auto rows = database->Run("SELECT " + server_->sleep_5s, {}, 1);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().code, ErrorCode::kUnavailable);
  // By the server itself, which keeps the connection.
  EXPECT_TRUE(database->alive());
  EXPECT_TRUE(Ask(database.get()).ok());
}

TEST_P(ServerFailureTest, AConnectionKnowsThatItWasEndedByTheServer) {
  const auto database = Open();
  const std::string id = *(*database->Run(
      mysql() ? "SELECT CONNECTION_ID()" : "SELECT pg_backend_pid()", {},
      1))[0][0];
  server_->Execute(config_, mysql()
                                ? "KILL " + id
                                : "SELECT pg_terminate_backend(" + id + ")");
  AwaitTrue("still alive", [&] { return !database->alive(); });
}

INSTANTIATE_TEST_SUITE_P(On, ServerAddressTest,
                         testing::Values("mysql", "pgsql"),
                         [](const auto& driver) {
                           return std::string(driver.param);
                         });
INSTANTIATE_TEST_SUITE_P(On, ServerFailureTest,
                         testing::Values("mysql", "pgsql"),
                         [](const auto& driver) {
                           return std::string(driver.param);
                         });

}  // namespace
}  // namespace rt
