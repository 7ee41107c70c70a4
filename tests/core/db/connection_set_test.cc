#include "db/connection_set.h"

#include <gtest/gtest.h>

#include <thread>

namespace rt {
namespace {

const Error kAway{ErrorCode::kUnavailable, "away"};

class ConnectionSetTest : public testing::Test {
 protected:
  struct Connection final : Database {
    explicit Connection(ConnectionSetTest* test) : test_(test) {
      ++test_->open_;
    }
    ~Connection() override { --test_->open_; }
    Result<std::vector<DatabaseRow>> Run(std::string_view, const Parameters&,
                                         size_t) override {
      return std::vector<DatabaseRow>();
    }
    bool alive() override { return !test_->all_died_; }
    ConnectionSetTest* test_;
  };

  static SiteLogin Site(const std::string& key) {
    SiteLogin site;
    site.key = key;
    return site;
  }

  void FailUntilRefused(const SiteLogin& site) {
    for (int i = 0; i < CircuitBreaker::kFailuresToOpen; ++i) {
      ASSERT_FALSE(set_.Take(site, 1).ok());
    }
    ASSERT_TRUE(set_.Refusal(site.key).has_value());
  }

  std::atomic<int> open_ = 0;
  int asked_ = 0;
  bool away_ = false;
  bool all_died_ = false;
  ManualClock clock_;
  ConnectionSet set_{{2, 3}, &clock_, [this](const DatabaseConfig&) {
                       ++asked_;
                       if (away_)
                         return Result<std::unique_ptr<Database>>(kAway);
                       return Result<std::unique_ptr<Database>>(
                           std::make_unique<Connection>(this));
                     }};
};

TEST_F(ConnectionSetTest, KeepsAConnectionForTheNextOne) {
  EXPECT_FALSE(set_.Take(Site("a"), 1)->reused());
  EXPECT_TRUE(set_.Take(Site("a"), 1)->reused());
  EXPECT_EQ(asked_, 1);
  EXPECT_EQ(set_.stats().opened, 1u);
  EXPECT_EQ(set_.stats().idle, 1u);
}

TEST_F(ConnectionSetTest, OpensNoMoreThanASiteMayHave) {
  const auto one = set_.Take(Site("a"), 1);
  auto two =
      std::make_unique<Result<ConnectionSet::Lease>>(set_.Take(Site("a"), 1));
  ASSERT_TRUE(one.ok() && two->ok());

  // The third waits for the second, and no other site does.
  EXPECT_TRUE(set_.Take(Site("b"), 1).ok());
  std::thread third([&] { EXPECT_TRUE(set_.Take(Site("a"), 1)->reused()); });
  two.reset();
  third.join();

  const auto again = set_.Take(Site("a"), 1);
  const auto refused = set_.Take(Site("a"), 1);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(set_.stats().in_use, 2u);
}

TEST_F(ConnectionSetTest, ClosesTheIdlestOfAllSitesAboveItsLimit) {
  for (const char* site : {"a", "b", "c", "d"}) {
    clock_.Advance(1);
    ASSERT_TRUE(set_.Take(Site(site), 1).ok());
  }
  EXPECT_EQ(open_, 3);
  EXPECT_TRUE(set_.Take(Site("b"), 1)->reused());
  EXPECT_FALSE(set_.Take(Site("a"), 1)->reused());
}

TEST_F(ConnectionSetTest, ClosesWhatNobodyUsedForAMinute) {
  ASSERT_TRUE(set_.Take(Site("a"), 1).ok());
  clock_.Advance(59'000);
  set_.CloseIdle();
  EXPECT_EQ(open_, 1);
  clock_.Advance(2'000);
  set_.CloseIdle();
  EXPECT_EQ(open_, 0);
}

TEST_F(ConnectionSetTest, MakesADeadOneAnew) {
  ASSERT_TRUE(set_.Take(Site("a"), 1).ok());
  all_died_ = true;
  EXPECT_FALSE(set_.Take(Site("a"), 1)->reused());
  EXPECT_EQ(asked_, 2);
}

TEST_F(ConnectionSetTest, KeepsNoneOfTheAgeOfOneThatBroke) {
  {
    auto one = set_.Take(Site("a"), 1);
    const auto two = set_.Take(Site("a"), 1);
  }
  EXPECT_EQ(open_, 2);
  set_.Take(Site("a"), 1)->Fail(kAway);
  EXPECT_EQ(open_, 0);
  // That alone does not mean that the store is away.
  EXPECT_FALSE(set_.Refusal("a").has_value());
}

TEST_F(ConnectionSetTest, RefusesAtOnceWhereTheStoreIsAwayAndOthersAreNot) {
  away_ = true;
  FailUntilRefused(Site("a"));
  const int asked = asked_;

  const auto refused = set_.Take(Site("a"), 1);

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(refused.error().message,
            "the store is away, and asked again soon: away");
  EXPECT_EQ(asked_, asked);
  EXPECT_EQ(set_.stats().sites_away, 1u);
  away_ = false;
  EXPECT_TRUE(set_.Take(Site("b"), 1).ok());
}

TEST_F(ConnectionSetTest, AsksAgainSoonAndGoesOnWithTheFirstAnswer) {
  away_ = true;
  FailUntilRefused(Site("a"));
  away_ = false;
  clock_.Advance(CircuitBreaker::kLongestPauseMs);
  {
    const auto probe = set_.Take(Site("a"), 1);
    ASSERT_TRUE(probe.ok());
    EXPECT_TRUE(set_.Refusal("a").has_value());  // while one tries
  }
  EXPECT_FALSE(set_.Refusal("a").has_value());
  EXPECT_TRUE(set_.Take(Site("a"), 1).ok());
  EXPECT_EQ(set_.stats().sites_away, 0u);
}

TEST_F(ConnectionSetTest, ForgetsWhatItKnewByAnOlderDocument) {
  away_ = true;
  FailUntilRefused(Site("a"));
  away_ = false;
  EXPECT_TRUE(set_.Take(Site("a"), 2).ok());
  EXPECT_FALSE(set_.Take(Site("a"), 3)->reused());
  EXPECT_EQ(open_, 1);
  // One of an older document that comes back late is not kept.
  {
    const auto late = set_.Take(Site("b"), 1);
    EXPECT_TRUE(set_.Take(Site("b"), 2).ok());
  }
  EXPECT_EQ(open_, 2);
}

}  // namespace
}  // namespace rt
