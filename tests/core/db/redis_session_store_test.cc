#include "db/redis_session_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/db/live_store.h"

namespace rt {
namespace {

using testing::HasSubstr;
using testing::Not;

// An id as PHP makes them, which no message may show.
const char kId[] = "QmF,0-Tz8kLw,1-Rv5pXn2";

class RedisSessionStoreTest : public testing::Test {
 protected:
  RedisSessionStoreTest() {
    config_.kind = SessionStoreConfig::Kind::kRedis;
    config_.socket = folder_.File("redis");
    config_.prefix = "PHPREDIS_SESSION:";
  }

  std::unique_ptr<SessionStore> Open() {
    auto opened = OpenRedisSessionStore(config_);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return opened.ok() ? std::move(*opened) : nullptr;
  }
  std::string WhyNotOpened() {
    auto opened = OpenRedisSessionStore(config_);
    if (opened.ok()) return "";
    EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable);
    return opened.error().message;
  }
  // What redis-cli does with these words.
  void Do(const std::vector<std::string>& words,
          const std::string& password = "") {
    std::vector<std::string> command = {"redis-cli", "-s", config_.socket};
    if (!password.empty()) command.insert(command.end(), {"-a", password});
    command.insert(command.end(), words.begin(), words.end());
    RunCommand(command, folder_.File("cli"));
  }

  TemporaryFolder folder_;
  SessionStoreConfig config_;
};

TEST_F(RedisSessionStoreTest, FindsWhatLiesUnderThePrefixAndTheId) {
  LiveStore redis(config_.socket, RedisServer(config_.socket));
  Do({"SET", std::string("PHPREDIS_SESSION:") + kId, "a|i:1;"});
  const auto store = Open();
  ASSERT_NE(store, nullptr);
  const auto read = store->Read(kId);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, "a|i:1;");
  EXPECT_EQ(*store->Read("other"), std::nullopt);
  config_.prefix = "site:";
  EXPECT_EQ(*Open()->Read(kId), std::nullopt);
}

TEST_F(RedisSessionStoreTest, TakesWhatIsNoStringForNoSession) {
  LiveStore redis(config_.socket, RedisServer(config_.socket));
  Do({"HSET", "PHPREDIS_SESSION:x", "uid", "1"});
  const auto store = Open();
  const auto read = store->Read("x");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, std::nullopt);
  EXPECT_TRUE(store->alive());
}

TEST_F(RedisSessionStoreTest, ReadsNoMoreThanItsBound) {
  LiveStore redis(config_.socket, RedisServer(config_.socket));
  const std::string most = std::to_string(SessionStore::kMaxDataBytes);
  Do({"SETRANGE", "PHPREDIS_SESSION:large", most, "x"});
  const auto read = Open()->Read("large");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kLimit);
}

TEST_F(RedisSessionStoreTest, FindsManyAtOnceEachInItsPlace) {
  LiveStore redis(config_.socket, RedisServer(config_.socket));
  constexpr int kKeys = 250;
  std::vector<std::string> keys;
  std::vector<std::string> command = {"MSET"};
  for (int i = 0; i < kKeys; ++i) {
    keys.push_back("id" + std::to_string(i));
    if (i % 3 == 0) continue;  // those that are gone
    command.push_back("PHPREDIS_SESSION:" + keys.back());
    command.push_back("data" + std::to_string(i));
  }
  Do(command);
  const auto store = Open();
  const auto reads = store->ReadAll(keys);
  ASSERT_TRUE(reads.ok()) << reads.error().message;
  ASSERT_EQ(reads->size(), keys.size());
  for (size_t i = 0; i < reads->size(); ++i) {
    const auto& read = *(*reads)[i];
    if (i % 3 == 0) {
      EXPECT_EQ(read, std::nullopt);
    } else {
      EXPECT_EQ(read, "data" + std::to_string(i));
    }
  }
  redis.Kill();
  EXPECT_FALSE(store->ReadAll(keys).ok());
}

