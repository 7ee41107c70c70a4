#include "db/memcached_session_store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/db/live_store.h"

namespace rt {
namespace {

using testing::HasSubstr;
using testing::Not;
using Distribution = SessionStoreConfig::Distribution;

class MemcachedSessionStoreTest : public testing::Test {
 protected:
  MemcachedSessionStoreTest() {
    config_.kind = SessionStoreConfig::Kind::kMemcached;
    config_.prefix = "memc.sess.key.";
  }

  // One more server.
  LiveStore& Serve() {
    const std::string socket =
        folder_.File("m" + std::to_string(stores_.size()));
    stores_.push_back(
        std::make_unique<LiveStore>(socket, MemcachedServer(socket)));
    config_.servers.push_back(socket);
    return *stores_.back();
  }
  std::unique_ptr<SessionStore> Open() {
    auto opened = OpenMemcachedSessionStore(config_);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return opened.ok() ? std::move(*opened) : nullptr;
  }
  // PHP's session handler writes `code`, with its defaults and `more`.
  void Php(const std::string& code, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"session.save_handler=memcached",
                             fmt::format("session.save_path=\"{}\"",
                                         fmt::join(config_.servers, ","))});
    RunPhp(more, code);
  }

  TemporaryFolder folder_;
  SessionStoreConfig config_;
  std::vector<std::unique_ptr<LiveStore>> stores_;
};

TEST_F(MemcachedSessionStoreTest, FindsWhatPhpWrote) {
  Serve();
  Php(PhpWrites("QmF,0-Tz8kLw,1-Rv5pXn2", "2"));
  const auto store = Open();
  ASSERT_NE(store, nullptr);
  const auto read = store->Read("QmF,0-Tz8kLw,1-Rv5pXn2");
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_TRUE(read->has_value());
  EXPECT_THAT(**read, HasSubstr("s:3:\"uid\";s:1:\"2\";"));
  EXPECT_EQ(*store->Read("other"), std::nullopt);
}

TEST_F(MemcachedSessionStoreTest, HasThePrefixOfPhpIni) {
  Serve();
  Php(PhpWrites("abc", "2"), {"memcached.sess_prefix=site."});
  EXPECT_EQ(*Open()->Read("abc"), std::nullopt);
  config_.prefix = "site.";
  EXPECT_TRUE(Open()->Read("abc")->has_value());
}

TEST_F(MemcachedSessionStoreTest, TakesAKeyThatCannotBeForNoSession) {
  Serve();
  const auto store = Open();
  for (const std::string& key :
       {std::string(256, 'x'), std::string("a b"), std::string("a\xc3\xa9"),
        std::string("x\r\nflush_all")}) {
    const auto read = store->Read(key);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(*read, std::nullopt);
  }
}

// How php.ini spreads keys over servers, and what that is here.
struct Spread {
  const char* name;
  std::vector<std::string> settings;
  Distribution distribution;
};

class MemcachedSpreadTest : public MemcachedSessionStoreTest,
                            public testing::WithParamInterface<Spread> {};

TEST_P(MemcachedSpreadTest, FindsEverySessionOnTheServerThatPhpChose) {
  constexpr int kSessions = 60;
  std::vector<LiveStore*> servers = {&Serve(), &Serve(), &Serve()};
  config_.distribution = GetParam().distribution;
  Php("for ($i = 0; $i < " + std::to_string(kSessions) +
          "; ++$i) { session_id(\"id,$i-x\"); "
          "session_start(['use_cookies' => 0, 'use_strict_mode' => 0, "
          "'cache_limiter' => '']); $_SESSION = ['n' => $i]; "
          "session_write_close(); }",
      GetParam().settings);
  const auto store = Open();
  std::vector<std::string> keys = {"none"};
  for (int i = 0; i < kSessions; ++i) {
    keys.push_back("id," + std::to_string(i) + "-x");
    const auto read = store->Read(keys.back());
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(*read, "n|i:" + std::to_string(i) + ";");
  }
  const auto reads = store->ReadAll(keys);
  ASSERT_TRUE(reads.ok()) << reads.error().message;
  EXPECT_EQ(*(*reads)[0], std::nullopt);
  for (int i = 0; i < kSessions; ++i) {
    EXPECT_EQ(*(*reads)[static_cast<size_t>(i) + 1],
              "n|i:" + std::to_string(i) + ";");
  }

  // They really are spread: without one of the servers, some are out of reach.
  servers[1]->Kill();
  int away = 0;
  for (int i = 0; i < kSessions; ++i) {
    const auto read = Open()->Read("id," + std::to_string(i) + "-x");
    away += !read.ok() && read.error().code == ErrorCode::kUnavailable;
    EXPECT_TRUE(!read.ok() || read->has_value()) << "taken for a logout";
  }
  EXPECT_GT(away, 0);
  EXPECT_LT(away, kSessions);
  const auto some = Open()->ReadAll(keys);
  ASSERT_FALSE(some.ok());
  EXPECT_EQ(some.error().code, ErrorCode::kUnavailable);
}

INSTANTIATE_TEST_SUITE_P(
    PhpIni, MemcachedSpreadTest,
    testing::Values(Spread{"ByDefault", {}, Distribution::kKetama},
                    Spread{
                        "Weighted",
                        {"memcached.sess_consistent_hash_type=ketama_weighted"},
                        Distribution::kKetamaWeighted},
                    Spread{"WithoutConsistentHash",
                           {"memcached.sess_consistent_hash=0"},
                           Distribution::kModula}),
    [](const auto& spread) { return std::string(spread.param.name); });

TEST_F(MemcachedSessionStoreTest, ComesBackWithItsServer) {
  LiveStore& server = Serve();
  const auto store = Open();
  EXPECT_EQ(*store->Read("abc"), std::nullopt);
  server.Kill();
  const auto read = store->Read("abc");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(read.error().message, HasSubstr(server.socket()));
  EXPECT_THAT(read.error().message, Not(HasSubstr("abc")));
  server.Start();
  Php(PhpWrites("abc", "2"));
  EXPECT_TRUE(Open()->Read("abc")->has_value());
}

TEST_F(MemcachedSessionStoreTest, GivesUpOnAServerThatIsFrozen) {
  LiveStore& server = Serve();
  const auto store = Open();
  EXPECT_EQ(*store->Read("abc"), std::nullopt);
  server.Freeze();
  const auto fresh = Open();
  for (SessionStore* asked : {store.get(), fresh.get()}) {
    const auto read = asked->Read("abc");
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::kUnavailable);
  }
  server.Thaw();
}

}  // namespace
}  // namespace rt
