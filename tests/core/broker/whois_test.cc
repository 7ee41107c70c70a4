#include "broker/whois.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "core/db/live_golden_site.h"

namespace rt {
namespace {

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  std::string line;
  while (std::getline(stream, line)) lines.push_back(line);
  return lines;
}

SiteDocument Document(const GoldenSite& golden) {
  SiteDocument site;
  site.key = golden.login.key;
  site.hosts = golden.login.hosts;
  site.login = golden.login;
  return site;
}

class WhoisTest : public testing::TestWithParam<const char*> {};

TEST_P(WhoisTest, AnswersALineForALineAsDrupalDid) {
  const auto loaded = LoadGoldenSite(GetParam());
  const GoldenSite& golden = *loaded;
  std::string cookies;
  for (const GoldenAnswer& answer : golden.answers) {
    cookies += answer.cookie + "\n";
  }
  std::istringstream in(cookies);
  std::ostringstream out;

  EXPECT_EQ(RunWhois(in, out, Document(golden), "", false), 0);

  const std::vector<std::string> lines = Lines(out.str());
  ASSERT_EQ(lines.size(), golden.answers.size());
  simdjson::dom::parser parser;
  for (size_t i = 0; i < lines.size(); ++i) {
    const auto json = parser.parse(lines[i]).value();
    const GoldenAnswer& says = golden.answers[i];
    SCOPED_TRACE(says.note);
    EXPECT_EQ(json["uid"].get_int64().value(), says.uid);
    EXPECT_EQ(json["name"].get_string().value(), says.name);
    EXPECT_EQ(golden::Texts(json["roles"].get_array().value()), says.roles);
    if (!json["admin"].get_bool().value()) {
      EXPECT_EQ(golden::Texts(json["permissions"].get_array().value()),
                says.permissions);
    }
    EXPECT_EQ(json["reason"].get_string().value().empty(), says.uid != 0);
  }
}

INSTANTIATE_TEST_SUITE_P(On, WhoisTest,
                         testing::Values("drupal11-sqlite", "drupal7-mariadb",
                                         "drupal11-mariadb", "drupal10-pgsql"),
                         [](const auto& site) {
                           std::string name = site.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Whois, WritesTheFormThatTheInterfaceHas) {
  const GoldenSite golden("drupal11-sqlite");
  std::istringstream in("\n");
  std::ostringstream out;
  EXPECT_EQ(RunWhois(in, out, Document(golden), "", false), 0);
  EXPECT_EQ(
      out.str(),
      "{\"uid\":0,\"name\":\"\",\"roles\":[\"anonymous\"],\"admin\":false,"
      "\"permissions\":[\"access content\"],\"reason\":\"no cookie\"}\n");
}

TEST(Whois, LooksForTheCookieOfTheHostItIsTold) {
  const GoldenSite golden("drupal11-sqlite");
  std::istringstream in(golden.answers[0].cookie + "\n");
  std::ostringstream out;
  EXPECT_EQ(RunWhois(in, out, Document(golden), "other.test", false), 0);
  EXPECT_NE(out.str().find("\"reason\":\"no cookie\""), std::string::npos);
}

TEST(Whois, SaysWhatCouldNotBeAnsweredAndFails) {
  const GoldenSite golden("drupal11-sqlite");
  SiteDocument site = Document(golden);
  site.login.database.path = golden.folder.File("away");
  std::istringstream in(golden.answers[0].cookie + "\n");
  std::ostringstream out;
  EXPECT_EQ(RunWhois(in, out, site, "", false), 1);
  EXPECT_NE(out.str().find("\"code\":\"unavailable\""), std::string::npos);
}

}  // namespace
}  // namespace rt
