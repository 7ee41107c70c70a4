#include "db/sqlite_database.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/db/golden_site.h"
#include "db/login_sql.h"

namespace rt {
namespace {

const char kTables[] =
    "CREATE TABLE sessions (uid INTEGER, sid VARCHAR(128) PRIMARY KEY, "
    "session BLOB);"
    "CREATE TABLE users_field_data (uid INTEGER, langcode VARCHAR(12), "
    "name VARCHAR(60) COLLATE NOCASE_UTF8 NOT NULL, status INTEGER, "
    "default_langcode INTEGER, PRIMARY KEY (uid, langcode));"
    "CREATE UNIQUE INDEX names ON users_field_data (name, langcode);";

class SqliteDatabaseTest : public testing::Test {
 protected:
  SqliteDatabaseTest() {
    config_.driver = "sqlite";
    config_.path = folder_.File("site");
  }

  std::unique_ptr<Database> Open() {
    auto opened = OpenDatabase(config_);
    EXPECT_TRUE(opened.ok());
    return opened.ok() ? std::move(*opened) : nullptr;
  }
  Result<std::vector<DatabaseRow>> Session(Database* database,
                                           const std::string& key) {
    return database->Run(LoginSql(LoginQuery::kSession, 10), {key}, 16);
  }

  TemporaryFolder folder_;
  DatabaseConfig config_;
};

TEST_F(SqliteDatabaseTest, ReadsTextWithNulBytesToItsEnd) {
  ExecuteSql(config_.path, std::string(kTables) +
                               "INSERT INTO sessions VALUES (3, 'key', "
                               "CAST(X'610062' AS TEXT));");
  const auto rows = Session(Open().get(), "key");
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0][0], "key");
  EXPECT_EQ((*rows)[0][1], std::string("a\0b", 3));
  EXPECT_EQ((*rows)[0][2], "3");
}

TEST_F(SqliteDatabaseTest, TellsNullFromEmpty) {
  ExecuteSql(config_.path, std::string(kTables) +
                               "INSERT INTO sessions VALUES (0, 'a', NULL),"
                               "(0, 'b', '');");
  const auto database = Open();
  EXPECT_EQ((*Session(database.get(), "a"))[0][1], std::nullopt);
  EXPECT_EQ((*Session(database.get(), "b"))[0][1], "");
}

TEST_F(SqliteDatabaseTest, MayTouchColumnsOfDrupalsOwnCollation) {
  ExecuteSql(config_.path, std::string(kTables) +
                               "INSERT INTO users_field_data VALUES "
                               "(5, 'en', 'Zoë', 1, 1), (5, 'de', 'x', 0, 0);");
  const auto rows = Open()->Run(LoginSql(LoginQuery::kAccount, 10), {5}, 1);
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  EXPECT_EQ((*rows)[0][0], "Zoë");  // of the default language alone
  EXPECT_EQ((*rows)[0][1], "1");
}

TEST_F(SqliteDatabaseTest, TakesAPrefixForAnotherFile) {
  ExecuteSql(config_.path, kTables);
  ExecuteSql(config_.path + "-test123",
             std::string(kTables) +
                 "INSERT INTO sessions VALUES (3, 'key', "
                 "'data');");
  EXPECT_EQ(Session(Open().get(), "key")->size(), 0u);
  config_.prefix = "test123";
  EXPECT_EQ(Session(Open().get(), "key")->size(), 1u);
}

TEST_F(SqliteDatabaseTest, TakesARelativePathAsItIs) {
  ExecuteSql(config_.path, kTables);
  config_.path = std::filesystem::relative(config_.path);
  EXPECT_TRUE(Session(Open().get(), "key").ok());
}

TEST_F(SqliteDatabaseTest, SaysThatATableIsMissing) {
  ExecuteSql(config_.path, "CREATE TABLE other (id INTEGER);");
  const auto database = Open();
  const auto rows = Session(database.get(), "key");
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().code, ErrorCode::kNotFound);

  // And sees it once Drupal has made it.
  ExecuteSql(config_.path, kTables);
  EXPECT_TRUE(Session(database.get(), "key").ok());
}

