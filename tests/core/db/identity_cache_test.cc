#include "db/identity_cache.h"

#include <gtest/gtest.h>

#include <memory>

namespace rt {
namespace {

IdentityPtr User(uint32_t uid) {
  auto who = std::make_shared<Identity>();
  who->uid = uid;
  return who;
}

TEST(IdentityCache, ForgetsTheOldestAboveItsLimit) {
  IdentityCache cache(4, 100, 100);  // three users, one stranger
  for (uint32_t uid = 1; uid <= 4; ++uid) {
    cache.Put("site", std::to_string(uid), uid, User(uid), 0);
  }
  EXPECT_EQ(cache.Find("site", "1", 0), nullptr);
  EXPECT_NE(cache.Find("site", "2", 0), nullptr);
  EXPECT_EQ(cache.size(), 3u);
}

TEST(IdentityCache, LetsNoFloodOfStrangersPushAUserOut) {
  IdentityCache cache(8, 100, 100);
  cache.Put("site", "known", 5, User(5), 0);
  for (int i = 0; i < 1000; ++i) {
    cache.Put("site", "made up " + std::to_string(i), 0, User(0), 0);
  }
  EXPECT_NE(cache.Find("site", "known", 0), nullptr);
  EXPECT_LE(cache.size(), 8u);
}

TEST(IdentityCache, ReplacesAnAnswerOfTheSameSession) {
  IdentityCache cache(8, 100, 100);
  cache.Put("site", "key", 5, User(5), 0);
  cache.Put("site", "key", 6, User(6), 0);
  EXPECT_EQ(cache.Find("site", "key", 0)->uid, 6u);
  cache.DropUser("site", 5);
  EXPECT_NE(cache.Find("site", "key", 0), nullptr);
  cache.DropUser("site", 6);
  EXPECT_EQ(cache.Find("site", "key", 0), nullptr);
  EXPECT_EQ(cache.size(), 0u);
}

TEST(IdentityCache, DropsWhatANoticeNamesAndNothingElse) {
  IdentityCache cache(8, 100, 100);
  cache.Put("one", "a", 5, User(5), 0);
  cache.Put("one", "b", 5, User(5), 0);
  cache.Put("two", "a", 5, User(5), 0);

  cache.Drop("one", "a");
  EXPECT_EQ(cache.Find("one", "a", 0), nullptr);
  EXPECT_NE(cache.Find("one", "b", 0), nullptr);

  cache.DropSite("one");
  EXPECT_EQ(cache.Find("one", "b", 0), nullptr);
  EXPECT_NE(cache.Find("two", "a", 0), nullptr);
  EXPECT_EQ(cache.size(), 1u);
}

}  // namespace
}  // namespace rt
