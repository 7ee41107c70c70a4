#include "hub/channel_name.h"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"

namespace rt {
namespace {

TEST(ChannelName, SplitsAtTheFirstColon) {
  const ChannelParts parts = SplitChannel("chat:room:7");
  EXPECT_TRUE(parts.has_namespace);
  EXPECT_EQ(parts.name_space, "chat");
  EXPECT_EQ(parts.rest, "room:7");
}

TEST(ChannelName, HasNoNamespaceWithoutAColon) {
  const ChannelParts parts = SplitChannel("news");
  EXPECT_FALSE(parts.has_namespace);
  EXPECT_EQ(parts.rest, "news");
}

TEST(ChannelName, TakesPrintableAsciiUpToTheBound) {
  EXPECT_TRUE(IsChannelName("a b:~"));
  EXPECT_TRUE(IsChannelName(std::string(kMaxChannelBytes, 'x')));
  EXPECT_FALSE(IsChannelName(std::string(kMaxChannelBytes + 1, 'x')));
  EXPECT_FALSE(IsChannelName(""));
  EXPECT_FALSE(IsChannelName("a\nb"));
  EXPECT_FALSE(IsChannelName("caf\xc3\xa9"));
}

TEST(ChannelName, KeysOfTwoSitesDiffer) {
  EXPECT_NE(ChannelKey(1, "chat:1"), ChannelKey(2, "chat:1"));
  EXPECT_EQ(ChannelOfKey(ChannelKey(7, "chat:1")), "chat:1");
}

}  // namespace
}  // namespace rt
