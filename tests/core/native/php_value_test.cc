#include "native/php_value.h"

#include <gtest/gtest.h>

#include <string>

namespace rt {
namespace {

using drupalrt::Value;

std::string Json(std::string_view bytes) {
  const Result<Value> value = DecodePhp(bytes);
  return value ? value->ToJson() : "refused: " + value.error().message;
}

TEST(PhpValue, DecodesByTable) {
  const struct {
    const char* php;
    const char* json;
  } rows[] = {
      {"N;", "null"},
      {"b:1;", "true"},
      {"b:0;", "false"},
      {"i:-7;", "-7"},
      {"i:9223372036854775807;", "9223372036854775807"},
      {"d:1.5;", "1.5"},
      {"d:0.1;", "0.1"},
      {"d:INF;", "null"},
      {"s:5:\"/node\";", "\"/node\""},
      {"s:2:\"\xc3\xa9\";", "\"\xc3\xa9\""},
      {"s:1:\"\xff\";", "\"\xef\xbf\xbd\""},
      {"a:0:{}", "[]"},
      {"a:2:{i:0;s:1:\"a\";i:1;b:1;}", "[\"a\",true]"},
      {"a:2:{i:1;s:1:\"a\";i:0;b:1;}", "{\"1\":\"a\",\"0\":true}"},
      {"a:1:{s:3:\"403\";s:0:\"\";}", "{\"403\":\"\"}"},
      {"a:1:{s:4:\"page\";a:1:{s:5:\"front\";N;}}",
       "{\"page\":{\"front\":null}}"},
      {"a:2:{s:1:\"a\";i:1;s:1:\"a\";i:2;}", "{\"a\":2}"},
  };
  for (const auto& row : rows) EXPECT_EQ(Json(row.php), row.json) << row.php;
}

TEST(PhpValue, RefusesWhatOnlyPhpCanReadAndWhatNobodyCan) {
  for (const char* object :
       {"O:8:\"stdClass\":0:{}", "a:1:{i:0;O:8:\"stdClass\":0:{}}",
        "a:2:{i:0;i:1;i:1;R:2;}", "E:3:\"A:B\";"}) {
    EXPECT_EQ(Json(object),
              "refused: the value holds an object, which only PHP can read");
  }
  for (const char* broken :
       {"", "i:1", "i:1;i:2;", "a:1:{}", "a:1:{i:0;i:1;", "a:-1:{}",
        "a:1:{N;N;}", "s:3:\"ab\";", "a:99999999999:{}", "/node"}) {
    EXPECT_EQ(Json(broken),
              "refused: the value is not what PHP's serialize() writes")
        << broken;
  }
}

TEST(PhpValue, BoundsDepthAndSize) {
  const auto nested = [](int levels) {
    std::string text = "N;";
    for (int i = 0; i < levels; ++i) text = "a:1:{i:0;" + text + "}";
    return DecodePhp(text);
  };
  EXPECT_TRUE(nested(kMaxSettingDepth).ok());
  EXPECT_EQ(nested(kMaxSettingDepth + 1).error().code, ErrorCode::kInvalid);
  const std::string large(kMaxSettingBytes + 1, 'x');
  EXPECT_EQ(DecodePhp(large).error().code, ErrorCode::kLimit);
}

TEST(PhpValue, PathsGoDownAndCastNothing) {
  const Result<Value> value = DecodePhp(
      "a:2:{s:4:\"page\";a:2:{s:5:\"front\";s:5:\"/node\";i:403;i:7;}"
      "s:1:\"n\";s:1:\"5\";}");
  ASSERT_TRUE(value.ok());
  const auto find = [&](const char* path) { return FindPath(*value, path); };
  ASSERT_NE(find("page.front"), nullptr);
  EXPECT_EQ(*find("page.front")->AsString(), "/node");
  EXPECT_EQ(*find("page.403")->AsInt(), 7);
  EXPECT_EQ(find(""), &*value);
  EXPECT_EQ(find("page.front.x"), nullptr);
  EXPECT_EQ(find("page.back"), nullptr);
  EXPECT_EQ(find(".page"), nullptr);
  EXPECT_EQ(find("n")->AsInt(), nullptr);
  EXPECT_EQ(*find("n")->AsString(), "5");
}

}  // namespace
}  // namespace rt
