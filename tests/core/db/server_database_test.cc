// What is the same for every database server, on the real ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/db/test_servers.h"
#include "db/database.h"
#include "db/login_sql.h"

namespace rt {
namespace {

using testing::HasSubstr;
using testing::Not;

class ServerDatabaseTest : public testing::TestWithParam<const char*> {
 protected:
  ServerDatabaseTest() : config_(server_.NewDatabase()) {}

  // Drupal's own definition of it, but for the collation.
  std::string SessionsTable(const std::string& name = "sessions") const {
    return "CREATE TABLE " + name + " (uid BIGINT NOT NULL, sid VARCHAR(128) " +
           (mysql() ? "CHARACTER SET ascii " : "") +
           "NOT NULL PRIMARY KEY, session " + server_.blob_type + ");";
  }
  std::string Blob(const std::string& hex) const {
    return server_.hex_before + hex + server_.hex_after;
  }
  bool mysql() const { return GetParam() == std::string("mysql"); }
  void Execute(const std::string& sql) { server_.Execute(config_, sql); }

  std::unique_ptr<Database> Open() { return Open(config_); }
  static std::unique_ptr<Database> Open(const DatabaseConfig& config) {
    auto opened = OpenDatabase(config);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return opened.ok() ? std::move(*opened) : nullptr;
  }
  static Result<std::vector<DatabaseRow>> Session(Database* database,
                                                  const std::string& key) {
    return database->Run(LoginSql(LoginQuery::kSession, 10), {key}, 16);
  }
  static Result<std::vector<DatabaseRow>> All(
      Database* database, const std::string& text,
      const Database::Parameters& parameters = {}) {
    return database->Run(text, parameters, 100);
  }

  LiveServer& server_ = LiveServer::Shared(GetParam());
  DatabaseConfig config_;
};

TEST_P(ServerDatabaseTest, ReadsBytesOfEveryKindToTheirEnd) {
  std::string every;
  std::string hex;
  for (int i = 0; i < 256; ++i) {
    every += static_cast<char>(i);
    const char* digits = "0123456789abcdef";
    hex += {digits[i / 16], digits[i % 16]};
  }
  Execute(SessionsTable() + "INSERT INTO sessions VALUES (3, 'key', " +
          Blob(hex) + ")");

  const auto rows = Session(Open().get(), "key");

  ASSERT_TRUE(rows.ok()) << rows.error().message;
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0][0], "key");
  EXPECT_EQ((*rows)[0][1], every);
  EXPECT_EQ((*rows)[0][2], "3");
}

TEST_P(ServerDatabaseTest, TellsNullFromEmpty) {
  Execute(SessionsTable() +
          "INSERT INTO sessions VALUES (0, 'a', NULL), (0, 'b', '')");
  const auto database = Open();
  EXPECT_EQ((*Session(database.get(), "a"))[0][1], std::nullopt);
  EXPECT_EQ((*Session(database.get(), "b"))[0][1], "");
}

TEST_P(ServerDatabaseTest, GivesNumbersInDecimal) {
  Execute(
      "CREATE TABLE n (a BIGINT, b SMALLINT, c INTEGER);"
      "INSERT INTO n VALUES (-9223372036854775808, 1, 2147483647)");
  const auto rows = All(Open().get(), "SELECT [a], [b], [c] FROM {n}");
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  EXPECT_EQ((*rows)[0],
            (DatabaseRow{"-9223372036854775808", "1", "2147483647"}));
}

TEST_P(ServerDatabaseTest, GivesNamesInEveryScriptAsUtf8) {
  const std::string name = "Zoë Ω 漢字 🙂 O'Brien \\ \"q\"";
  Execute("CREATE TABLE u (uid INTEGER, name VARCHAR(60))");
  Execute("INSERT INTO u VALUES (5, 'Zoë Ω 漢字 🙂 O''Brien " +
          std::string(mysql() ? "\\\\" : "\\") + " \"q\"')");
  const auto database = Open();
  EXPECT_EQ((*All(database.get(), "SELECT [name] FROM {u}"))[0][0], name);
  // And finds them by it.
  const auto rows =
      All(database.get(), "SELECT [uid] FROM {u} WHERE [name] = ?", {name});
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  ASSERT_EQ(rows->size(), 1u);
}

TEST_P(ServerDatabaseTest, TakesAValueForAValueWhateverIsInIt) {
  Execute(SessionsTable() + "INSERT INTO sessions VALUES (3, 'key', '')");
  const auto database = Open();
  for (const char* key : {"' OR 1=1 -- ", "\\", "\\' OR 1=1 -- ", "%", "?",
                          "$1", "key'", "\"; DROP TABLE sessions; --"}) {
    const auto rows = Session(database.get(), key);
    ASSERT_TRUE(rows.ok()) << rows.error().message;
    EXPECT_EQ(rows->size(), 0u) << key;
  }
  EXPECT_EQ(Session(database.get(), "key")->size(), 1u);
}

