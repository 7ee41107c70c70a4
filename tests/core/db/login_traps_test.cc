// Where a native login could say something else than Drupal: one test each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/db/fake_store.h"
#include "core/db/golden_site.h"
#include "db/identity_service.h"

namespace rt {
namespace {

using testing::ElementsAre;

const char kTables[] =
    "CREATE TABLE users_field_data (uid INTEGER, langcode TEXT, "
    "name VARCHAR(60) COLLATE NOCASE_UTF8, status INTEGER, "
    "default_langcode INTEGER);"
    "CREATE TABLE user__roles (entity_id INTEGER, roles_target_id TEXT);"
    "CREATE TABLE config (collection TEXT, name TEXT, data BLOB);"
    "INSERT INTO users_field_data VALUES (5, 'en', 'editor', 1, 1);";
const char kSessions[] =
    "CREATE TABLE sessions (uid INTEGER, sid VARCHAR(128), timestamp INTEGER, "
    "session BLOB);";

class LoginTrapsTest : public testing::Test {
 protected:
  LoginTrapsTest() {
    login_.key = "site";
    login_.hosts = {"example.test"};
    login_.cookies_http = {"SESS"};
    login_.database.driver = "sqlite";
    login_.database.path = folder_.File("site");
    Execute(kTables);
  }

  void Execute(const std::string& sql) {
    ExecuteSql(login_.database.path, sql);
  }
  // A session of the id, with a uid in its column and one in its data.
  void SignIn(const std::string& id, int column, const std::string& uid) {
    Execute("INSERT INTO sessions VALUES (" + std::to_string(column) + ",'" +
            HashBase64(id) + "', 1, '_sf2_attributes|a:1:{s:3:\"uid\";" + uid +
            "}');");
  }
  IdentityPtr Ask(const std::string& cookies) {
    if (!site_) site_ = std::make_shared<const SiteLogin>(login_);
    Answer answer;
    service_.Lookup(site_, cookies, false, answer.callback());
    auto result = answer.Get();
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
    return result.ok() ? *result : std::make_shared<const Identity>();
  }

  TemporaryFolder folder_;
  SiteLogin login_;
  std::shared_ptr<const SiteLogin> site_;
  IdentityService service_;
};

TEST_F(LoginTrapsTest, AFreshSiteWithoutASessionsTableHasNoSessions) {
  EXPECT_EQ(Ask("SESS=x")->reason, "no session row");
  Execute(kSessions);
  SignIn("y", 5, "s:1:\"5\";");
  EXPECT_EQ(Ask("SESS=y")->uid, 5u);
}

TEST_F(LoginTrapsTest, TheDataOfASessionCountsAndNotItsColumn) {
  Execute(kSessions);
  SignIn("x", 1, "s:1:\"5\";");
  EXPECT_EQ(Ask("SESS=x")->uid, 5u);
}

TEST_F(LoginTrapsTest, NoTimeStampIsTooOld) {
  Execute(kSessions);
  SignIn("x", 5, "i:5;");  // of 1970
  EXPECT_EQ(Ask("SESS=x")->uid, 5u);
}

TEST_F(LoginTrapsTest, ACommaComesPercentEncoded) {
  Execute(kSessions);
  SignIn("a,b", 5, "i:5;");
  EXPECT_EQ(Ask("SESS=a%2Cb")->uid, 5u);
  EXPECT_EQ(Ask("SESS=a%252Cb")->uid, 0u);
}

TEST_F(LoginTrapsTest, OnlyTheDefaultTranslationOfAnAccountCounts) {
  Execute(kSessions);
  Execute(
      "INSERT INTO users_field_data VALUES (6, 'de', 'x', 1, 0);"
      "INSERT INTO users_field_data VALUES (5, 'de', 'x', 0, 0);");
  SignIn("five", 5, "i:5;");
  SignIn("six", 6, "i:6;");
  EXPECT_EQ(Ask("SESS=five")->name, "editor");
  EXPECT_EQ(Ask("SESS=six")->reason, "no such account");
}

TEST_F(LoginTrapsTest, AKeyOfAnotherCaseIsAnotherSession) {
  // As MySQL's collation would answer.
  Execute(
      "CREATE TABLE sessions (uid INTEGER, sid VARCHAR(128) COLLATE NOCASE, "
      "timestamp INTEGER, session BLOB);");
  std::string key = HashBase64("x");
  for (char& c : key) c = static_cast<char>(toupper(c));
  ASSERT_NE(key, HashBase64("x"));
  Execute("INSERT INTO sessions VALUES (5, '" + key +
          "', 1, '_sf2_attributes|a:1:{s:3:\"uid\";i:5;}');");
  EXPECT_EQ(Ask("SESS=x")->reason, "no session row");
}

TEST_F(LoginTrapsTest, ARoleWhoseNameOnlyLooksAlikeGrantsNothing) {
  Execute(kSessions);
  Execute(
      "INSERT INTO user__roles VALUES (5, 'editor');"
      "INSERT INTO config VALUES ('', 'USER.ROLE.editor', "
      "'a:1:{s:8:\"is_admin\";b:1;}');"
      "INSERT INTO config VALUES ('language.de', 'user.role.editor', "
      "'a:1:{s:8:\"is_admin\";b:1;}');");
  SignIn("x", 5, "i:5;");
  const IdentityPtr who = Ask("SESS=x");
  EXPECT_FALSE(who->admin);
  EXPECT_THAT(who->roles, ElementsAre("authenticated", "editor"));
}

TEST_F(LoginTrapsTest, ARoleThatCannotBeReadGrantsNothingAndHurtsNoOther) {
  Execute(kSessions);
  Execute(
      "INSERT INTO user__roles VALUES (5, 'odd'), (5, 'editor');"
      "INSERT INTO config VALUES ('', 'user.role.odd', 'a:1:{');"
      "INSERT INTO config VALUES ('', 'user.role.editor', "
      "'a:1:{s:11:\"permissions\";a:1:{i:4;s:4:\"edit\";}}');");
  SignIn("x", 5, "i:5;");
  EXPECT_THAT(Ask("SESS=x")->permissions.list(), ElementsAre("edit"));
}

TEST_F(LoginTrapsTest, AnOlderCookieOfTheOtherSchemeIsNotLookedAt) {
  login_.cookies_https = {"SSESS"};
  Execute(kSessions);
  SignIn("x", 5, "i:5;");
  site_ = std::make_shared<const SiteLogin>(login_);
  Answer answer;
  service_.Lookup(site_, "SESS=x", true, answer.callback());
  EXPECT_EQ((*answer.Get())->reason, "no cookie");
}

TEST_F(LoginTrapsTest, ANulByteInTheDataDoesNotCutItShort) {
  Execute(kSessions);
  Execute("INSERT INTO sessions VALUES (0, '" + HashBase64("x") +
          "', 1, CAST('a|s:3:\"x' || X'00' || 'y\";"
          "_sf2_attributes|a:1:{s:3:\"uid\";i:5;}' AS TEXT));");
  EXPECT_EQ(Ask("SESS=x")->uid, 5u);
}

}  // namespace
}  // namespace rt
