#include "broker/nearest_name.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

const std::vector<std::string> kKnown = {"listen", "log.level", "log.file",
                                         "client.ping_interval"};

TEST(NearestName, FindsTheNameThatWasMeant) {
  EXPECT_EQ(NearestName("lisen", kKnown), "listen");
  EXPECT_EQ(NearestName("lisetn", kKnown), "listen");
  EXPECT_EQ(NearestName("client.ping_intervall", kKnown),
            "client.ping_interval");
}

TEST(NearestName, FindsANameGivenWithoutItsSection) {
  EXPECT_EQ(NearestName("ping_interval", kKnown), "client.ping_interval");
  EXPECT_EQ(NearestName("clients.ping_interval", kKnown),
            "client.ping_interval");
}

TEST(NearestName, SuggestsNothingForANameUnlikeAll) {
  EXPECT_EQ(NearestName("postgres", kKnown), "");
  EXPECT_EQ(NearestName("", kKnown), "");
  EXPECT_EQ(NearestName(std::string(10'000, 'l'), kKnown), "");
}

TEST(NearestName, AsksOnlyWhereThereIsAnAnswer) {
  EXPECT_EQ(DidYouMean("log.lebel", kKnown), " (did you mean \"log.level\"?)");
  EXPECT_EQ(DidYouMean("postgres", kKnown), "");
}

}  // namespace
}  // namespace rt
