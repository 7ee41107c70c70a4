#include "broker/client_census.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

constexpr uint32_t kOne = 1;
constexpr uint32_t kTwo = 2;

TEST(ClientCensus, CountsEachSitesSessionsByThemselves) {
  ClientCensus census;
  SiteLimits limits;
  limits.connection_limit = 1;
  census.AddSession(kOne, "");

  EXPECT_FALSE(census.TakesSession(kOne, limits, "", 0));
  EXPECT_TRUE(census.TakesSession(kTwo, limits, "", 0));

  census.RemoveSession(kOne, "");
  EXPECT_TRUE(census.TakesSession(kOne, limits, "", 0));
}

TEST(ClientCensus, CountsAnAddressInEachSiteAndInAll) {
  ClientCensus census;
  SiteLimits limits;
  limits.address_connection_limit = 1;
  census.AddSession(kOne, "192.0.2.1");

  EXPECT_EQ(census.of_address("192.0.2.1"), 1u);
  EXPECT_FALSE(census.TakesSession(kOne, limits, "192.0.2.1", 0));
  EXPECT_TRUE(census.TakesSession(kOne, limits, "192.0.2.2", 0));
  EXPECT_TRUE(census.TakesSession(kTwo, limits, "192.0.2.1", 0));

  census.RemoveSession(kOne, "192.0.2.1");
  EXPECT_EQ(census.of_address("192.0.2.1"), 0u);
  EXPECT_TRUE(census.TakesSession(kOne, limits, "192.0.2.1", 0));
}

TEST(ClientCensus, TakesSoManyNewSessionsOfASiteInASecond) {
  ClientCensus census;
  SiteLimits limits;
  limits.connection_rate_limit = 2;

  EXPECT_TRUE(census.TakesSession(kOne, limits, "", 1000));
  EXPECT_TRUE(census.TakesSession(kOne, limits, "", 1000));
  EXPECT_FALSE(census.TakesSession(kOne, limits, "", 1000));
  EXPECT_TRUE(census.TakesSession(kTwo, limits, "", 1000));
  EXPECT_TRUE(census.TakesSession(kOne, limits, "", 2000));
}

}  // namespace
}  // namespace rt
