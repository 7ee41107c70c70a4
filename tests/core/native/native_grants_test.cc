// With the rights that doc/databases.md names, and no others, the library
// answers all of its questions.
#include <gtest/gtest.h>

#include <regex>

#include "core/db/documented_grants.h"
#include "core/native/asked_site.h"
#include "native/drupal.h"

namespace drupalrt {
namespace {

struct Case {
  const char* driver;
  int schema;
  const char* heading;
};

class NativeGrantsTest : public testing::TestWithParam<Case> {
 protected:
  NativeGrantsTest()
      : site_(GetParam().schema == 7 ? "drupal7-nodes" : "drupal10-nodes",
              GetParam().driver),
        server_(rt::LiveServer::Shared(GetParam().driver)),
        reader_(site_.database()) {
    // The recordings of nodes have none.
    server_.Execute(reader_,
                    "CREATE TABLE sessions (uid INTEGER, sid VARCHAR(128), "
                    "ssid VARCHAR(128), hostname VARCHAR(128), "
                    "timestamp INTEGER, session " +
                        server_.blob_type + ")");
    const std::string account = "library_" + reader_.database;
    const std::string heading = GetParam().heading;
    std::string all;
    for (const std::string& under : {heading, heading + ": the library"}) {
      for (std::string line : rt::GrantsUnder(under)) {
        line = std::regex_replace(line, std::regex("drupalrt_reader"), account);
        line = std::regex_replace(line, std::regex("drupal\\."),
                                  reader_.database + ".");
        line = std::regex_replace(line, std::regex("DATABASE drupal"),
                                  "DATABASE " + reader_.database);
        all += line + "\n";
      }
    }
    server_.Execute(reader_, all);
    reader_.username = account;
    reader_.password = "a long password";
  }

  RecordedSite site_;
  rt::LiveServer& server_;
  rt::DatabaseConfig reader_;
};

TEST_P(NativeGrantsTest, SufficeForEveryQuestion) {
  const auto drupal =
      Open(Document(reader_, GetParam().schema, R"(,"node_access":"core")"));
  ASSERT_NE(drupal, nullptr);
  const auto account = drupal->AccountOf(4);
  ASSERT_TRUE(account.ok()) << account.error().message;
  EXPECT_EQ(account->name, "member4");
  const auto sessions = drupal->SessionsOf(4);
  EXPECT_TRUE(sessions.ok()) << sessions.error().message;
  const auto roles = drupal->Roles();
  EXPECT_TRUE(roles.ok()) << roles.error().message;
  const auto access = drupal->Access("access content", 4);
  EXPECT_TRUE(access.ok()) << access.error().message;
  const auto value =
      drupal->Config(GetParam().schema == 7 ? "site_name" : "system.site");
  EXPECT_TRUE(value.ok() || value.error().code == ErrorCode::kNotFound)
      << value.error().message;
  for (const uint64_t nid : {1, 2, 3}) {
    const auto node = drupal->NodeAccess(nid, NodeOperation::kUpdate, 4);
    ASSERT_TRUE(node.ok()) << node.error().message;
    EXPECT_NE(node->verdict, Verdict::kUnknown) << node->reason;
  }
}

// A value of another type than the column's is nobody's, whatever the database
// makes of it.
TEST_P(NativeGrantsTest, ANumberIsNoTextAndATextNoNumber) {
  const auto drupal = Open(Document(reader_, GetParam().schema, ""));
  ASSERT_NE(drupal, nullptr);
  const auto names = [&](const std::string& column, Condition::Is is,
                         std::vector<Condition::Operand> operands) {
    Query query;
    query.table = GetParam().schema == 7 ? "users" : "users_field_data";
    query.columns = {"name"};
    query.where = {{column, is, std::move(operands)}};
    query.limit = 100;
    const auto rows = drupal->Select(query);
    return rows.ok() ? rows->size() : 0;
  };
  using Is = Condition::Is;
  EXPECT_EQ(names("uid", Is::kEqual, {4}), 1u);
  EXPECT_EQ(names("uid", Is::kEqual, {"4"}), 1u);
  EXPECT_EQ(names("name", Is::kEqual, {"member4"}), 1u);
  EXPECT_EQ(names("name", Is::kOneOf, {"member4", "nobody"}), 1u);
  const size_t others = names("uid", Is::kNotEqual, {4});
  EXPECT_GE(others, 5u);
  for (const char* odd : {"4abc", "4 or 1", "0x4", "4e0", "true"}) {
    EXPECT_EQ(names("uid", Is::kEqual, {odd}), 0u) << odd;
    EXPECT_EQ(names("uid", Is::kOneOf, {odd, "no"}), 0u) << odd;
  }
  EXPECT_EQ(names("name", Is::kEqual, {0}), 0u);
  EXPECT_EQ(names("name", Is::kOneOf, {0, 1}), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    On, NativeGrantsTest,
    testing::Values(Case{"mysql", 10, "MariaDB and MySQL, Drupal 8 and later"},
                    Case{"mysql", 7, "MariaDB and MySQL, Drupal 7"},
                    Case{"pgsql", 10, "PostgreSQL, Drupal 8 and later"},
                    Case{"pgsql", 7, "PostgreSQL, Drupal 7"}),
    [](const auto& one) {
      return std::string(one.param.driver) + std::to_string(one.param.schema);
    });

}  // namespace
}  // namespace drupalrt
