#include "hub/roster.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

class RosterTest : public testing::Test {
 protected:
  // `user` empty: a visitor.
  Uuid Come(const char* user) {
    const Uuid client = RandomUuidBytes();
    ClientInfo info;
    info.user = user;
    info.client = FormatUuid(client);
    news_ = roster_.Join(client, info, true);
    return client;
  }
  Roster roster_;
  bool news_ = false;
};

TEST_F(RosterTest, CountsClientsAndUsers) {
  Come("1");
  Come("1");
  Come("");
  Come("");
  EXPECT_EQ(roster_.Stats().clients, 4u);
  EXPECT_EQ(roster_.Stats().users, 2u) << "visitors are one";
}

TEST_F(RosterTest, LetsAUserComeBackUnnoticed) {
  const Uuid first = Come("1");
  EXPECT_TRUE(news_);
  EXPECT_TRUE(roster_.Lose(first));
  const Uuid second = Come("1");
  EXPECT_FALSE(news_);
  EXPECT_FALSE(roster_.Expire(first).has_value()) << "somebody has the place";
  EXPECT_EQ(roster_.All().begin()->first, FormatUuid(first));
  const auto left = roster_.Leave(second);
  ASSERT_TRUE(left.has_value());
  EXPECT_EQ(left->info.client, FormatUuid(first)) << "as it was announced";
  EXPECT_TRUE(roster_.empty());
}

TEST_F(RosterTest, LetsNobodyElseTakeThePlace) {
  const Uuid user = Come("1");
  const Uuid visitor = Come("");
  roster_.Lose(user);
  roster_.Lose(visitor);
  Come("2");
  EXPECT_TRUE(news_);
  Come("");
  EXPECT_TRUE(news_) << "a visitor cannot be told from any other";
  EXPECT_EQ(roster_.Expire(user)->info.user, "1");
  EXPECT_TRUE(roster_.Expire(visitor).has_value());
  EXPECT_EQ(roster_.Stats().clients, 2u);
}

TEST_F(RosterTest, KeepsThoseWhoAreStillHere) {
  const Uuid here = Come("1");
  EXPECT_FALSE(roster_.Expire(here).has_value());
  EXPECT_FALSE(roster_.Lose(RandomUuidBytes()));
  EXPECT_FALSE(roster_.Leave(RandomUuidBytes()).has_value());
  EXPECT_EQ(roster_.Stats().clients, 1u);
}

TEST_F(RosterTest, GivesTwoWhoWereLostTheirOwnPlacesBack) {
  const Uuid a = Come("1");
  const Uuid b = Come("1");
  roster_.Lose(a);
  roster_.Lose(b);
  Come("1");
  EXPECT_FALSE(news_);
  Come("1");
  EXPECT_FALSE(news_);
  Come("1");
  EXPECT_TRUE(news_) << "a third is one more";
  EXPECT_EQ(roster_.Stats().clients, 3u);
}

}  // namespace
}  // namespace rt
