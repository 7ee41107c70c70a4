// Where sessions are kept, in the site document.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/site_document.h"

namespace rt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Kind = SessionStoreConfig::Kind;
using Distribution = SessionStoreConfig::Distribution;

std::string Document(const std::string& session, int schema = 10) {
  return R"({"version": 1, "key": "k", "hosts": ["example.test"], "schema": )" +
         std::to_string(schema) + R"(, "session": {)" + session + "}}";
}
std::string Redis(const std::string& store) {
  return Document(R"("handler": "redis", "store": {)" + store + "}");
}
std::string Memcached(const std::string& store) {
  return Document(R"("handler": "memcached", "store": {)" + store + "}");
}

SiteLogin Login(const std::string& document) {
  const auto parsed = ParseSiteDocument(document);
  EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().message);
  return parsed.ok() ? parsed->login : SiteLogin();
}
std::string MistakeIn(const std::string& document) {
  const auto parsed = ParseSiteDocument(document);
  EXPECT_FALSE(parsed.ok()) << document;
  return parsed.ok() ? "" : parsed.error().message;
}

TEST(SessionSection, ReadsAllOfARedisStore) {
  const SiteLogin login = Login(Redis(
      R"("host": "redis.test", "port": 6380, "socket": "/run/r.sock",
         "username": "u", "password": "p w", "database": 3,
         "prefix": "site:", "layout": "php", "tls": true)"));
  EXPECT_EQ(login.session_handler, "redis");
  const SessionStoreConfig& store = login.session_store;
  EXPECT_EQ(store.kind, Kind::kRedis);
  EXPECT_EQ(store.host, "redis.test");
  EXPECT_EQ(store.port, 6380);
  EXPECT_EQ(store.socket, "/run/r.sock");
  EXPECT_EQ(store.username, "u");
  EXPECT_EQ(store.password, "p w");
  EXPECT_EQ(store.database, 3);
  EXPECT_EQ(store.prefix, "site:");
  EXPECT_FALSE(store.hashed_ids);
  EXPECT_TRUE(store.tls);
}

TEST(SessionSection, HasPhpsDefaults) {
  const SessionStoreConfig redis = Login(Redis("")).session_store;
  EXPECT_EQ(redis.host, "127.0.0.1");
  EXPECT_EQ(redis.port, 6379);
  EXPECT_EQ(redis.prefix, "PHPREDIS_SESSION:");
  EXPECT_FALSE(redis.tls);
  const SessionStoreConfig memcached =
      Login(Memcached(R"("servers": ["a:1", "/m:0", "b:2:3", "c"])"))
          .session_store;
  EXPECT_EQ(memcached.kind, Kind::kMemcached);
  EXPECT_THAT(memcached.servers, ElementsAre("a:1", "/m:0", "b:2:3", "c"));
  EXPECT_EQ(memcached.prefix, "memc.sess.key.");
  EXPECT_EQ(memcached.distribution, Distribution::kKetama);
}

TEST(SessionSection, KnowsTheLayoutsOfDrupalsModules) {
  const SessionStoreConfig symfony =
      Login(Redis(R"("layout": "symfony")")).session_store;
  EXPECT_EQ(symfony.prefix, "sf_s");
  EXPECT_FALSE(symfony.hashed_ids);
  EXPECT_EQ(Login(Redis(R"("layout": "redis_sessions")")).session_store,
            Login(Redis(R"("layout": "php")")).session_store);
  const SessionStoreConfig hashed =
      Login(Redis(R"("layout": "redis_session")")).session_store;
  EXPECT_EQ(hashed.prefix, "session_");
  EXPECT_TRUE(hashed.hashed_ids);
  const SessionStoreConfig own =
      Login(Redis(R"("layout": "redis_session", "prefix": "x")")).session_store;
  EXPECT_EQ(own.prefix, "x");
  EXPECT_TRUE(own.hashed_ids);
}

TEST(SessionSection, KnowsHowPhpSpreadsKeysOverServers) {
  const std::string servers = R"("servers": ["a"], "distribution": )";
  EXPECT_EQ(
      Login(Memcached(servers + R"("modula")")).session_store.distribution,
      Distribution::kModula);
  EXPECT_EQ(Login(Memcached(servers + R"("ketama_weighted")"))
                .session_store.distribution,
            Distribution::kKetamaWeighted);
}

TEST(SessionSection, HasTwoVariablesOfDrupalSeven) {
  const SiteLogin seven =
      Login(Document(R"("handler": "drupal7", "hashed_ids": false,
                        "mixed_mode": true)",
                     7));
  EXPECT_FALSE(seven.hashed_ids);
  EXPECT_TRUE(seven.mixed_mode);
  EXPECT_TRUE(Login(Document(R"("handler": "drupal7")", 7)).hashed_ids);
  EXPECT_THAT(MistakeIn(Document(R"("handler": "x", "hashed_ids": false)")),
              HasSubstr("$.session.hashed_ids: is for Drupal 7 alone"));
}

TEST(SessionSection, SaysWhereAStoreIsWrongAndWhatWasExpected) {
  EXPECT_EQ(MistakeIn(Document(R"("handler": "drupal7", "store": {})")),
            "$.session.store: only the handlers \"redis\" and \"memcached\" "
            "have one");
  EXPECT_EQ(MistakeIn(Redis(R"("hots": "a")")),
            "$.session.store.hots: unknown key (did you mean \"host\"?)");
  EXPECT_THAT(
      MistakeIn(Redis(R"("port": 0)")),
      HasSubstr("$.session.store.port: expected a whole number from 1"));
  EXPECT_EQ(MistakeIn(Redis(R"("socket": "run/r")")),
            "$.session.store.socket: expected an absolute path");
  EXPECT_EQ(MistakeIn(Redis(R"("username": "u")")),
            "$.session.store.password: is missing");
  EXPECT_EQ(MistakeIn(Redis(R"("host": "")")),
            "$.session.store.host: expected a host's name or address");
  EXPECT_THAT(MistakeIn(Redis(R"("prefix": "a\u0000")")),
              HasSubstr("$.session.store.prefix: expected at most 4096 bytes"));
  EXPECT_THAT(MistakeIn(Redis(R"("layout": "redis")")),
              HasSubstr("$.session.store.layout: expected one of \"php\""));
  EXPECT_EQ(MistakeIn(Memcached("")), "$.session.store.servers: is missing");
  EXPECT_EQ(MistakeIn(Memcached(R"("servers": [])")),
            "$.session.store.servers: expected at least one");
  for (const char* wrong :
       {"a b", "a,b", ":11211", "a:0", "a:x", "a:1:0", "a:1:1:1", "/m:x"}) {
    EXPECT_THAT(MistakeIn(Memcached(R"("servers": ["ok", ")" +
                                    std::string(wrong) + "\"]")),
                HasSubstr("$.session.store.servers[1]: expected \"host:port\""))
        << wrong;
  }
  EXPECT_THAT(
      MistakeIn(Memcached(R"("servers": ["a"], "prefix": "a b")")),
      HasSubstr("$.session.store.prefix: expected at most 127 visible"));
}

}  // namespace
}  // namespace rt
