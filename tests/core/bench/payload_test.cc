#include "bench/payload.h"

#include <gtest/gtest.h>
#include <simdjson.h>

namespace rt::bench {
namespace {

TEST(Payload, IsAJsonObjectOfExactlyTheSizeAskedFor) {
  for (const size_t bytes : {kMinPayloadBytes, size_t{128}, size_t{4096}}) {
    const std::string text = MakePayload(7, bytes);
    simdjson::dom::parser parser;
    int64_t number = 0;

    EXPECT_EQ(text.size(), bytes);
    ASSERT_FALSE(parser.parse(text)["n"].get(number));
    EXPECT_EQ(number, 1'000'000'007);
  }
}

TEST(Payload, TellsItsNumberWhereverItStands) {
  const std::string bare = MakePayload(123456, 128);
  const std::string wrapped =
      R"({"push":{"channel":"bench:0","pub":{"data":)" + bare + "}}}";
  size_t hint = 0;

  EXPECT_EQ(FindSequence(wrapped, &hint), 123456u);
  const size_t found = hint;
  EXPECT_EQ(FindSequence(wrapped, &hint), 123456u);
  EXPECT_EQ(hint, found);
  EXPECT_EQ(FindSequence(bare, &hint), 123456u);
}

TEST(Payload, IsNotSeenWhereThereIsNone) {
  size_t hint = 0;
  EXPECT_FALSE(FindSequence("", &hint));
  EXPECT_FALSE(FindSequence("{}", &hint));
  EXPECT_FALSE(FindSequence(R"({"n":12})", &hint));
  EXPECT_FALSE(FindSequence(R"({"n":"1000000001"})", &hint));
  EXPECT_FALSE(FindSequence(R"({"n":0000000001})", &hint));
  EXPECT_FALSE(FindSequence(R"({"n":)", &hint));
}

}  // namespace
}  // namespace rt::bench