TEST_F(RedisSessionStoreTest, LooksInTheDatabaseOfItsNumber) {
  LiveStore redis(config_.socket, RedisServer(config_.socket));
  Do({"-n", "3", "SET", "PHPREDIS_SESSION:x", "data"});
  EXPECT_EQ(*Open()->Read("x"), std::nullopt);
  config_.database = 3;
  EXPECT_EQ(*Open()->Read("x"), "data");
  config_.database = 99;
  EXPECT_THAT(WhyNotOpened(), HasSubstr("answers ERR"));
}

TEST_F(RedisSessionStoreTest, SignsInWithAPasswordThatNoMessageShows) {
  const std::string password = "p w'\"\\%n\xc3\xa9";
  LiveStore redis(config_.socket,
                  RedisServer(config_.socket, {"--requirepass", password}));
  Do({"SET", "PHPREDIS_SESSION:x", "data"}, password);
  config_.password = password;
  EXPECT_EQ(*Open()->Read("x"), "data");

  config_.password = "guessed";
  EXPECT_THAT(WhyNotOpened(), HasSubstr("WRONGPASS"));
  EXPECT_THAT(WhyNotOpened(), Not(HasSubstr("guessed")));
  config_.password = "";
  const auto read = Open()->Read(kId);
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().message, HasSubstr("NOAUTH: it wants a password"));
  EXPECT_THAT(read.error().message, Not(HasSubstr(kId)));
}

TEST_F(RedisSessionStoreTest, NeedsAUserWhoMayRunGetrangeAlone) {
  LiveStore redis(
      config_.socket,
      RedisServer(config_.socket,
                  {"--user", "broker", "on", ">secret", "~PHPREDIS_SESSION:*",
                   "+getrange", "--user", "blind", "on", ">secret", "+ping"}));
  Do({"SET", "PHPREDIS_SESSION:x", "data"});
  config_.username = "broker";
  config_.password = "secret";
  EXPECT_EQ(*Open()->Read("x"), "data");
  config_.username = "blind";
  const auto read = Open()->Read(kId);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(read.error().message, HasSubstr("may not run GETRANGE"));
  EXPECT_THAT(read.error().message, Not(HasSubstr(kId)));
}

TEST_F(RedisSessionStoreTest, ForgetsASessionThatExpired) {
  LiveStore redis(config_.socket, RedisServer(config_.socket));
  Do({"SET", "PHPREDIS_SESSION:x", "data", "PX", "1"});
  Do({"SET", "PHPREDIS_SESSION:y", "data", "EX", "100"});
  const auto store = Open();
  while (store->Read("x")->has_value()) {
  }
  EXPECT_EQ(*store->Read("y"), "data");
}

TEST_F(RedisSessionStoreTest, SaysWhereItFoundNoServer) {
  EXPECT_THAT(WhyNotOpened(), HasSubstr(config_.socket));
  config_.socket = "";
  config_.port = 1;
  EXPECT_THAT(WhyNotOpened(), HasSubstr("redis 127.0.0.1:1"));
}

TEST_F(RedisSessionStoreTest, NoticesThatItsServerHasGone) {
  LiveStore redis(config_.socket, RedisServer(config_.socket));
  const auto store = Open();
  EXPECT_TRUE(store->alive());
  redis.Kill();
  EXPECT_FALSE(store->alive());
  // Where it goes between the look and the question: no signal, an error.
  for (int i = 0; i < 2; ++i) {
    const auto read = store->Read("x");
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::kUnavailable);
  }
}

TEST_F(RedisSessionStoreTest, GivesUpOnAServerThatIsFrozen) {
  LiveStore redis(config_.socket, RedisServer(config_.socket));
  const auto store = Open();
  redis.Freeze();
  const auto read = store->Read("x");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kUnavailable);
  redis.Thaw();
}

}  // namespace
}  // namespace rt
