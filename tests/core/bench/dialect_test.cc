#include "bench/dialect.h"

#include <gtest/gtest.h>

namespace rt::bench {
namespace {

TEST(Dialect, OfTheBrokerPipelinesConnectAndSubscribe) {
  const auto dialect = std::move(MakeDialect("drupalrt")).value();

  EXPECT_EQ(dialect->Path("bench:3"), "/connection/websocket");
  EXPECT_EQ(dialect->Hello("bench:3"),
            "{\"id\":1,\"connect\":{}}\n"
            "{\"id\":2,\"subscribe\":{\"channel\":\"bench:3\"}}");
}

TEST(Dialect, OfTheBrokerIsReadyWithTheAnswerToItsSubscribe) {
  const auto dialect = std::move(MakeDialect("drupalrt")).value();

  EXPECT_EQ(dialect->Read(R"({"id":1,"connect":{"client":"c","ping":25}})"),
            TextMeaning::kNothing);
  EXPECT_EQ(dialect->Read(R"({"id":2,"subscribe":{}})"),
            TextMeaning::kSubscribed);
  EXPECT_EQ(dialect->Read(R"({"id":2,"error":{"code":103,"message":"no"}})"),
            TextMeaning::kRefused);
  EXPECT_EQ(dialect->Read("{}"), TextMeaning::kPing);
  EXPECT_EQ(dialect->Pong(), "{}");
}

TEST(Dialect, OfPlainServersSubscribesByThePath) {
  for (const char* server : {"ws", "nchan", "limit", "limit-plain"}) {
    const auto dialect = std::move(MakeDialect(server)).value();
    EXPECT_EQ(dialect->Path("bench:3"), "/sub/bench:3");
    EXPECT_EQ(dialect->Hello("bench:3"), "");
  }
}

TEST(Dialect, OfSocketIoJoinsWithTheConnectPacket) {
  const auto dialect = std::move(MakeDialect("socket.io")).value();

  EXPECT_EQ(dialect->Hello("bench:3"), R"(40{"channel":"bench:3"})");
  EXPECT_EQ(dialect->Read(R"(0{"sid":"a"})"), TextMeaning::kNothing);
  EXPECT_EQ(dialect->Read(R"(40{"sid":"b"})"), TextMeaning::kSubscribed);
  EXPECT_EQ(dialect->Read("2"), TextMeaning::kPing);
  EXPECT_EQ(dialect->Read(R"(44{"message":"no"})"), TextMeaning::kRefused);
}

TEST(Dialect, OfAnUnknownServerIsAnError) {
  const auto made = MakeDialect("carrier pigeon");
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace rt::bench
