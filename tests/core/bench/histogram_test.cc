#include "bench/histogram.h"

#include <gtest/gtest.h>

namespace rt::bench {
namespace {

TEST(Histogram, IsExactForSmallValues) {
  Histogram histogram;
  for (uint64_t value = 1; value <= 100; ++value) histogram.Record(value);

  EXPECT_EQ(histogram.count(), 100u);
  EXPECT_EQ(histogram.Percentile(50), 50u);
  EXPECT_EQ(histogram.Percentile(99), 99u);
  EXPECT_EQ(histogram.Percentile(100), 100u);
}

TEST(Histogram, IsRightToASixtyFourthAtAnyMagnitude) {
  for (uint64_t value = 1; value < uint64_t{1} << 62; value = value * 3 + 1) {
    Histogram histogram;
    histogram.Record(value);

    const uint64_t read = histogram.Percentile(50);

    EXPECT_GE(read, value);
    EXPECT_LE(read - value, value / 64) << value;
  }
}

TEST(Histogram, TakesTheLargestValueThereIs) {
  Histogram histogram;
  histogram.Record(UINT64_MAX);
  EXPECT_EQ(histogram.Percentile(50), UINT64_MAX);
}

TEST(Histogram, PutsOneOutlierInAHundredAboveTheNinetyNinth) {
  Histogram histogram;
  for (int i = 0; i < 99; ++i) histogram.Record(10);
  histogram.Record(1'000'000);

  EXPECT_EQ(histogram.Percentile(99), 10u);
  EXPECT_GE(histogram.Percentile(99.5), 1'000'000u);
}

TEST(Histogram, SaysZeroWhereNothingWasRecorded) {
  Histogram histogram;
  histogram.Record(7);
  histogram.Clear();
  EXPECT_EQ(histogram.Percentile(99), 0u);
}

}  // namespace
}  // namespace rt::bench
