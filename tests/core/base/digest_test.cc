#include "base/digest.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

template <size_t kBytes>
std::string Hex(const std::array<uint8_t, kBytes>& digest) {
  return HexEncode(
      {reinterpret_cast<const char*>(digest.data()), digest.size()});
}

TEST(Digest, Sha256IsThatOfTheStandard) {
  EXPECT_EQ(Hex(Sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(Sha256("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Digest, Sha1IsThatOfTheStandard) {
  EXPECT_EQ(Hex(Sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(Digest, HexIsLowerCaseAndKeepsLeadingZeros) {
  EXPECT_EQ(HexEncode(std::string_view("\x00\x0f\xff", 3)), "000fff");
  EXPECT_EQ(HexEncode(""), "");
}

// RFC 4648 section 10.
TEST(Digest, Base64HasTheVectorsOfTheStandard) {
  EXPECT_EQ(Base64Encode(""), "");
  EXPECT_EQ(Base64Encode("f"), "Zg==");
  EXPECT_EQ(Base64Encode("fo"), "Zm8=");
  EXPECT_EQ(Base64Encode("foo"), "Zm9v");
  EXPECT_EQ(Base64Encode("foob"), "Zm9vYg==");
  EXPECT_EQ(Base64Encode("fooba"), "Zm9vYmE=");
  EXPECT_EQ(Base64Encode("foobar"), "Zm9vYmFy");
}

TEST(Digest, TheTwoAlphabetsDifferInTwoDigitsAndInPadding) {
  EXPECT_EQ(Base64Encode("\xfb\xff\xfe\xff"), "+//+/w==");
  EXPECT_EQ(Base64UrlEncode("\xfb\xff\xfe\xff"), "-__-_w");
}

TEST(Digest, DecodesBothAlphabetsPaddedOrNot) {
  EXPECT_EQ(Base64Decode("+//+/w=="), "\xfb\xff\xfe\xff");
  EXPECT_EQ(Base64Decode("-__-_w"), "\xfb\xff\xfe\xff");
  EXPECT_EQ(Base64Decode(""), "");
}

TEST(Digest, DecodesNothingFromWhatIsNotBase64) {
  EXPECT_EQ(Base64Decode("Zm9v Zg=="), std::nullopt);
  EXPECT_EQ(Base64Decode("Zm9vY"), std::nullopt);
  EXPECT_EQ(Base64Decode("Zg=v"), std::nullopt);
}

TEST(Digest, WhatIsSignedHasOneSpelling) {
  EXPECT_EQ(Base64UrlDecode("-__-_w"), "\xfb\xff\xfe\xff");
  EXPECT_EQ(Base64UrlDecode(""), "");
  for (const char* other : {"-__-_w==", "+//+/w", "-__-_x", "-__-_", "-_ _w"}) {
    EXPECT_EQ(Base64UrlDecode(other), std::nullopt) << other;
  }
}

TEST(Digest, ComparesContentsAndLengths) {
  EXPECT_TRUE(ConstantTimeEqual("secret", "secret"));
  EXPECT_TRUE(ConstantTimeEqual("", ""));
  EXPECT_FALSE(ConstantTimeEqual("secret", "secreT"));
  EXPECT_FALSE(ConstantTimeEqual("secret", "secret "));
}

}  // namespace
}  // namespace rt
