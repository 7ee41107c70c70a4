#include "db/circuit_breaker.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

using Permit = CircuitBreaker::Permit;

void Open(CircuitBreaker* breaker, int64_t now_ms) {
  for (int i = 0; i < CircuitBreaker::kFailuresToOpen; ++i) {
    ASSERT_EQ(breaker->Ask(now_ms), Permit::kYes);
    breaker->Failure(Permit::kYes, now_ms, "away");
  }
}

TEST(CircuitBreaker, OpensAfterAFewFailuresInARow) {
  CircuitBreaker breaker;
  for (int round = 0; round < 5; ++round) {
    for (int i = 1; i < CircuitBreaker::kFailuresToOpen; ++i) {
      breaker.Failure(breaker.Ask(0), 0, "now and then");
    }
    EXPECT_FALSE(breaker.open());
    breaker.Success();
  }
  Open(&breaker, 0);
  EXPECT_TRUE(breaker.open());
  EXPECT_TRUE(breaker.Refuses(0));
  EXPECT_EQ(breaker.Ask(0), Permit::kNo);
  EXPECT_EQ(breaker.reason(), "away");
}

TEST(CircuitBreaker, LetsOneAtATimeTryAgain) {
  CircuitBreaker breaker;
  Open(&breaker, 0);
  const int64_t later = CircuitBreaker::kFirstPauseMs;
  ASSERT_EQ(breaker.Ask(later), Permit::kProbe);
  EXPECT_EQ(breaker.Ask(later + 60'000), Permit::kNo);
  breaker.Failure(Permit::kProbe, later, "still away");
  EXPECT_EQ(breaker.Ask(later), Permit::kNo);
  EXPECT_EQ(breaker.reason(), "still away");
}

TEST(CircuitBreaker, ClosesAtTheFirstSuccess) {
  CircuitBreaker breaker;
  Open(&breaker, 0);
  ASSERT_EQ(breaker.Ask(1'000), Permit::kProbe);
  breaker.Success();
  EXPECT_FALSE(breaker.open());
  EXPECT_EQ(breaker.Ask(1'000), Permit::kYes);
  EXPECT_EQ(breaker.Ask(1'000), Permit::kYes);
}

TEST(CircuitBreaker, PausesLongerEachTimeUpToASecond) {
  CircuitBreaker breaker;
  int64_t now = 0;
  Open(&breaker, now);
  int64_t longest = CircuitBreaker::kFirstPauseMs;
  for (int i = 0; i < 12; ++i) {
    const int64_t failed = now;
    while (breaker.Refuses(now)) ++now;
    EXPECT_GE(now - failed, longest / 2);
    EXPECT_LE(now - failed, longest);
    longest = std::min(longest * 2, CircuitBreaker::kLongestPauseMs);
    ASSERT_EQ(breaker.Ask(now), Permit::kProbe);
    breaker.Failure(Permit::kProbe, now, "away");
  }
  EXPECT_EQ(longest, 1'000);
}

TEST(CircuitBreaker, DoesNotPauseLongerForThoseWhoHadBegunBefore) {
  CircuitBreaker breaker;
  Open(&breaker, 0);
  for (int i = 0; i < 100; ++i) breaker.Failure(Permit::kYes, 0, "late");
  EXPECT_EQ(breaker.Ask(CircuitBreaker::kFirstPauseMs), Permit::kProbe);
  EXPECT_EQ(breaker.reason(), "away");
}

TEST(CircuitBreaker, LetsAnotherTryWhereTheFirstGaveUp) {
  CircuitBreaker breaker;
  Open(&breaker, 0);
  ASSERT_EQ(breaker.Ask(1'000), Permit::kProbe);
  breaker.GiveBack(Permit::kProbe);
  EXPECT_EQ(breaker.Ask(1'000), Permit::kProbe);
}

}  // namespace
}  // namespace rt
