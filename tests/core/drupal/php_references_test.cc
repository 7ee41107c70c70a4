#include "drupal/php_references.h"

#include <gtest/gtest.h>

#include <string_view>

#include "drupal/session_record.h"

namespace rt {
namespace {

bool Holds(std::string_view bytes) {
  return PhpReferencesHold(bytes, PhpLayout::kValue);
}

TEST(PhpReferences, NameWhatCameBefore) {
  EXPECT_TRUE(Holds("a:2:{i:0;i:6;i:1;R:2;}"));
  EXPECT_TRUE(Holds("a:1:{i:0;R:1;}"));
  EXPECT_FALSE(Holds("a:2:{i:0;R:3;i:1;i:6;}"));
}

TEST(PhpReferences, ToAnObjectNameAnObject) {
  EXPECT_TRUE(Holds("a:2:{i:0;O:1:\"A\":0:{}i:1;r:2;}"));
  EXPECT_TRUE(Holds("a:2:{i:0;E:3:\"A:B\";i:1;r:2;}"));
  EXPECT_TRUE(Holds("a:3:{i:0;O:1:\"A\":0:{}i:1;r:2;i:2;r:3;}"));
  EXPECT_FALSE(Holds("a:2:{i:0;i:6;i:1;r:2;}"));
  EXPECT_FALSE(Holds("a:1:{i:0;r:1;}"));
  EXPECT_FALSE(Holds("a:1:{i:0;r:2;}"));
}

TEST(PhpReferences, NameNothingWhosePlaceWasTaken) {
  EXPECT_FALSE(Holds("a:3:{i:0;O:1:\"A\":0:{}i:0;i:5;i:1;r:2;}"));
  EXPECT_FALSE(Holds("a:2:{i:0;N;i:0;R:2;}"));
  EXPECT_FALSE(Holds("a:3:{i:0;i:5;s:1:\"0\";i:6;i:1;R:2;}"));
  // The same key elsewhere is another place.
  EXPECT_TRUE(Holds("a:3:{i:0;i:5;i:1;a:1:{i:0;i:6;}i:2;R:2;}"));
}

TEST(PhpReferences, NameNothingThatALegacyObjectMayHaveShifted) {
  EXPECT_TRUE(Holds("a:3:{i:0;i:5;i:1;C:1:\"A\":0:{}i:2;R:2;}"));
  EXPECT_FALSE(Holds("a:3:{i:0;C:1:\"A\":0:{}i:1;i:5;i:2;R:3;}"));
}

TEST(PhpReferences, GoFromOneSessionVariableToAnother) {
  EXPECT_TRUE(PhpReferencesHold("x|O:1:\"A\":0:{}y|r:1;", PhpLayout::kNamed));
  EXPECT_FALSE(PhpReferencesHold("x|i:1;y|r:1;", PhpLayout::kNamed));
}

TEST(PhpReferences, ThatDoNotHoldMakeASessionNobodys) {
  const std::string_view user = "_sf2_attributes|a:1:{s:3:\"uid\";i:6;}";
  const auto uid = [&](const std::string& more) {
    return ReadSessionRecord(std::string(user) + more, SessionSerializer::kPhp)
        .uid;
  };
  EXPECT_EQ(uid("x|R:2;"), 6u);
  EXPECT_EQ(uid("x|r:2;"), 0u);
}

}  // namespace
}  // namespace rt
