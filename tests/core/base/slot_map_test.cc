#include "base/slot_map.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

TEST(SlotMap, FindsWhatWasInserted) {
  SlotMap<int> map;
  int one = 1;
  int two = 2;

  const auto first = map.Insert(&one);
  const auto second = map.Insert(&two);

  EXPECT_NE(first, second);
  EXPECT_EQ(map.Find(first), &one);
  EXPECT_EQ(map.Find(second), &two);
  EXPECT_EQ(map.size(), 2u);
}

TEST(SlotMap, AnOldNumberFindsNothingThoughItsSlotIsTakenAgain) {
  SlotMap<int> map;
  int one = 1;
  int two = 2;
  const auto old = map.Insert(&one);

  map.Erase(old);
  const auto taken = map.Insert(&two);

  EXPECT_EQ(map.Find(old), nullptr);
  EXPECT_EQ(map.Find(taken), &two);
  map.Erase(old);
  EXPECT_EQ(map.Find(taken), &two);
}

TEST(SlotMap, KnowsNoNumberItDidNotGive) {
  SlotMap<int> map;
  int one = 1;
  const auto id = map.Insert(&one);

  EXPECT_EQ(map.Find(0), nullptr);
  EXPECT_EQ(map.Find(id + 1), nullptr);
  EXPECT_EQ(map.Find(~SlotMap<int>::Id{0}), nullptr);
}

TEST(SlotMap, NoNumberIsZero) {
  SlotMap<int> map;
  int one = 1;
  for (int i = 0; i < 100; ++i) {
    const auto id = map.Insert(&one);
    EXPECT_NE(id, 0u);
    map.Erase(id);
  }
  EXPECT_EQ(map.size(), 0u);
}

TEST(SlotMap, VisitsWhatIsThere) {
  SlotMap<int> map;
  int numbers[] = {1, 2, 4};
  SlotMap<int>::Id ids[3];
  for (int i = 0; i < 3; ++i) ids[i] = map.Insert(&numbers[i]);
  map.Erase(ids[1]);

  int sum = 0;
  map.ForEach([&sum](int* number) { sum += *number; });

  EXPECT_EQ(sum, 5);
}

}  // namespace
}  // namespace rt
