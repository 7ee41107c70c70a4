#include "base/log.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

TEST(Log, QuotesWhatJsonDoesNotTake) {
  EXPECT_EQ(QuotedForLog("a \"b\" \\ \n\x01"),
            "\"a \\\"b\\\" \\\\ \\u000a\\u0001\"");
}

TEST(Log, KnowsItsLevels) {
  EXPECT_EQ(ParseLogLevel("warning").value(), LogLevel::kWarning);
  EXPECT_FALSE(ParseLogLevel("loud").ok());
}

}  // namespace
}  // namespace rt
