#include "drupal/session_key.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "core/drupal/vectors.h"
#include "drupal/cookie_header.h"

namespace rt {
namespace {

TEST(SessionKey, HashesEveryRecordedIdAsDrupalDid) {
  int cases = 0;
  for (const auto vector : Vectors()["hash_base64"].get_array()) {
    const std::string id = BytesOf(vector, "session_id_b64");
    SCOPED_TRACE(id);
    EXPECT_EQ(HashBase64(id), TextOf(vector, "db_sid"));
    const auto digest = Sha256(id);
    EXPECT_EQ(HexEncode({reinterpret_cast<const char*>(digest.data()),
                         digest.size()}),
              TextOf(vector, "sha256_hex"));
    ++cases;
  }
  EXPECT_EQ(cases, 11);
}

TEST(SessionKey, FindsTheRowOfEveryRecordedCookie) {
  for (const auto vector : Vectors()["live_d10"]["sessions"].get_array()) {
    const std::string header = TextOf(vector, "cookie_name") + "=" +
                               TextOf(vector, "cookie_value_raw");
    const auto id = FindCookie(header, TextOf(vector, "cookie_name"));
    ASSERT_EQ(id, TextOf(vector, "session_id"));
    EXPECT_EQ(SessionKey(*id), TextOf(vector, "db_sid"));
  }
}

TEST(SessionKey, TakesIdsOfAnyLengthAndAlphabetThatDrupalTakes) {
  EXPECT_TRUE(SessionKey("bogus"));
  EXPECT_TRUE(SessionKey("\xc3\xa9 with, signs"));
  EXPECT_TRUE(SessionKey(std::string(256, 'x')));
}

TEST(SessionKey, IsNoneForAnEmptyAnOverlongOrAControlledId) {
  EXPECT_FALSE(SessionKey(""));
  EXPECT_FALSE(SessionKey(std::string(257, 'x')));
  EXPECT_FALSE(SessionKey(std::string_view("a\0b", 3)));
  EXPECT_FALSE(SessionKey("a\nb"));
  EXPECT_FALSE(SessionKey("a\x7f"));
}

TEST(PhpSessionId, IsNoneWithWhatPhpItselfRefuses) {
  EXPECT_TRUE(IsPhpSessionId("QmF,0-Tz8kLw"));
  EXPECT_TRUE(IsPhpSessionId("\xc3\xa9:*?"));
  EXPECT_FALSE(IsPhpSessionId(""));
  for (const char bad : std::string_view("\r\n\t <>'\"\\")) {
    EXPECT_FALSE(IsPhpSessionId(std::string("a") + bad)) << bad;
  }
}

}  // namespace
}  // namespace rt
