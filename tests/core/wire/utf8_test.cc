#include "wire/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rt {
namespace {

const std::vector<std::string> kGood = {
    "",
    "plain",
    "\xc2\x80",          // U+0080, the first of two bytes
    "\xdf\xbf",          // U+07FF
    "\xe0\xa0\x80",      // U+0800, the first of three bytes
    "\xed\x9f\xbf",      // U+D7FF, before the surrogates
    "\xee\x80\x80",      // U+E000, behind them
    "\xf0\x90\x80\x80",  // U+10000, the first of four bytes
    "\xf4\x8f\xbf\xbf",  // U+10FFFF, the last
    "12345678\xe2\x82\xac"
    "12345678",  // a character across eight bytes
};

const std::vector<std::string> kWrong = {
    "\x80",              // a continuation without a lead
    "\xc0\x80",          // overlong NUL
    "\xc1\xbf",          // overlong U+007F
    "\xe0\x9f\xbf",      // overlong U+07FF
    "\xf0\x8f\xbf\xbf",  // overlong U+FFFF
    "\xed\xa0\x80",      // U+D800, a surrogate
    "\xed\xbf\xbf",      // U+DFFF, the last of them
    "\xf4\x90\x80\x80",  // U+110000
    "\xf5\x80\x80\x80",
    "\xff",
    "\xe2\x82z",  // a character cut short in the middle of text
};

TEST(Utf8, KnowsGoodFromWrong) {
  for (const std::string& text : kGood) EXPECT_TRUE(IsUtf8(text)) << text;
  for (const std::string& text : kWrong) EXPECT_FALSE(IsUtf8(text)) << text;
  EXPECT_FALSE(IsUtf8("\xe2\x82"));
}

TEST(Utf8, TheCheckerByPiecesAgreesWhereverTextIsCut) {
  for (const std::string& text : kGood) {
    for (size_t cut = 0; cut <= text.size(); ++cut) {
      Utf8Checker checker;
      EXPECT_EQ(checker.Add(text.substr(0, cut)), cut);
      EXPECT_EQ(checker.Add(text.substr(cut)), text.size() - cut);
      EXPECT_TRUE(checker.complete());
    }
  }
}

TEST(Utf8, TheCheckerFailsAtTheFirstByteThatCannotBeMadeGood) {
  EXPECT_EQ(Utf8Checker().Add("ab\x80"), 2u);
  EXPECT_EQ(Utf8Checker().Add("ab\xe0\x9f"), 3u);
  EXPECT_EQ(Utf8Checker().Add("ab\xf4\x90"), 3u);
  EXPECT_EQ(Utf8Checker().Add("ab\xed\xa0"), 3u);
  EXPECT_EQ(Utf8Checker().Add("ab\xe2\x82z"), 4u);
  EXPECT_EQ(Utf8Checker().Add("123456789\xff"), 9u);
}

TEST(Utf8, TheCheckerKnowsThatACharacterIsNotWhole) {
  Utf8Checker checker;

  EXPECT_EQ(checker.Add("\xf0\x9f\x98"), 3u);
  EXPECT_FALSE(checker.complete());
  EXPECT_EQ(checker.Add("\x80"), 1u);
  EXPECT_TRUE(checker.complete());
}

TEST(Utf8, APrefixSplitsNoCharacter) {
  const std::string text = "a\xe2\x82\xac\xf0\x9f\x98\x80";

  EXPECT_EQ(Utf8Prefix(text, 0), "");
  EXPECT_EQ(Utf8Prefix(text, 1), "a");
  EXPECT_EQ(Utf8Prefix(text, 3), "a");
  EXPECT_EQ(Utf8Prefix(text, 4), "a\xe2\x82\xac");
  EXPECT_EQ(Utf8Prefix(text, 7), "a\xe2\x82\xac");
  EXPECT_EQ(Utf8Prefix(text, 8), text);
  EXPECT_EQ(Utf8Prefix(text, 100), text);
}

}  // namespace
}  // namespace rt
