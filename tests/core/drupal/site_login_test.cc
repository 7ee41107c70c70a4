#include "drupal/site_login.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SiteLogin SqliteSite() {
  SiteLogin site;
  site.hosts = {"example.com", "www.example.com:8443"};
  site.database.driver = "sqlite";
  site.database.path = "/srv/site/.ht.sqlite";
  return site;
}

std::string WhyRefused(const SiteLogin& site) {
  const Status status = NativeLoginRefused(site);
  return status ? "" : status.error().message;
}

TEST(NativeLogin, IsTakenWithDrupalsOwnHandlerOnSqlite) {
  EXPECT_EQ(WhyRefused(SqliteSite()), "");
  SiteLogin seven = SqliteSite();
  seven.schema = 7;
  seven.session_handler = "drupal7";
  EXPECT_EQ(WhyRefused(seven), "");
}

TEST(NativeLogin, IsTakenOnEveryDatabaseOfDrupals) {
  for (const char* driver : {"sqlite", "mysql", "mysqli", "pgsql"}) {
    SiteLogin site = SqliteSite();
    site.database.driver = driver;
    EXPECT_EQ(WhyRefused(site), "") << driver;
  }
}

TEST(NativeLogin, IsRefusedWithAHandlerThatKeepsSessionsElsewhere) {
  SiteLogin site = SqliteSite();
  site.session_handler = "Acme\\MongoDbSessionHandler";
  EXPECT_THAT(WhyRefused(site), HasSubstr("MongoDbSessionHandler"));
  EXPECT_THAT(WhyRefused(site), HasSubstr("browsers need tokens"));
  site.session_handler = "drupal7";  // but the schema says 10
  EXPECT_THAT(WhyRefused(site), HasSubstr("drupal7"));
}

TEST(NativeLogin, IsTakenWithAStoreBesideTheDatabase) {
  SiteLogin site = SqliteSite();
  site.session_handler = "redis";
  EXPECT_THAT(WhyRefused(site), HasSubstr("session.store does not say where"));
  site.session_store.kind = SessionStoreConfig::Kind::kRedis;
  EXPECT_EQ(WhyRefused(site), "");
  site.session_store.tls = true;
  EXPECT_THAT(WhyRefused(site), HasSubstr("TLS"));
  site.session_store.tls = false;
  site.database.driver = "";
  EXPECT_THAT(WhyRefused(site), HasSubstr("no database"));
  site.schema = 7;
  EXPECT_THAT(WhyRefused(site), HasSubstr("Drupal 7"));
}

TEST(NativeLogin, IsRefusedWithASerializerThatCannotBeRead) {
  for (const char* serializer :
       {"igbinary", "msgpack", "php_binary", "wddx", ""}) {
    SiteLogin site = SqliteSite();
    site.serializer = serializer;
    EXPECT_THAT(WhyRefused(site),
                HasSubstr(std::string("\"") + serializer + "\" is neither"));
    site.session_handler = "redis";
    site.session_store.kind = SessionStoreConfig::Kind::kRedis;
    EXPECT_THAT(WhyRefused(site), HasSubstr("is neither"));
  }
}

TEST(SessionIdsOfASite, AreKeptWhereNothingElseFindsTheSession) {
  SiteLogin site = SqliteSite();
  EXPECT_FALSE(FindsSessionsById(site));
  site.session_store.kind = SessionStoreConfig::Kind::kMemcached;
  EXPECT_TRUE(FindsSessionsById(site));
  site.session_store.hashed_ids = true;
  EXPECT_FALSE(FindsSessionsById(site));

  SiteLogin seven = SqliteSite();
  seven.schema = 7;
  EXPECT_FALSE(FindsSessionsById(seven));
  seven.hashed_ids = false;
  EXPECT_TRUE(FindsSessionsById(seven));
}

TEST(NativeLogin, IsRefusedWithoutADriver) {
  SiteLogin site = SqliteSite();
  site.database.driver = "oracle";
  EXPECT_THAT(WhyRefused(site), HasSubstr("there is no driver \"oracle\""));
  site.database.driver = "";
  EXPECT_THAT(WhyRefused(site), HasSubstr("no database"));
}

TEST(CookieNames, AreTheDocumentsWhereItGivesSome) {
  SiteLogin site = SqliteSite();
  site.cookies_https = {"SSESSone", "SSESStwo"};
  EXPECT_THAT(CookieNames(site, "elsewhere.example", true),
              ElementsAre("SSESSone", "SSESStwo"));
}

TEST(CookieNames, AreDerivedFromThePageElseFromAllHosts) {
  const SiteLogin site = SqliteSite();
  EXPECT_THAT(CookieNames(site, "example.com:8080", false),
              ElementsAre("SESSa379a6f6eeafb9a55e378c118034e275"));
  EXPECT_THAT(CookieNames(site, "", true),
              ElementsAre("SSESSa379a6f6eeafb9a55e378c118034e275",
                          "SSESS80fc0fb9266db7b83f85850fa0e6548b"));
}

TEST(CookieNames, NeverFallBackToTheOtherScheme) {
  SiteLogin site = SqliteSite();
  site.cookies_http = {"SESSone"};
  for (const std::string& name : CookieNames(site, "example.com", true)) {
    EXPECT_TRUE(name.starts_with("SSESS")) << name;
  }
}

}  // namespace
}  // namespace rt
