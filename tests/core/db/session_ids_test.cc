#include "db/session_ids.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

SessionIds::Id Id(const std::string& id) {
  return std::make_shared<const std::string>(id);
}

TEST(SessionIds, AreKnownWhileSomebodyHoldsThem) {
  SessionIds ids;
  SessionIds::Id held = ids.Keep("site", "hash", Id("id"));
  EXPECT_EQ(*ids.Find("site", "hash"), "id");
  EXPECT_EQ(ids.Find("other", "hash"), nullptr);
  held = nullptr;
  EXPECT_EQ(ids.Find("site", "hash"), nullptr);
}

TEST(SessionIds, AreOneObjectForAllWhoHoldThem) {
  SessionIds ids;
  const SessionIds::Id one = ids.Keep("site", "hash", Id("id"));
  EXPECT_EQ(ids.Keep("site", "hash", Id("id")), one);
}

TEST(SessionIds, TakeNoRoomForThoseThatNobodyHolds) {
  SessionIds ids;
  const SessionIds::Id held = ids.Keep("site", "held", Id("held"));
  for (int i = 0; i < 100'000; ++i) {
    (void)ids.Keep("site", std::to_string(i), Id("id"));
  }
  EXPECT_LE(ids.size(), 1024u);
  EXPECT_EQ(*ids.Find("site", "held"), "held");
}

}  // namespace
}  // namespace rt
