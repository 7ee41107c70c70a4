#include "drupal/cookie_header.h"

#include <gtest/gtest.h>

#include <map>

#include "core/drupal/vectors.h"

namespace rt {
namespace {

using Cookies = std::map<std::string, std::string>;

TEST(CookieHeader, ReadsEveryRecordedHeaderAsPhpDid) {
  int cases = 0;
  for (const auto vector : Vectors()["cookie_value_decode"]["cases"]) {
    const std::string header = TextOf(vector, "header");
    SCOPED_TRACE(header);
    Cookies expected;
    for (const auto field : vector["cookies"].get_object()) {
      expected[std::string(field.key)] = field.value.get_string().value();
    }
    Cookies found;
    for (const auto& [name, value] : ParseCookies(header)) found[name] = value;
    EXPECT_EQ(found, expected);
    for (const auto& [name, value] : expected) {
      EXPECT_EQ(FindCookie(header, name), value);
    }
    ++cases;
  }
  EXPECT_EQ(cases, 12);
}

TEST(CookieHeader, DecodesThePercentEncodedCommaOfPhpsSessionIds) {
  EXPECT_EQ(FindCookie("SESS=a%2Cb%2cc", "SESS"), "a,b,c");
}

TEST(CookieHeader, KeepsWhatIsNoEscape) {
  EXPECT_EQ(RawUrlDecode("%"), "%");
  EXPECT_EQ(RawUrlDecode("%4"), "%4");
  EXPECT_EQ(RawUrlDecode("%g0%0g"), "%g0%0g");
  EXPECT_EQ(RawUrlDecode("100%25"), "100%");
}

TEST(CookieHeader, TakesTheFirstOfANameEvenWhereALaterOneWouldBeGood) {
  EXPECT_EQ(FindCookie("a=bogus; a=good", "a"), "bogus");
  EXPECT_EQ(FindCookie("a=; a=good", "a"), "");
}

TEST(CookieHeader, NeverDecodesNamesNorIgnoresTheirCase) {
  EXPECT_EQ(FindCookie("%53ESS=1", "SESS"), std::nullopt);
  EXPECT_EQ(FindCookie("sess=1", "SESS"), std::nullopt);
}

TEST(CookieHeader, KeepsASpaceBeforeTheSemicolonAndDropsOneBehindIt) {
  EXPECT_EQ(FindCookie("a=1 ; b=2", "a"), "1 ");
  EXPECT_EQ(FindCookie("a=1; \t b=2", "b"), "2");
}

TEST(CookieHeader, SeesNoSessionWherePhpMakesAnArray) {
  EXPECT_EQ(FindCookie("SESS[]=1; SESS=2", "SESS"), std::nullopt);
  EXPECT_EQ(FindCookie("SESS[=1; SESS=2", "SESS"), "2");
  EXPECT_EQ(FindCookie("SESS=2; SESS[]=1", "SESS"), std::nullopt);
}

TEST(CookieHeader, SeesNoFurtherThanPhpsThousandPairs) {
  std::string pairs;
  for (int i = 0; i < 999; ++i) pairs += "a=1;";
  EXPECT_EQ(FindCookie(pairs + "SESS=2", "SESS"), "2");
  EXPECT_EQ(FindCookie(pairs + "a=1;SESS=2", "SESS"), std::nullopt);
}

TEST(CookieHeader, TakesAPairWithoutEqualsSignAsEmpty) {
  EXPECT_EQ(FindCookie("SESS; a=1", "SESS"), "");
}

}  // namespace
}  // namespace rt
