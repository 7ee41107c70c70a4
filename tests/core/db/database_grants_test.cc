// The rights that doc/databases.md says suffice do, and without them nobody is
// taken for anonymous. The statements are read from there.
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>

#include <regex>

#include "core/db/documented_grants.h"
#include "core/db/fake_store.h"
#include "core/db/live_golden_site.h"
#include "db/identity_service.h"

namespace rt {
namespace {

using testing::HasSubstr;

std::string Replaced(std::string text, const std::string& what,
                     const std::string& with) {
  return std::regex_replace(text, std::regex(what), with);
}

struct Recorded {
  const char* name;
  const char* heading;
};

class DatabaseGrantsTest : public testing::TestWithParam<Recorded> {
 protected:
  DatabaseGrantsTest()
      : golden_(LoadGoldenSite(GetParam().name)), login_(golden_->login) {
    const DatabaseConfig& config = login_.database;
    // The names of the document's example in the test's own.
    for (std::string line : GrantsUnder(GetParam().heading)) {
      line = Replaced(line, "drupalrt_reader", Account());
      line = Replaced(line, "drupal\\.", config.database + ".dp_");
      line = Replaced(line, "DATABASE drupal", "DATABASE " + config.database);
      grants_ += line + "\n";
    }
    login_.database.username = Account();
    login_.database.password = "a long password";
  }

  std::string Account() const { return "reader_" + login_.database.database; }
  LiveServer& server() { return LiveServer::Shared(login_.database.driver); }

  Result<IdentityPtr> Ask(const std::string& cookie) {
    IdentityService service;
    Answer answer;
    service.Lookup(std::make_shared<const SiteLogin>(login_), cookie, false,
                   answer.callback());
    return answer.Get();
  }

  std::unique_ptr<GoldenSite> golden_;
  SiteLogin login_;
  std::string grants_;
};

TEST_P(DatabaseGrantsTest, SufficeForEveryLogin) {
  server().Execute(login_.database, grants_);
  for (const GoldenAnswer& says : golden_->answers) {
    const auto result = Ask(says.cookie);
    ASSERT_TRUE(result.ok()) << result.error().message << "\n" << grants_;
    EXPECT_EQ((*result)->uid, says.uid);
  }
}

TEST_P(DatabaseGrantsTest, AreNoRightToReadPasswords) {
  server().Execute(login_.database, grants_);
  const auto database = OpenDatabase(login_.database);
  ASSERT_TRUE(database.ok()) << database.error().message;
  const char* table = login_.schema == 7 ? "users" : "users_field_data";
  const auto rows = (*database)->Run(
      "SELECT [pass] FROM {" + std::string(table) + "}", {}, 1000);
  ASSERT_FALSE(rows.ok());
  EXPECT_THAT(rows.error().message, HasSubstr("doc/databases.md"));
}

TEST_P(DatabaseGrantsTest, LeaveNobodyAnonymousWhereOneIsMissing) {
  // All but one, each in turn.
  for (const char* missing :
       {"sessions", "users", "roles|user__roles|users_roles",
        "config|role_permission"}) {
    SCOPED_TRACE(missing);
    std::string some;
    std::istringstream lines(grants_);
    std::string line;
    while (std::getline(lines, line)) {
      const std::regex on(
          "GRANT SELECT .*(dp_| )(" + std::string(missing) +
          (missing == std::string("users") ? "|users_field_data" : "") +
          ") TO.*");
      if (!std::regex_match(line, on)) some += line + "\n";
    }
    EXPECT_NE(some, grants_);
    server().Execute(login_.database, some);

    const auto result = Ask(golden_->answers.front().cookie);

    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(result.error().message, HasSubstr("doc/databases.md"));
    const bool mysql = login_.database.driver == "mysql";
    server().Execute(login_.database, mysql ? "DROP USER " + Account() + "@'%'"
                                            : "DROP OWNED BY " + Account() +
                                                  "; DROP ROLE " + Account());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Of, DatabaseGrantsTest,
    testing::Values(
        Recorded{"drupal10-mariadb", "MariaDB and MySQL, Drupal 8 and later"},
        Recorded{"drupal7-mariadb", "MariaDB and MySQL, Drupal 7"},
        Recorded{"drupal10-pgsql", "PostgreSQL, Drupal 8 and later"},
        Recorded{"drupal7-pgsql", "PostgreSQL, Drupal 7"}),
    [](const auto& recorded) {
      return Replaced(recorded.param.name, "-", "_");
    });

// SQLite has no accounts: reading the file is enough, and as another user than
// Drupal's the broker cannot write it.
TEST(SqliteGrants, SufficeForAUserWhoMayOnlyReadTheFile) {
  const GoldenSite golden("drupal10-sqlite");
  namespace fs = std::filesystem;
  fs::permissions(golden.folder.File(""), fs::perms(0755));
  fs::permissions(golden.path, fs::perms(0444));
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const uid_t nobody = 65534;
    if (geteuid() == 0 && (setgroups(0, nullptr) != 0 || setgid(nobody) != 0 ||
                           setuid(nobody) != 0)) {
      _exit(2);
    }
    IdentityService service;
    Answer answer;
    service.Lookup(std::make_shared<const SiteLogin>(golden.login),
                   golden.answers.front().cookie, false, answer.callback());
    const auto result = answer.Get();
    const bool right =
        result.ok() && (*result)->uid == golden.answers.front().uid;
    _exit(right ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace rt
