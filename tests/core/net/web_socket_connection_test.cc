#include "net/web_socket_connection.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/net/loopback.h"

namespace rt {
namespace {

struct Seen {
  std::vector<std::string> texts;
  int gone = 0;
  bool alive = false;
};

// Says back what it is told; "bye" starts the end.
class Server final : public WebSocketConnection {
 public:
  Server(Connection* connection, Seen* seen)
      : WebSocketConnection(connection, {1024, 16}, std::nullopt), seen_(seen) {
    seen->alive = true;
  }
  ~Server() override { seen_->alive = false; }
  void OnSlow() override { StartClose(3008, "slow", false); }
  void End(uint16_t code, bool flush) { StartClose(code, "why", flush); }
  Connection* socket() { return connection(); }

 private:
  bool OnText(std::string_view message) override {
    seen_->texts.emplace_back(message);
    if (message == "bye") {
      StartClose(4000, "why");
      StartClose(4001, "once is enough");
    } else {
      std::string frame;
      AppendWebSocketFrame(WebSocketOpcode::kText, message, &frame);
      connection()->Enqueue(frame);
    }
    return true;
  }
  bool OnBinary(std::string_view) override { return true; }
  void OnGone() override { ++seen_->gone; }

  Seen* seen_;
};

std::string Frame(uint8_t opcode, const std::string& payload) {
  std::string frame{static_cast<char>(0x80 | opcode)};
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    frame += static_cast<char>(0x80 | 126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size() & 255);
  }
  frame.append(4, '\0');  // a mask that changes nothing
  return frame + payload;
}
std::string Close(uint16_t code, const std::string& reason = "") {
  return Frame(8, std::string{static_cast<char>(code >> 8),
                              static_cast<char>(code & 255)} +
                      reason);
}
std::string ServerClose(uint16_t code, const std::string& reason = "") {
  std::string frame;
  AppendWebSocketClose(code, reason, &frame);
  return frame;
}

class WebSocketConnectionTest : public testing::Test {
 protected:
  Server* Connected() {
    EXPECT_TRUE(net_.TurnUntil([this] { return seen_.alive; }));
    return server_;
  }
  bool Gone() {
    return net_.TurnUntil([this] { return !seen_.alive; });
  }

  Seen seen_;
  Server* server_ = nullptr;
  Loopback net_{[this](Connection* connection) {
    auto made = std::make_unique<Server>(connection, &seen_);
    server_ = made.get();
    return made;
  }};
};

TEST_F(WebSocketConnectionTest, AnswersThePeersCloseWithItsCodeAndEnds) {
  Client client(&net_);
  client.Send(Frame(1, "hi") + Close(1000, "done") + Frame(1, "too late"));
  EXPECT_EQ(client.UntilEnd(), "\x81\x02hi" + ServerClose(1000));
  EXPECT_FALSE(client.was_reset());
  EXPECT_EQ(seen_.texts, std::vector<std::string>{"hi"});
  EXPECT_EQ(seen_.gone, 1);
  client.Close();
  EXPECT_TRUE(Gone());
}

TEST_F(WebSocketConnectionTest, ClosesOnceAndWaitsForTheAnswer) {
  Client client(&net_);
  client.Send(Frame(1, "bye") + Frame(1, "ignored") + Frame(9, "ping"));
  client.Until(ServerClose(4000, "why"));
  net_.Turn(20);
  client.Receive();
  EXPECT_EQ(client.seen(), ServerClose(4000, "why"));
  EXPECT_FALSE(client.ended());
  EXPECT_EQ(seen_.texts, std::vector<std::string>{"bye"});
  client.Send(Close(4000));
  client.UntilEnd();
  EXPECT_EQ(seen_.gone, 1);
}

TEST_F(WebSocketConnectionTest, WaitsForTheAnswerNoLongerThanItMust) {
  Client client(&net_);
  client.Send(Frame(1, "bye"));
  EXPECT_TRUE(Gone());
  EXPECT_EQ(seen_.gone, 1);
}

TEST_F(WebSocketConnectionTest, SaysWhatThePeerDidWrongAndReadsNoFurther) {
  const std::pair<std::string, uint16_t> cases[] = {
      {std::string("\x81\x02hi"), 1002},                // not masked
      {Frame(1, "\xff"), 1007},                         // not UTF-8
      {Frame(1, std::string(2000, 'x')), 1009},         // too big
      {std::string("\xf1\x80\0\0\0\0", 6), 1002},       // reserved bits
      {std::string("\x80\x80\0\0\0\0", 6), 1002},       // continues nothing
      {std::string("\x88\x81\0\0\0\0x", 7), 1002},      // half a code
      {std::string("\x88\x82\0\0\0\0\3\xed", 8), 1002}  // 1005 on the wire
  };
  for (const auto& [bytes, code] : cases) {
    seen_ = {};
    Client client(&net_);
    client.Send(bytes + Frame(1, "too late"));
    const std::string& said = client.UntilEnd();
    ASSERT_GE(said.size(), 4u);
    EXPECT_EQ(static_cast<uint8_t>(said[0]), 0x88);
    EXPECT_EQ(
        static_cast<uint8_t>(said[2]) << 8 | static_cast<uint8_t>(said[3]),
        code);
    EXPECT_FALSE(client.was_reset());
    EXPECT_TRUE(seen_.texts.empty());
    EXPECT_EQ(seen_.gone, 1);
    client.Close();
    EXPECT_TRUE(Gone());
  }
}

TEST_F(WebSocketConnectionTest, AnswersAPingBehindWhatWasSaidBefore) {
  Client client(&net_);
  client.Send(Frame(1, "hi") + Frame(9, "ok?"));
  EXPECT_EQ(client.Until("ok?"), "\x81\x02hi\x8a\x03ok?");
}

TEST_F(WebSocketConnectionTest, HearsOfAPeerThatGoesWithoutAWord) {
  Client client(&net_);
  Connected();
  client.Close();
  EXPECT_TRUE(Gone());
  EXPECT_EQ(seen_.gone, 1);
}

TEST_F(WebSocketConnectionTest, BidsASlowPeerFarewellBehindWhatIsOnItsWay) {
  Client client(&net_, 4096);
  Server* server = Connected();
  const std::string piece(512 * 1024, 'x');
  // Until the kernel takes no more, and the bound is passed.
  while (server->socket()->queued_bytes() <= 64 * 1024) {
    server->socket()->Enqueue(piece);
    net_.Turn(1);
  }
  EXPECT_TRUE(client.Until("slow").ends_with(ServerClose(3008, "slow")));
  client.Send(Close(3008));
  client.UntilEnd();
}

}  // namespace
}  // namespace rt
