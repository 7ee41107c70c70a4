#include "wire/json_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

JsonFields Fields(std::string_view json) {
  Result<JsonFields> fields = JsonFields::Parse(json);
  EXPECT_TRUE(fields.ok()) << json;
  return fields.ok() ? std::move(fields).value() : JsonFields();
}

TEST(JsonFields, KeepsEveryValueAsItsText) {
  const JsonFields fields =
      Fields(R"( {"a" : 1.50 , "b":{"x" : [1]}, "c":"\u00e9","d":null} )");

  EXPECT_THAT(fields.all(),
              ElementsAre(Pair("a", "1.50"), Pair("b", R"({"x" : [1]})"),
                          Pair("c", R"("\u00e9")"), Pair("d", "null")));
  EXPECT_EQ(fields.Raw("a"), "1.50");
  EXPECT_EQ(fields.Raw("d"), std::nullopt);
  EXPECT_EQ(fields.Raw("e"), std::nullopt);
}

TEST(JsonFields, OfARepeatedKeyTheLastCounts) {
  EXPECT_EQ(Fields(R"({"a":1,"\u0061":2})").Raw("a"), "2");
}

TEST(JsonFields, RefusesWhatIsNoObject) {
  for (const char* json : {"", "1", "[]", "{", "{}{}", R"({"a":{"b" 1}})"}) {
    EXPECT_FALSE(JsonFields::Parse(json).ok()) << json;
  }
}

TEST(JsonFields, ReadsValuesOfTheirType) {
  const JsonFields fields = Fields(
      R"({"s":"a\nb","t":true,"n":18446744073709551615,"l":["x","\"y"]})");

  EXPECT_EQ(*fields.String("s"), "a\nb");
  EXPECT_EQ(*fields.Bool("t"), true);
  EXPECT_EQ(*fields.Uint("n"), UINT64_MAX);
  EXPECT_THAT(**fields.Strings("l"), ElementsAre("x", "\"y"));
  EXPECT_EQ(*fields.String("missing"), std::nullopt);
  EXPECT_EQ(*fields.Uint("missing"), std::nullopt);
}

TEST(JsonFields, NamesTheKeyOfAWrongType) {
  const JsonFields fields =
      Fields(R"({"a":1,"b":"x","c":-1,"d":1.5,"e":["x",1]})");

  EXPECT_THAT(fields.String("a").error().message, HasSubstr("\"a\""));
  EXPECT_THAT(fields.Bool("b").error().message, HasSubstr("\"b\""));
  EXPECT_FALSE(fields.Uint("b").ok());
  EXPECT_FALSE(fields.Uint("c").ok());
  EXPECT_FALSE(fields.Uint("d").ok());
  EXPECT_FALSE(fields.Strings("b").ok());
  EXPECT_FALSE(fields.Strings("e").ok());
}

TEST(JsonFields, TakesAnArrayApart) {
  const auto items = JsonFields::ParseArray(R"([1, {"a":[2]} ,"x"])");

  ASSERT_TRUE(items.ok());
  EXPECT_THAT(*items, ElementsAre("1", R"({"a":[2]})", "\"x\""));
  EXPECT_TRUE(JsonFields::ParseArray("[]")->empty());
  EXPECT_FALSE(JsonFields::ParseArray("{}").ok());
  EXPECT_FALSE(JsonFields::ParseArray("[1,]").ok());
}

TEST(JsonFields, HalfASurrogatePairIsNoString) {
  EXPECT_EQ(DecodeJsonString(R"("\ud83d")"), std::nullopt);
  EXPECT_EQ(DecodeJsonString(R"("\ud83d\ude00")"), "\xf0\x9f\x98\x80");
  EXPECT_EQ(DecodeJsonString("1"), std::nullopt);
}

}  // namespace
}  // namespace rt
