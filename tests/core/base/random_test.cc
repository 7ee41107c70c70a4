#include "base/random.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace rt {
namespace {

TEST(Random, UuidsAreOfVersionFour) {
  const std::regex form(
      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(std::regex_match(RandomUuid(), form));
  }
}

TEST(Random, UuidsDoNotRepeat) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(RandomUuid());
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(Random, BelowStaysBelowAndReachesEverything) {
  std::set<uint64_t> seen;
  // 1 - 52 (51/52)^5000: all of them, but for one run in 10^40.
  for (int i = 0; i < 5000; ++i) seen.insert(RandomBelow(52));
  EXPECT_EQ(seen.size(), 52u);
  EXPECT_EQ(*seen.rbegin(), 51u);
  EXPECT_EQ(RandomBelow(1), 0u);
}

TEST(Random, LettersAreLetters) {
  const std::string letters = RandomLetters(500);
  EXPECT_EQ(letters.size(), 500u);
  for (char c : letters) EXPECT_TRUE(std::isalpha(c)) << c;
  EXPECT_EQ(RandomLetters(0), "");
}

TEST(Random, BytesFillAllTheRoomAndNoMore) {
  // Larger than one call of the kernel's generator gives for sure.
  std::string bytes(1000, '\0');
  bytes.back() = 'x';
  RandomBytes(bytes.data(), bytes.size() - 1);
  EXPECT_EQ(bytes.back(), 'x');
  EXPECT_NE(bytes.substr(900, 99), std::string(99, '\0'));
}

}  // namespace
}  // namespace rt
