// Where a native login could say something else than Drupal about what a user
// may do, or look in the wrong place: one test each. See traps_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>

#include "core/db/small_site.h"
#include "db/login_sql.h"
#include "db/sql_text.h"
#include "drupal/cookie_name.h"

namespace rt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SiteTraps : public SmallSite {
 protected:
  // Tables with a session "x" of account 5, who has the role editor.
  void MakeSignedIn() {
    MakeTables();
    MakeSessions();
    SignIn("x", 5, "i:5;");
    Execute("INSERT INTO user__roles VALUES (5, 'editor');");
  }
};

// --- Roles ------------------------------------------------------------------

TEST_F(SiteTraps, ARoleIsAnAdministratorsByWhateverPhpFindsTrue) {
  MakeSignedIn();
  const auto is_admin = [&](const std::string& value) {
    Execute("DELETE FROM config;");
    PutRole("editor", "a:1:{s:8:\"is_admin\";" + value + "}");
    service_.DropRoles("site");
    return Ask("SESS=x")->admin;
  };
  EXPECT_FALSE(is_admin("N;"));
  EXPECT_FALSE(is_admin("b:0;"));
  EXPECT_FALSE(is_admin("s:1:\"0\";"));
  EXPECT_TRUE(is_admin("b:1;"));
  EXPECT_TRUE(is_admin("s:1:\"1\";"));
  EXPECT_TRUE(is_admin("i:1;"));
}

TEST_F(SiteTraps, UserOneMayDoAllUnlessTheContainerSaysOtherwise) {
  MakeTables();
  MakeSessions();
  Execute("INSERT INTO users_field_data VALUES (1, 'en', 'admin', 1, 1);");
  SignIn("one", 1, "i:1;");
  EXPECT_TRUE(Ask("SESS=one")->HasPermission("anything"));
  login_.super_user = false;
  site_ = nullptr;
  EXPECT_FALSE(Ask("SESS=one")->HasPermission("anything"));
}

TEST_F(SiteTraps, WhatOverridesAndAccessPoliciesMakeOfRolesReplacesTheTable) {
  MakeSignedIn();
  PutRole("editor", "a:1:{s:11:\"permissions\";a:1:{i:0;s:6:\"stored\";}}");
  EXPECT_THAT(Ask("SESS=x")->permissions.list(), ElementsAre("stored"));
  login_.roles.emplace();
  (*login_.roles)["editor"].permissions = Permissions({"effective"});
  site_ = nullptr;
  EXPECT_THAT(Ask("SESS=x")->permissions.list(), ElementsAre("effective"));
}

TEST_F(SiteTraps, ARoleThatIsOffStillGrantsAndOneThatIsMissingDoesNot) {
  MakeSignedIn();
  Execute("INSERT INTO user__roles VALUES (5, 'deleted');");
  PutRole("editor",
          "a:2:{s:6:\"status\";b:0;"
          "s:11:\"permissions\";a:1:{i:4;s:4:\"edit\";}}");
  EXPECT_THAT(Ask("SESS=x")->permissions.list(), ElementsAre("edit"));
}

TEST_F(SiteTraps, ARoleWhoseNameOnlyLooksAlikeGrantsNothing) {
  MakeSignedIn();
  Execute(
      "INSERT INTO config VALUES ('', 'USER.ROLE.editor', "
      "'a:1:{s:8:\"is_admin\";b:1;}');"
      "INSERT INTO config VALUES ('language.de', 'user.role.editor', "
      "'a:1:{s:8:\"is_admin\";b:1;}');");
  const IdentityPtr who = Ask("SESS=x");
  EXPECT_FALSE(who->admin);
  EXPECT_THAT(who->roles, ElementsAre("authenticated", "editor"));
}

TEST_F(SiteTraps, ARoleThatCannotBeReadGrantsNothingAndHurtsNoOther) {
  MakeSignedIn();
  Execute("INSERT INTO user__roles VALUES (5, 'odd');");
  PutRole("odd", "a:1:{");
  PutRole("editor", "a:1:{s:11:\"permissions\";a:1:{i:4;s:4:\"edit\";}}");
  EXPECT_THAT(Ask("SESS=x")->permissions.list(), ElementsAre("edit"));
}

// --- Where tables are -------------------------------------------------------

