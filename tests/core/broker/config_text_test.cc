#include "broker/config_text.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

TEST(ConfigText, ReadsDurations) {
  EXPECT_EQ(*ParseDuration("0"), 0);
  EXPECT_EQ(*ParseDuration("25s"), 25'000);
  EXPECT_EQ(*ParseDuration("500ms"), 500);
  EXPECT_EQ(*ParseDuration("1h30m"), 5'400'000);
  EXPECT_EQ(*ParseDuration("1.5s"), 1'500);
  EXPECT_EQ(*ParseDuration("2d"), 172'800'000);
}

TEST(ConfigText, RefusesWhatIsNoDuration) {
  for (const char* text : {"", "25", "s", "25 s", "-1s", "1x", "1.5ms", "1..5s",
                           ".s", "s25", "99999999999999999h", "1e3s", "nans"}) {
    EXPECT_FALSE(ParseDuration(text).ok()) << text;
  }
}

TEST(ConfigText, WritesDurationsThatReadBack) {
  for (int64_t ms : {0LL, 1LL, 500LL, 1'500LL, 25'000LL, 90'000LL, 300'000LL,
                     3'600'000LL, 90'061'001LL, 2'592'000'000LL}) {
    EXPECT_EQ(*ParseDuration(FormatDuration(ms)), ms) << FormatDuration(ms);
  }
  EXPECT_EQ(FormatDuration(25'000), "25s");
  EXPECT_EQ(FormatDuration(90'000), "90s");
  EXPECT_EQ(FormatDuration(3'600'000), "1h");
}

TEST(ConfigText, ReadsSizesAndWritesThemBack) {
  EXPECT_EQ(*ParseSize("65536"), 65'536);
  EXPECT_EQ(*ParseSize("64KiB"), 65'536);
  EXPECT_EQ(*ParseSize("1MiB"), 1 << 20);
  EXPECT_EQ(FormatSize(65'536), "64KiB");
  EXPECT_EQ(FormatSize(1'000), "1000");
  for (const char* text :
       {"", "KiB", "-1", "1.5MiB", "64 KiB", "64kb", "9999999999999GiB"}) {
    EXPECT_FALSE(ParseSize(text).ok()) << text;
  }
}

TEST(ConfigText, ReadsAddresses) {
  EXPECT_EQ(*ParseAddress("127.0.0.1:8000"), "127.0.0.1:8000");
  EXPECT_EQ(*ParseAddress("[::1]:8000"), "[::1]:8000");
  EXPECT_EQ(*ParseAddress("0.0.0.0:0"), "0.0.0.0:0");
  EXPECT_EQ(*ParseAddress("localhost:80"), "127.0.0.1:80");
}

TEST(ConfigText, RefusesAddressesThatNoSocketTakes) {
  for (const char* text :
       {"", "8000", ":8000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
        "127.0.0.1:-1", "::1:8000", "[::1]", "[]:80", "[127.0.0.1]:80",
        "example.test:80", "127.1:80", "127.0.0.1:80 "}) {
    EXPECT_FALSE(ParseAddress(text).ok()) << text;
  }
}

}  // namespace
}  // namespace rt
