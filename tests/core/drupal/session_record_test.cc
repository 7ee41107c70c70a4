#include "drupal/session_record.h"

#include <gtest/gtest.h>

#include "core/drupal/vectors.h"

namespace rt {
namespace {

using std::string_literals::operator""s;

uint32_t UidOf(std::string_view data,
               SessionSerializer serializer = SessionSerializer::kPhp) {
  return ReadSessionRecord(data, serializer).uid;
}

TEST(SessionRecord, NamesTheUserThatACarefulReaderNamesInEveryRecordedBlob) {
  int cases = 0;
  for (const auto vector : Vectors()["session_blobs"].get_array()) {
    SCOPED_TRACE(TextOf(vector, "label"));
    const std::string blob = BytesOf(vector, "blob_b64");
    const SessionRecord record =
        ReadSessionRecord(blob, SessionSerializer::kPhp);
    EXPECT_EQ(record.uid, NumberOf(vector, "recommended_uid"));
    EXPECT_EQ(record.uid == 0, *record.why != '\0');
    ++cases;
  }
  EXPECT_EQ(cases, 23);
}

TEST(SessionRecord, OfTheOtherSerializerIsNobodys) {
  const std::string whole =
      "a:1:{s:15:\"_sf2_attributes\";a:1:{s:3:\"uid\";s:1:\"6\";}}";
  EXPECT_EQ(UidOf(whole, SessionSerializer::kPhpSerialize), 6u);
  EXPECT_EQ(UidOf(whole, SessionSerializer::kPhp), 0u);
  const std::string plain = "_sf2_attributes|a:1:{s:3:\"uid\";s:1:\"6\";}";
  EXPECT_EQ(UidOf(plain, SessionSerializer::kPhp), 6u);
  EXPECT_EQ(UidOf(plain, SessionSerializer::kPhpSerialize), 0u);
}

TEST(SessionRecord, TakesUserIdsUpToTheLargestAndNoFurther) {
  const auto with = [](const std::string& uid) {
    return UidOf("_sf2_attributes|a:1:{s:3:\"uid\";" + uid + "}");
  };
  EXPECT_EQ(with("i:4294967295;"), 4294967295u);
  EXPECT_EQ(with("s:10:\"4294967295\";"), 4294967295u);
  EXPECT_EQ(with("i:4294967296;"), 0u);
  EXPECT_EQ(with("s:10:\"4294967296\";"), 0u);
  EXPECT_EQ(with("s:11:\"10000000000\";"), 0u);
  EXPECT_EQ(with("s:2:\"6\n\";"), 0u);
  EXPECT_EQ(with("s:2:\"+6\";"), 0u);
  EXPECT_EQ(with("d:6;"), 0u);
  EXPECT_EQ(with("S:1:\"6\";"), 0u);
}

TEST(SessionRecord, LooksForTheUserInItsOwnBagAlone) {
  EXPECT_EQ(UidOf("uid|i:6;"), 0u);
  EXPECT_EQ(UidOf("other|a:1:{s:3:\"uid\";i:6;}"), 0u);
  EXPECT_EQ(UidOf("_sf2_attributes|a:1:{s:1:\"x\";a:1:{s:3:\"uid\";i:6;}}"),
            0u);
  EXPECT_EQ(UidOf("_sf2_attributes|O:1:\"A\":1:{s:3:\"uid\";i:6;}"), 0u);
}

TEST(SessionRecord, LetsALaterBagOfTheSameNameReplaceTheFormer) {
  EXPECT_EQ(UidOf("_sf2_attributes|a:1:{s:3:\"uid\";i:6;}_sf2_attributes|N;"),
            0u);
}

TEST(SessionRecord, StepsOverFlashMessagesWithObjectsAndNulBytes) {
  const std::string flashes =
      "_symfony_flashes|a:1:{s:6:\"status\";a:1:{i:0;"
      "O:25:\"Drupal\\Core\\Render\\Markup\":1:{s:9:\"\0*\0string\";"
      "s:15:\"_sf2_attributes\";}}}"s;
  EXPECT_EQ(UidOf(flashes + "_sf2_attributes|a:1:{s:3:\"uid\";s:1:\"6\";}"),
            6u);
}

TEST(SessionSerializer, KnowsTheTwoThatCanBeRead) {
  EXPECT_EQ(ParseSessionSerializer("php"), SessionSerializer::kPhp);
  EXPECT_EQ(ParseSessionSerializer("php_serialize"),
            SessionSerializer::kPhpSerialize);
  EXPECT_FALSE(ParseSessionSerializer("igbinary"));
  EXPECT_FALSE(ParseSessionSerializer("php_binary"));
  EXPECT_FALSE(ParseSessionSerializer("PHP"));
}

}  // namespace
}  // namespace rt