TEST_F(SiteTraps, SqlitesPrefixIsAnotherFile) {
  login_.database.path += "-test1";
  MakeSignedIn();
  login_.database.path = folder_.File("site");
  login_.database.prefix = "test1";
  EXPECT_EQ(Ask("SESS=x")->uid, 5u);
}

TEST_F(SiteTraps, SqlitesPathMayBeRelativeToTheFolderThatIsCurrent) {
  MakeSignedIn();
  login_.database.path = std::filesystem::relative(login_.database.path);
  ASSERT_FALSE(login_.database.path.starts_with('/'));
  EXPECT_EQ(Ask("SESS=x")->uid, 5u);
}

// Another program that writes Drupal's file.
class Writer {
 public:
  explicit Writer(const std::string& path) {
    EXPECT_EQ(sqlite3_open(path.c_str(), &database_), SQLITE_OK);
  }
  ~Writer() { sqlite3_close(database_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void Run(const std::string& sql) {
    EXPECT_EQ(sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr),
              SQLITE_OK)
        << sqlite3_errmsg(database_);
  }

 private:
  sqlite3* database_ = nullptr;
};

TEST_F(SiteTraps, SqlitesWriteAheadLogIsReadToo) {
  MakeTables();
  MakeSessions();
  Writer writer(login_.database.path);
  // Nothing of this is in the database's own file yet.
  writer.Run(
      "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; "
      "INSERT INTO sessions VALUES (5, '" +
      HashBase64("x") + "', 1, '_sf2_attributes|a:1:{s:3:\"uid\";i:5;}');");
  EXPECT_EQ(Ask("SESS=x")->uid, 5u);
  // An open transaction neither hides what was before nor shows what is new.
  writer.Run("BEGIN IMMEDIATE; DELETE FROM sessions;");
  EXPECT_EQ(Ask("SESS=x")->uid, 5u);
  writer.Run("COMMIT;");
  EXPECT_EQ(Ask("SESS=x")->uid, 0u);
}

TEST_F(SiteTraps, AWriterWhoLocksSqlitesFileIsWaitedFor) {
  MakeSignedIn();
  Writer writer(login_.database.path);
  writer.Run("BEGIN EXCLUSIVE;");
  site_ = std::make_shared<const SiteLogin>(login_);
  Answer answer;
  service_.Lookup(site_, "SESS=x", false, answer.callback());
  writer.Run("COMMIT;");
  const auto result = answer.Get();
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ((*result)->uid, 5u);
}

TEST_F(SiteTraps, DrupalSevenHasPrefixesByTable) {
  DatabaseConfig config;
  config.prefix = "main_";
  config.table_prefixes = {{"sessions", "shared."}, {"users", "shared.u_"}};
  const auto sql = [&](LoginQuery query) {
    return RenderSql(LoginSql(query, 7), config, SqlDialect{});
  };
  EXPECT_THAT(sql(LoginQuery::kSession), HasSubstr("\"shared\".\"sessions\""));
  EXPECT_THAT(sql(LoginQuery::kAccount), HasSubstr("\"shared\".\"u_users\""));
  EXPECT_THAT(sql(LoginQuery::kAccountRoles),
              HasSubstr("\"main_users_roles\""));
}

TEST_F(SiteTraps, AFunctionalTestsChildSiteHasACookieAndAPrefixOfItsOwn) {
  login_.database.path += "-test12345678";
  MakeSignedIn();
  login_.database.path = folder_.File("site");
  login_.database.prefix = "test12345678";
  login_.cookies_http = {SessionCookieNameOf("test12345678", false)};
  EXPECT_EQ(Ask("SESSf5fbc6fe84c365315f491d4275c2f2e5=x")->uid, 5u);
  EXPECT_EQ(Ask(SessionCookieNameOf("example.test", false) + "=x")->uid, 0u);
}

// The page's host and scheme are those that its Origin says, whichever hops
// there were between: see also the conformance tests about proxies.
TEST_F(SiteTraps, BehindAProxyThePagesHostAndSchemeChooseTheCookie) {
  MakeSignedIn();
  login_.cookies_http.clear();
  const std::string secure =
      SessionCookieNameOf("www.example.test", true) + "=x";
  EXPECT_EQ((*Look(secure, "www.example.test", true))->uid, 5u);
  EXPECT_EQ((*Look(secure, "www.example.test", false))->reason, "no cookie");
  EXPECT_EQ((*Look(secure, "127.0.0.1", true))->reason, "no cookie");
}

}  // namespace
}  // namespace rt
