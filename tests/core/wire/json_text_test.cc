#include "wire/json_text.h"

#include <gtest/gtest.h>

#include <string>

namespace rt {
namespace {

std::string Nested(size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(JsonText, EveryKindOfValueIsJson) {
  for (const char* text : {"null",
                           "true",
                           "false",
                           "0",
                           "-0",
                           "-1.5e+10",
                           "1E400",
                           "0.0",
                           "123456789012345678901234567890",
                           "\"\"",
                           "\"text\"",
                           "[]",
                           "{}",
                           " [ 1 , [ ] , { } ] ",
                           "{\"a\":{\"b\":[null]},\"c\":\"\"}",
                           "\t{\r\n\"a\" : 1 }\n",
                           "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
                           "\"\xf0\x9f\x98\x80\"",
                           "\"12345678\\n12345678\"",
                           "{\"\":0}"}) {
    EXPECT_TRUE(IsJson(text)) << text;
  }
}

TEST(JsonText, WhatIsNotOneValueIsNotJson) {
  for (const char* text : {"",
                           " ",
                           "nul",
                           "nulll",
                           "True",
                           "1 2",
                           "1,2",
                           "01",
                           "-",
                           "+1",
                           ".5",
                           "1.",
                           "1e",
                           "1e+",
                           "0x1",
                           "NaN",
                           "'a'",
                           "\"",
                           "\"a",
                           "\"\\\"",
                           "[",
                           "]",
                           "[1",
                           "[1,]",
                           "[,1]",
                           "[1 2]",
                           "[}",
                           "{",
                           "}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{,}",
                           "{a:1}",
                           "{1:1}",
                           "{\"a\" 1}",
                           "{\"a\":1 \"b\":2}",
                           "{\"a\":1]",
                           "[1]]",
                           "{}{}",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\u12g4\"",
                           "\"\\",
                           "\"\\u123",
                           "/**/1",
                           "1//"}) {
    EXPECT_FALSE(IsJson(text)) << text;
  }
}

TEST(JsonText, AStringHoldsNoControlCharacter) {
  for (char control = 0; control < 0x20; ++control) {
    // Where eight bytes are looked at at once, and where one is.
    const std::string early = std::string("\"") + control + "12345678\"";
    const std::string late = std::string("\"12345678") + control + "\"";
    EXPECT_FALSE(IsJson(early)) << int{control};
    EXPECT_FALSE(IsJson(late)) << int{control};
  }
  EXPECT_TRUE(IsJson("\"\x7f 345678901\""));
}

TEST(JsonText, IsUtf8) {
  EXPECT_FALSE(IsJson("\"\xff\""));
  EXPECT_FALSE(IsJson("\xef\xbb\xbf{}"));
}

// Browsers send one when text is cut inside a character of two units.
TEST(JsonText, LetsAnEscapedHalfOfASurrogatePairPass) {
  EXPECT_TRUE(IsJson("\"\\ud83d\""));
}

TEST(JsonText, NestsAsDeepAsItSaysAndNoDeeper) {
  EXPECT_TRUE(IsJson(Nested(kMaxJsonDepth)));
  EXPECT_FALSE(IsJson(Nested(kMaxJsonDepth + 1)));
  EXPECT_FALSE(IsJson(std::string(1'000'000, '[')));
}

TEST(JsonText, ClosesEachContainerByItsOwnBracket) {
  EXPECT_TRUE(IsJson("[{\"a\":[{}]},[]]"));
  EXPECT_FALSE(IsJson("[{\"a\":[{]}},[]]"));
  EXPECT_FALSE(IsJson("{\"a\":[1}]"));
}

TEST(JsonText, LineBreaksBetweenTokensGo) {
  std::string json = "{\r\n  \"a\": [\n1,\n2]\n}\n";

  StripLineBreaks(&json);

  EXPECT_EQ(json, "{  \"a\": [1,2]}");
}

TEST(JsonText, EmbedsOnOneLineAndNothingAsNull) {
  std::string out = "a\nb:";

  AppendJsonOnOneLine("{\n}", &out);
  AppendJsonOnOneLine("", &out);

  EXPECT_EQ(out, "a\nb:{}null");
}

}  // namespace
}  // namespace rt
