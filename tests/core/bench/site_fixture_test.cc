#include "bench/site_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>
#include <sqlite3.h>

#include <filesystem>

#include "base/digest.h"

namespace rt::bench {
namespace {

class SiteFixtureTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "siteXXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  // The first column of the first row, or nothing.
  std::string Ask(const std::string& sql) {
    sqlite3* database = nullptr;
    sqlite3_open((directory_ + "/site.sqlite").c_str(), &database);
    std::string answer;
    sqlite3_exec(
        database, sql.c_str(),
        [](void* out, int, char** values, char**) {
          if (values[0] != nullptr) *static_cast<std::string*>(out) = values[0];
          return 0;
        },
        &answer, nullptr);
    sqlite3_close(database);
    return answer;
  }

  std::string directory_;
};

TEST_F(SiteFixtureTest, SignsInTheUserOfEachCookie) {
  ASSERT_TRUE(MakeSiteFixture(directory_, 20).ok());
  const std::string cookie = FixtureCookie(12);
  const auto hash = Sha256(cookie.substr(cookie.find('=') + 1));
  const std::string sid = Base64UrlEncode(
      {reinterpret_cast<const char*>(hash.data()), hash.size()});

  EXPECT_EQ(Ask("SELECT session FROM sessions WHERE sid = '" + sid + "'"),
            R"(_sf2_attributes|a:1:{s:3:"uid";s:2:"14";})");
  EXPECT_EQ(Ask("SELECT status FROM users_field_data WHERE uid = 14 "
                "AND default_langcode = 1"),
            "1");
  EXPECT_EQ(Ask("SELECT roles_target_id FROM user__roles "
                "WHERE entity_id = 14"),
            "member");
}

TEST_F(SiteFixtureTest, LeadsTheBrokerToItsDatabase) {
  const auto path = MakeSiteFixture(directory_, 1);
  ASSERT_TRUE(path.ok());
  simdjson::dom::parser parser;
  simdjson::dom::element site;
  std::string_view database;
  std::string_view cookie;

  ASSERT_FALSE(parser.load(*path).get(site));
  ASSERT_FALSE(site["database"]["path"].get(database));
  ASSERT_FALSE(site["cookies"]["http"].at(0).get(cookie));

  EXPECT_TRUE(
      std::filesystem::equivalent(database, directory_ + "/site.sqlite"));
  EXPECT_TRUE(FixtureCookie(0).starts_with(std::string(cookie) + "="));
  EXPECT_GE(std::string(kFixtureSecret).size(), 32u);
}

TEST_F(SiteFixtureTest, IsMadeAnew) {
  ASSERT_TRUE(MakeSiteFixture(directory_, 20).ok());
  ASSERT_TRUE(MakeSiteFixture(directory_, 3).ok());
  EXPECT_EQ(Ask("SELECT COUNT(*) FROM sessions"), "3");
}

TEST_F(SiteFixtureTest, NeedsItsDirectory) {
  const auto path = MakeSiteFixture(directory_ + "/missing", 1);
  ASSERT_FALSE(path.ok());
  EXPECT_EQ(path.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace rt::bench