TEST_F(SqliteDatabaseTest, SeesWhatWasWrittenSinceItReadLast) {
  ExecuteSql(config_.path, std::string("PRAGMA journal_mode=WAL;") + kTables);
  const auto database = Open();
  EXPECT_EQ(Session(database.get(), "key")->size(), 0u);
  ExecuteSql(config_.path, "INSERT INTO sessions VALUES (3, 'key', 'data');");
  EXPECT_EQ(Session(database.get(), "key")->size(), 1u);
}

TEST_F(SqliteDatabaseTest, NeverMakesNorWritesAFile) {
  EXPECT_EQ(OpenDatabase(config_).error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(std::filesystem::exists(config_.path));
}

TEST_F(SqliteDatabaseTest, IsDeadOnceItsFileIsReplaced) {
  ExecuteSql(config_.path, kTables);
  const auto database = Open();
  EXPECT_TRUE(Session(database.get(), "key").ok());
  EXPECT_TRUE(database->alive());

  std::filesystem::remove(config_.path);
  ExecuteSql(config_.path, kTables);

  EXPECT_FALSE(database->alive());
}

TEST_F(SqliteDatabaseTest, IsUnavailableWhileAWriterKeepsTheFileLocked) {
  ExecuteSql(config_.path, kTables);
  sqlite3* writer = nullptr;
  ASSERT_EQ(sqlite3_open(config_.path.c_str(), &writer), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(writer, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr),
            SQLITE_OK);

  const auto rows = Session(Open().get(), "key");

  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().code, ErrorCode::kUnavailable);
  sqlite3_close(writer);
}

TEST_F(SqliteDatabaseTest, IsUnavailableWhereTheFileIsNoDatabase) {
  ExecuteSql(config_.path, kTables);
  std::ofstream(config_.path, std::ios::trunc) << std::string(4096, 'x');
  const auto rows = Session(Open().get(), "key");
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().code, ErrorCode::kUnavailable);
}

TEST_F(SqliteDatabaseTest, TakesAnyNumberOfParameters) {
  ExecuteSql(config_.path, std::string(kTables) +
                               "INSERT INTO sessions VALUES (3, 'a', ''),"
                               "(4, 'b', ''), (5, 'c', '');");
  const auto rows = Open()->Run(
      "SELECT [sid] FROM {sessions} WHERE [sid] IN (?, ?) OR [uid] = ?",
      {"a", "b", 5}, 3);
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  EXPECT_EQ(rows->size(), 3u);
}

TEST_F(SqliteDatabaseTest, AnswersMoreTextsThanItKeeps) {
  ExecuteSql(config_.path, std::string(kTables) +
                               "INSERT INTO sessions VALUES (3, 'a', '');");
  const auto database = Open();
  for (size_t i = 0; i < 2 * Database::kMaxPrepared; ++i) {
    const auto rows = database->Run("SELECT [uid] + " + std::to_string(i) +
                                        " FROM {sessions} WHERE [sid] = ?",
                                    {"a"}, 1);
    ASSERT_TRUE(rows.ok()) << rows.error().message;
    EXPECT_EQ((*rows)[0][0], std::to_string(3 + i));
  }
}

TEST_F(SqliteDatabaseTest, KeepsToTheRowsItMayReturn) {
  ExecuteSql(config_.path, std::string(kTables) +
                               "INSERT INTO users_field_data VALUES "
                               "(5, 'en', 'a', 1, 1), (5, 'de', 'b', 1, 1);");
  const auto rows = Open()->Run(LoginSql(LoginQuery::kAccount, 10), {5}, 1);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().code, ErrorCode::kLimit);
}

TEST(OpenDatabase, NamesADriverThatThereIsNot) {
  DatabaseConfig config;
  config.driver = "oracle";
  const auto opened = OpenDatabase(config);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(opened.error().message, "there is no driver \"oracle\"");
  EXPECT_FALSE(HasDatabaseDriver("oracle"));
  for (const char* driver : {"sqlite", "mysql", "mysqli", "pgsql"}) {
    EXPECT_TRUE(HasDatabaseDriver(driver)) << driver;
  }
}

}  // namespace
}  // namespace rt