TEST_P(ServerDatabaseTest, TakesTextThatIsNoneForAValueThatNothingEquals) {
  Execute(SessionsTable() + "INSERT INTO sessions VALUES (3, 'key', '')");
  const auto database = Open();
  const std::string keys[] = {"\xff\xfe", "key\xc3", std::string("key\0", 4)};
  for (const std::string& key : keys) {
    const auto rows = Session(database.get(), key);
    ASSERT_FALSE(rows.ok());
    EXPECT_EQ(rows.error().code, ErrorCode::kInvalid);
  }
  // Nobody loses the connection by it.
  EXPECT_TRUE(database->alive());
  EXPECT_EQ(Session(database.get(), "key")->size(), 1u);
}

TEST_P(ServerDatabaseTest, TakesAnyNumberOfParametersOfBothKinds) {
  Execute(SessionsTable() +
          "INSERT INTO sessions VALUES (3, 'a', ''), (4, 'b', ''), "
          "(5000000000, 'c', '')");
  const auto rows = All(Open().get(),
                        "SELECT [sid] FROM {sessions} WHERE [sid] IN (?, ?) "
                        "OR [uid] = ? ORDER BY [sid]",
                        {"a", "b", int64_t{5'000'000'000}});
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  ASSERT_EQ(rows->size(), 3u);
  EXPECT_EQ((*rows)[2][0], "c");
}

TEST_P(ServerDatabaseTest, AnswersMoreTextsThanItKeeps) {
  Execute(SessionsTable() + "INSERT INTO sessions VALUES (3, 'a', '')");
  const auto database = Open();
  for (int round = 0; round < 2; ++round) {
    for (size_t i = 0; i < Database::kMaxPrepared + 8; ++i) {
      const auto rows = All(database.get(),
                            "SELECT [uid] + " + std::to_string(i) +
                                " FROM {sessions} WHERE [sid] = ?",
                            {"a"});
      ASSERT_TRUE(rows.ok()) << rows.error().message;
      EXPECT_EQ((*rows)[0][0], std::to_string(3 + i));
    }
  }
}

TEST_P(ServerDatabaseTest, KeepsToTheRowsItMayReturn) {
  Execute(SessionsTable() +
          "INSERT INTO sessions VALUES (3, 'a', ''), (4, 'b', '')");
  const auto rows = Open()->Run("SELECT [sid] FROM {sessions}", {}, 1);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().code, ErrorCode::kLimit);
}

TEST_P(ServerDatabaseTest, ReadsTheLargestValueAndRefusesALargerOne) {
  const std::string size = std::to_string(Database::kMaxValueBytes);
  const std::string text =
      mysql() ? "REPEAT('x', " + size + ")"
              : "convert_to(repeat('x', " + size + "), 'UTF8')";
  const std::string more =
      mysql() ? "CONCAT(" + text + ", 'y')" : text + " || 'y'::bytea";
  Execute(SessionsTable() + "INSERT INTO sessions VALUES (3, 'largest', " +
          text + ")");
  Execute("INSERT INTO sessions VALUES (3, 'larger', " + more + ")");
  const auto database = Open();

  const auto largest = Session(database.get(), "largest");
  ASSERT_TRUE(largest.ok()) << largest.error().message;
  EXPECT_EQ((*largest)[0][1]->size(), Database::kMaxValueBytes);
  EXPECT_EQ((*largest)[0][1]->find_first_not_of('x'), std::string::npos);

  const auto larger = Session(database.get(), "larger");
  ASSERT_FALSE(larger.ok());
  EXPECT_EQ(larger.error().code, ErrorCode::kLimit);
}

TEST_P(ServerDatabaseTest, SaysThatATableIsMissingAndSeesItOnceItIsMade) {
  const auto database = Open();
  for (int i = 0; i < 2; ++i) {
    const auto rows = Session(database.get(), "key");
    ASSERT_FALSE(rows.ok());
    EXPECT_EQ(rows.error().code, ErrorCode::kNotFound);
  }
  Execute(SessionsTable());
  EXPECT_TRUE(database->alive());
  EXPECT_TRUE(Session(database.get(), "key").ok());
}

TEST_P(ServerDatabaseTest, IsUnavailableWhereAColumnIsMissing) {
  Execute("CREATE TABLE sessions (uid INTEGER, sid VARCHAR(128))");
  const auto rows = Session(Open().get(), "s3cret-key");
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(rows.error().message, HasSubstr("session"));
  EXPECT_THAT(rows.error().message, Not(HasSubstr("s3cret-key")));
}

TEST_P(ServerDatabaseTest, TakesAParameterThatItsColumnCannotHoldForNone) {
  if (mysql()) return;  // compares them all the same
  Execute(SessionsTable());
  const auto database = Open();
  const auto rows =
      All(database.get(), "SELECT [sid] FROM {sessions} WHERE [uid] = ?",
          {"s3cret"});
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(rows.error().message, Not(HasSubstr("s3cret")));
}

TEST_P(ServerDatabaseTest, WritesNothing) {
  Execute(SessionsTable());
  const auto rows =
      All(Open().get(), "INSERT INTO {sessions} ([uid], [sid]) VALUES (1, ?)",
          {"x"});
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(rows.error().message, testing::ContainsRegex("[Rr][Ee][Aa][Dd]"));
  EXPECT_EQ(All(Open().get(), "SELECT [sid] FROM {sessions}")->size(), 0u);
}

TEST_P(ServerDatabaseTest, SeesWhatWasWrittenSinceItReadLast) {
  Execute(SessionsTable());
  const auto database = Open();
  EXPECT_EQ(Session(database.get(), "key")->size(), 0u);
  Execute("INSERT INTO sessions VALUES (3, 'key', '')");
  EXPECT_EQ(Session(database.get(), "key")->size(), 1u);
  Execute("DELETE FROM sessions");
  EXPECT_EQ(Session(database.get(), "key")->size(), 0u);
}

TEST_P(ServerDatabaseTest, TakesAPrefixForAllTablesAndOneForSome) {
  Execute(SessionsTable("a_sessions") + SessionsTable("b_sessions") +
          "INSERT INTO a_sessions VALUES (1, 'key', '');"
          "INSERT INTO b_sessions VALUES (2, 'key', '')");
  config_.prefix = "a_";
  EXPECT_EQ((*Session(Open().get(), "key"))[0][2], "1");
  config_.table_prefixes["sessions"] = "b_";
  EXPECT_EQ((*Session(Open().get(), "key"))[0][2], "2");
}

TEST_P(ServerDatabaseTest, TakesAPrefixWithADotForAnotherSchemaOrDatabase) {
  const std::string other = "other_" + config_.database;
  Execute(mysql() ? "CREATE DATABASE " + other : "CREATE SCHEMA " + other);
  Execute(SessionsTable(other + ".pre_sessions") + "INSERT INTO " + other +
          ".pre_sessions VALUES (7, 'key', '')");
  config_.prefix = other + ".pre_";
  const auto rows = Session(Open().get(), "key");
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  EXPECT_EQ((*rows)[0][2], "7");
}

TEST(PgsqlDatabase, ReadsTheSchemaThatTheSiteNames) {
  LiveServer& server = LiveServer::Shared("pgsql");
  DatabaseConfig config = server.NewDatabase();
  server.Execute(config,
                 "CREATE SCHEMA \"Drupal site\";"
                 "CREATE TABLE \"Drupal site\".n (a INTEGER);"
                 "CREATE TABLE n (a INTEGER);"
                 "INSERT INTO \"Drupal site\".n VALUES (1)");
  config.schema = "Drupal site";
  EXPECT_EQ((*OpenDatabase(config))->Run("SELECT [a] FROM {n}", {}, 1)->size(),
            1u);
  config.schema = "public";
  EXPECT_EQ((*OpenDatabase(config))->Run("SELECT [a] FROM {n}", {}, 1)->size(),
            0u);
  config.schema = "absent";
  EXPECT_FALSE((*OpenDatabase(config))->Run("SELECT [a] FROM {n}", {}, 1).ok());
}

TEST(PgsqlDatabase, ReadsByteaAlsoFromWhoPrefersTheOldSpelling) {
  LiveServer& server = LiveServer::Shared("pgsql");
  DatabaseConfig config = server.NewDatabase();
  server.Execute(config,
                 "CREATE TABLE n (a BYTEA);"
                 "INSERT INTO n VALUES ('\\x00ff5c78');"
                 "ALTER DATABASE " +
                     config.database + " SET bytea_output = 'escape'");
  EXPECT_EQ((*(*OpenDatabase(config))->Run("SELECT [a] FROM {n}", {}, 1))[0][0],
            std::string("\0\xff\\x", 4));
}

INSTANTIATE_TEST_SUITE_P(On, ServerDatabaseTest,
                         testing::Values("mysql", "pgsql"),
                         [](const auto& driver) {
                           return std::string(driver.param);
                         });

}  // namespace
}  // namespace rt
