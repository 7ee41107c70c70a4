#include "bench/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rt::bench {
namespace {

using testing::HasSubstr;

TEST(Ledger, LetsTheNextMessageOutWhenTheOldestHasReachedEverybody) {
  Ledger ledger(2, 1);
  ledger.set_in_flight(2);
  ledger.Publish(0);
  ledger.Publish(0);
  ASSERT_FALSE(ledger.MayPublish());

  ASSERT_TRUE(ledger.Deliver(0, 0, 10));
  ASSERT_TRUE(ledger.Deliver(0, 1, 10));
  EXPECT_FALSE(ledger.MayPublish());
  ASSERT_TRUE(ledger.Deliver(1, 0, 10));

  EXPECT_TRUE(ledger.MayPublish());
  EXPECT_FALSE(ledger.drained());
  ASSERT_TRUE(ledger.Deliver(1, 1, 10));
  EXPECT_TRUE(ledger.drained());
  EXPECT_EQ(ledger.deliveries(), 4u);
}

TEST(Ledger, RefusesAMessageThatComesTwice) {
  Ledger ledger(1, 1);
  ledger.set_in_flight(2);
  ledger.Publish(0);
  ledger.Publish(0);
  ASSERT_TRUE(ledger.Deliver(0, 0, 1));

  EXPECT_FALSE(ledger.Deliver(0, 0, 1));
  EXPECT_EQ(ledger.failure(), "subscriber 0 got message 0 where 1 was due");
}

TEST(Ledger, RefusesAMessageOutOfOrder) {
  Ledger ledger(1, 1);
  ledger.set_in_flight(2);
  ledger.Publish(0);
  ledger.Publish(0);

  EXPECT_FALSE(ledger.Deliver(0, 1, 1));
}

TEST(Ledger, RefusesAMessageThatNobodyPublished) {
  Ledger ledger(1, 1);

  EXPECT_FALSE(ledger.Deliver(0, 0, 1));
  EXPECT_THAT(ledger.failure(), HasSubstr("nobody published"));
}

TEST(Ledger, ExpectsOfEachSubscriberOnlyItsOwnChannel) {
  Ledger ledger(3, 3);
  ledger.set_in_flight(6);
  for (int i = 0; i < 6; ++i) ledger.Publish(0);

  EXPECT_EQ(ledger.ChannelOf(4), 1u);
  EXPECT_TRUE(ledger.Deliver(1, 1, 1));
  EXPECT_TRUE(ledger.Deliver(1, 4, 1));
  EXPECT_FALSE(ledger.MayPublish());
  EXPECT_TRUE(ledger.Deliver(0, 0, 1));
  EXPECT_TRUE(ledger.MayPublish());
  EXPECT_FALSE(ledger.Deliver(2, 3, 1));
}

TEST(Ledger, TimesEachDeliveryFromItsPublishing) {
  Ledger ledger(2, 1);
  ledger.Publish(1000);
  ledger.Deliver(0, 0, 1010);
  ledger.Deliver(1, 0, 1050);

  EXPECT_EQ(ledger.latency().Percentile(50), 10u);
  EXPECT_EQ(ledger.latency().Percentile(99), 50u);
}

}  // namespace
}  // namespace rt::bench
