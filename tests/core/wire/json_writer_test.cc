#include "wire/json_writer.h"

#include <gtest/gtest.h>

#include "wire/json_text.h"

namespace rt {
namespace {

TEST(JsonWriter, QuotesPlainTextAsItIs) {
  EXPECT_EQ(JsonString(""), "\"\"");
  EXPECT_EQ(JsonString("caf\xc3\xa9 /"), "\"caf\xc3\xa9 /\"");
}

TEST(JsonWriter, EscapesWhatAStringMayNotHold) {
  EXPECT_EQ(JsonString("\"\\"), R"("\"\\")");
  EXPECT_EQ(JsonString("a\nb\rc\td"), R"("a\nb\rc\td")");
  EXPECT_EQ(JsonString(std::string_view("\0\x1f", 2)), R"("\u0000\u001f")");
}

TEST(JsonWriter, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(JsonString("a\xff"), "\"a\xef\xbf\xbd\"");
  EXPECT_EQ(JsonString("\xff\xfe\"z"), "\"\xef\xbf\xbd\xef\xbf\xbd\\\"z\"");
  // A character that is cut short counts as one flaw.
  EXPECT_EQ(JsonString("a\xf0\x9f\x98"), "\"a\xef\xbf\xbd\"");
  EXPECT_EQ(JsonString("\xf0\x9f\x98z"), "\"\xef\xbf\xbdz\"");
  EXPECT_EQ(JsonString("\xe2\x82\xff\xc3\xa9"),
            "\"\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9\"");
}

TEST(JsonWriter, WritesJsonWhateverItIsGiven) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) {
    bytes += static_cast<char>(byte);
    EXPECT_TRUE(IsJson(JsonString(bytes))) << byte;
  }
}

}  // namespace
}  // namespace rt
