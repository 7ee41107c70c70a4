#include "broker/broker_reply.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

TEST(BrokerReply, IsItsResult) {
  EXPECT_EQ(*ResultOf(std::string(R"({"result": {"offset": 1}})")),
            R"({"offset":1})");
}

TEST(BrokerReply, IsAnErrorWithItsCode) {
  const auto result = ResultOf(
      std::string(R"({"error":{"code":102,"message":"unknown channel"}})"));

  EXPECT_EQ(result.error().message,
            "the broker refused: unknown channel (102)");
}

TEST(BrokerReply, PassesOnThatThereWasNone) {
  const auto result = ResultOf(Error{ErrorCode::kUnavailable, "gone"});

  EXPECT_EQ(result.error().message, "gone");
}

TEST(BrokerReply, IsNeverTakenForAResultWhenItIsBroken) {
  for (const char* reply : {"", "x", "[]", "7", R"({"error":7})"}) {
    EXPECT_FALSE(ResultOf(std::string(reply)).ok()) << reply;
  }
}

TEST(BrokerReply, IsATableForPeople) {
  EXPECT_EQ(ReadableJson(
                R"({"nodes":[{"uid":"a","num_clients":2}],"sites":1,"up":true,
                    "none":[],"list":["x",[1]]})"),
            "sites  1\n"
            "up     true\n"
            "nodes\n"
            "  uid          a\n"
            "  num_clients  2\n"
            "none\n"
            "list\n"
            "  x\n"
            "  1\n");
  EXPECT_EQ(ReadableJson("broken"), "");
}

}  // namespace
}  // namespace rt
