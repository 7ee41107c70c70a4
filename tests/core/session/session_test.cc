#include "session/session.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/slot_map.h"
#include "hub/channel_name.h"
#include "wire/client_protocol_codec.h"

namespace rt {
namespace {

class FakeTransport final : public Transport {
 public:
  [[nodiscard]] TransportKind kind() const override {
    return TransportKind::kWebSocket;
  }
  [[nodiscard]] Framing framing() const override { return form; }
  [[nodiscard]] bool emulated() const override { return false; }
  [[nodiscard]] bool native_pings() const override { return false; }
  void SendNativePing() override {}
  [[nodiscard]] size_t backlog() const override { return waiting; }
  void TellWhenCaughtUp() override { tells_when_caught_up = true; }
  void SendReply(std::string_view reply) override { sent.emplace_back(reply); }
  void SendFramed(const BufferRef& framed, bool) override {
    sent.emplace_back(framed->view());
  }
  void Close(const DisconnectCode& why, bool flush) override {
    closed = why.code;
    flushed = flush;
  }
  Framing form;
  size_t waiting = 0;
  bool tells_when_caught_up = false;
  std::vector<std::string> sent;
  uint16_t closed = 0;
  bool flushed = false;
};

// A worker whose answers the test gives by hand.
class FakeHost final : public SessionHost {
 public:
  [[nodiscard]] const Clock& clock() const override { return time; }
  [[nodiscard]] const SessionLimits& limits() const override {
    return session_limits;
  }
  [[nodiscard]] TimerWheel& timers() override { return wheel; }
  [[nodiscard]] SubscriberTable& subscribers() override { return table; }
  uint64_t Register(Session* session, uint32_t, const std::string&) override {
    return sessions.Insert(session);
  }
  void Unregister(uint64_t id, uint32_t, const std::string&) override {
    sessions.Erase(id);
  }
  [[nodiscard]] const std::string& node() const override { return name; }
  void RegisterEmulated(const std::string&, uint64_t) override {}
  void UnregisterEmulated(const std::string&) override {}
  [[nodiscard]] DisconnectCode LetIn(const Session&) override {
    ++let_in;
    return refusal;
  }
  void LetOut(const Session&) override { --let_in; }
  [[nodiscard]] bool Revoked(uint32_t, const std::string&,
                             const std::string& token_id, int64_t) override {
    return token_id == "revoked";
  }
  [[nodiscard]] bool TakesCommandOf(const Session&) override {
    return takes_commands;
  }
  [[nodiscard]] const RpcRegistry& rpcs() const override { return registry; }
  [[nodiscard]] SessionMetrics& metrics() override { return counts; }
  void Authenticate(uint64_t, const SitePtr&, const Handshake&,
                    const ConnectRequest& request) override {
    ++authentications;
    token = request.token;
  }
  void Order(HubOrder order) override { orders.push_back(std::move(order)); }
  [[nodiscard]] bool congested() const override { return is_congested; }

  void Pass(int64_t ms) {
    for (int64_t step = 0; step < ms; step += TimerWheel::kSlotMs) {
      time.Advance(TimerWheel::kSlotMs);
      wheel.Advance(time.monotonic_ms());
    }
  }

  ManualClock time;
  SessionLimits session_limits{10'000, 25'000, 8'000, 3, 255};
  TimerWheel wheel{time.monotonic_ms()};
  SubscriberTable table;
  SlotMap<Session> sessions;
  std::vector<HubOrder> orders;
  std::string token;
  int authentications = 0;
  bool is_congested = false;
  bool takes_commands = true;
  int let_in = 0;
  DisconnectCode refusal;
  RpcRegistry registry;
  SessionMetrics counts;
  std::string name = "node";
};

class SessionTest : public testing::Test {
 protected:
  SessionTest() { Start(MakeSite(true)); }

  static SitePtr MakeSite(bool anonymous) {
    NamespaceOptions chat;
    chat.name = "chat";
    chat.subscribe.kind = Rule::Kind::kLoggedIn;
    chat.publish = {Rule::Kind::kPermission, "post comments", {}};
    NamespaceOptions open;
    open.name = "open";
    open.subscribe.kind = Rule::Kind::kEveryone;
    auto site = std::make_shared<Site>(Namespaces({chat, open}));
    site->id = 1;
    site->key = "site";
    site->anonymous = anonymous;
    return site;
  }
  void Start(SitePtr site) {
    session_ = std::make_unique<Session>(&host_, &transport_, &JsonCodec(),
                                         std::move(site), Handshake{});
  }
  void Send(std::string_view commands) { session_->OnCommands(commands); }
  void Authenticate(uint32_t uid) {
    auto who = std::make_shared<Identity>();
    who->uid = uid;
    who->name = uid == 0 ? "" : "editor";
    if (uid == 5) who->permissions = {"post comments"};
    session_->OnAuthenticated(Login{who, nullptr, {}});
    // A user's own channel comes with the connection.
    if (uid != 0 && !host_.orders.empty()) GrantSubscribe();
  }
  void Connect(uint32_t uid) {
    Send(R"({"id":1,"connect":{}})");
    Authenticate(uid);
    transport_.sent.clear();
  }
  // Answers the newest order, a subscribe, with success.
  void GrantSubscribe() {
    auto& order = std::get<SubscribeOrder>(host_.orders.back().body);
    SubscribeAnswer answer;
    answer.ticket = order.ticket;
    answer.channel_key = ChannelKey(1, order.channel);
    session_->OnAnswer(std::move(answer));
  }
  // How long it took, in ms; a minute at most.
  int64_t PassUntilSomethingIsSent() {
    int64_t passed = 0;
    while (transport_.sent.empty() && passed < 60'000) {
      host_.Pass(TimerWheel::kSlotMs);
      passed += TimerWheel::kSlotMs;
    }
    return passed;
  }
  std::string Last() {
    return transport_.sent.empty() ? "" : transport_.sent.back();
  }

  FakeHost host_;
  FakeTransport transport_;
  std::unique_ptr<Session> session_;
};

TEST_F(SessionTest, AnswersConnectFirstThoughSubscribesCameAlong) {
  Send(
      "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":"
      "\"open:a\"}}");
  EXPECT_TRUE(transport_.sent.empty());
  EXPECT_TRUE(host_.orders.empty()) << "who it is comes first";
  Authenticate(0);
  ASSERT_EQ(transport_.sent.size(), 1u);
  EXPECT_EQ(transport_.sent[0].find("{\"id\":1,\"connect\":{\"client\":\""),
            0u);
  GrantSubscribe();
  EXPECT_EQ(Last(), R"({"id":2,"subscribe":{}})");
}

TEST_F(SessionTest, BringsAUsersOwnChannelWithTheConnection) {
  Send(
      "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":"
      "\"user:5\"}}");
  Authenticate(5);
  ASSERT_EQ(transport_.sent.size(), 2u);
  EXPECT_NE(transport_.sent[0].find(R"("subs":{"user:5":{}})"),
            std::string::npos)
      << transport_.sent[0];
  EXPECT_NE(transport_.sent[1].find("\"code\":105"), std::string::npos)
      << "it is subscribed already";
  EXPECT_EQ(host_.table.subscriptions(), 1u);
}

TEST_F(SessionTest, KeepsItsSubscriptionsWhenAskedAgainInVain) {
  Connect(5);
  Send(R"({"id":2,"subscribe":{"channel":"chat:1"}})");
  GrantSubscribe();
  session_->OnReauthenticated(Error{ErrorCode::kUnavailable, "away"});
  EXPECT_EQ(transport_.closed, 0);
  EXPECT_EQ(host_.table.subscriptions(), 2u);
}

TEST_F(SessionTest, EndsWhenAskedAgainAndNobodyAnyMore) {
  Connect(5);
  session_->OnReauthenticated(IdentityPtr(std::make_shared<Identity>()));
  EXPECT_EQ(transport_.closed, 4001);
}

TEST_F(SessionTest, LosesTheRightToPublishWithThePermission) {
  Connect(5);
  auto without = std::make_shared<Identity>();
  without->uid = 5;
  session_->OnReauthenticated(IdentityPtr(without));
  EXPECT_EQ(transport_.closed, 0);
  Send(R"({"id":2,"publish":{"channel":"chat:1","data":1}})");
  EXPECT_NE(Last().find("\"code\":103"), std::string::npos);
}

TEST_F(SessionTest, IsAskedAgainWhileItWaitsForItsOwnChannel) {
  Send(R"({"id":1,"connect":{}})");
  auto who = std::make_shared<Identity>();
  who->uid = 5;
  session_->OnAuthenticated(Login{who, nullptr, {}});
  EXPECT_FALSE(session_->connected());
  EXPECT_TRUE(session_->known()) << "so notices concern it";
  session_->OnReauthenticated(IdentityPtr(std::make_shared<Identity>()));
  EXPECT_EQ(transport_.closed, 4001);
  GrantSubscribe();
  EXPECT_EQ(host_.table.subscriptions(), 0u);
  EXPECT_TRUE(
      std::holds_alternative<UnsubscribeOrder>(host_.orders.back().body));
}

TEST_F(SessionTest, RefusesASubscribeWhoseRightIsLostOnTheWay) {
  Connect(5);
  Send(R"({"id":2,"subscribe":{"channel":"chat:1"}})");
  const auto order = std::get<SubscribeOrder>(host_.orders.back().body);
  NamespaceOptions chat;
  chat.name = "chat";
  auto changed = std::make_shared<Site>(Namespaces({chat}));
  changed->id = 1;
  session_->OnSiteChanged(changed);
  SubscribeAnswer answer;
  answer.ticket = order.ticket;
  answer.channel_key = ChannelKey(1, order.channel);
  session_->OnAnswer(std::move(answer));
  EXPECT_EQ(Last(),
            R"({"id":2,"error":{"code":103,"message":"permission denied"}})");
  EXPECT_EQ(host_.table.subscriptions(), 1u) << "its own channel";
  EXPECT_TRUE(
      std::holds_alternative<UnsubscribeOrder>(host_.orders.back().body))
      << "the sequencer had counted it";
}

TEST_F(SessionTest, EndsWhatDoesNotBeginWithConnect) {
  Send(R"({"id":1,"subscribe":{"channel":"open:a"}})");
  EXPECT_EQ(transport_.closed, 3501);
}

TEST_F(SessionTest, EndsASecondConnect) {
  Connect(5);
  Send(R"({"id":2,"connect":{}})");
  EXPECT_EQ(transport_.closed, 3501);
}

TEST_F(SessionTest, EndsOnWhatIsNoJson) {
  Connect(5);
  Send("{bad");
  EXPECT_EQ(transport_.closed, 3501);
}

TEST_F(SessionTest, TellsAVisitorNothingWhereVisitorsMayNotConnect) {
  Start(MakeSite(false));
  Send(R"({"id":1,"connect":{}})");
  Authenticate(0);
  EXPECT_EQ(transport_.closed, 3501);
  EXPECT_TRUE(transport_.sent.empty());
}

TEST_F(SessionTest, TellsToComeBackWhenTheStoreIsAway) {
  Send(R"({"id":1,"connect":{}})");
  session_->OnAuthenticated(Error{ErrorCode::kUnavailable, "away"});
  EXPECT_EQ(transport_.closed, 3004);
}

TEST_F(SessionTest, RefusesABadTokenForGood) {
  Send(R"({"id":1,"connect":{"token":"x"}})");
  EXPECT_EQ(host_.token, "x");
  session_->OnAuthenticated(Error{ErrorCode::kDenied, "bad"});
  EXPECT_EQ(transport_.closed, 3500);
}

TEST_F(SessionTest, ClosesAStaleConnection) {
  host_.Pass(9'000);
  EXPECT_EQ(transport_.closed, 0);
  host_.Pass(2'000);
  EXPECT_EQ(transport_.closed, 3502);
}

TEST_F(SessionTest, RefusesAVisitorTheMembersChannel) {
  Connect(0);
  Send(R"({"id":2,"subscribe":{"channel":"chat:1"}})");
  EXPECT_EQ(Last(),
            R"({"id":2,"error":{"code":103,"message":"permission denied"}})");
  EXPECT_TRUE(host_.orders.empty());
}

TEST_F(SessionTest, RefusesAnUnknownNamespace) {
  Connect(5);
  Send(R"({"id":2,"subscribe":{"channel":"nope:1"}})");
  EXPECT_NE(Last().find("\"code\":102"), std::string::npos);
}

TEST_F(SessionTest, RefusesToSubscribeTwice) {
  Connect(5);
  Send(R"({"id":2,"subscribe":{"channel":"chat:1"}})");
  Send(R"({"id":3,"subscribe":{"channel":"chat:1"}})");
  EXPECT_NE(Last().find("\"code\":105"), std::string::npos)
      << "while the first is under way";
  GrantSubscribe();
  Send(R"({"id":4,"subscribe":{"channel":"chat:1"}})");
  EXPECT_NE(Last().find("\"code\":105"), std::string::npos);
}

TEST_F(SessionTest, RefusesMoreChannelsThanTheLimit) {
  Connect(5);
  for (const char* channel : {"open:1", "open:2"}) {
    Send(std::string(R"({"id":2,"subscribe":{"channel":")") + channel + "\"}}");
    GrantSubscribe();
  }
  Send(R"({"id":9,"subscribe":{"channel":"open:4"}})");
  EXPECT_NE(Last().find("\"code\":106"), std::string::npos);
}

TEST_F(SessionTest, CountsNoPublishAmongItsChannels) {
  Connect(5);
  for (int id = 2; id < 7; ++id) {
    Send("{\"id\":" + std::to_string(id) +
         R"(,"publish":{"channel":"chat:1","data":1}})");
  }
  Send(R"({"id":9,"subscribe":{"channel":"open:1"}})");
  EXPECT_TRUE(transport_.sent.empty()) << Last();
  GrantSubscribe();
  EXPECT_EQ(Last(), R"({"id":9,"subscribe":{}})");
}

TEST_F(SessionTest, AnswersAnUnsubscribeBehindTheSubscribeItUndoes) {
  Connect(5);
  Send(R"({"id":2,"subscribe":{"channel":"chat:1"}})");
  Send(R"({"id":3,"unsubscribe":{"channel":"chat:1"}})");
  EXPECT_TRUE(transport_.sent.empty());
  GrantSubscribe();
  EXPECT_EQ(transport_.sent,
            (std::vector<std::string>{R"({"id":2,"subscribe":{}})",
                                      R"({"id":3,"unsubscribe":{}})"}));
  EXPECT_EQ(host_.table.subscriptions(), 1u) << "its own channel";
  EXPECT_TRUE(
      std::holds_alternative<UnsubscribeOrder>(host_.orders.back().body));
}

TEST_F(SessionTest, AnswersAnUnsubscribeFromNothing) {
  Connect(5);
  Send(R"({"id":3,"unsubscribe":{"channel":"chat:1"}})");
  EXPECT_EQ(Last(), R"({"id":3,"unsubscribe":{}})");
}

TEST_F(SessionTest, PublishesWithWhoItWas) {
  Connect(5);
  Send(R"({"id":2,"publish":{"channel":"chat:1","data":{"text":"hi"}}})");
  const auto& order = std::get<PublishOrder>(host_.orders.back().body);
  EXPECT_EQ(order.publication.data, R"({"text":"hi"})");
  ASSERT_TRUE(order.publication.info.has_value());
  EXPECT_EQ(order.publication.info->user, "5");
  EXPECT_EQ(order.publication.info->conn_info, R"({"name":"editor"})");
  session_->OnAnswer(PublishAnswer{order.ticket, {}});
  EXPECT_EQ(Last(), R"({"id":2,"publish":{}})");
}

TEST_F(SessionTest, RefusesToPublishWithoutThePermission) {
  Connect(6);
  Send(R"({"id":2,"publish":{"channel":"chat:1","data":1}})");
  EXPECT_NE(Last().find("\"code\":103"), std::string::npos);
}

TEST_F(SessionTest, RefusesToPublishWhileTheWorkerIsBehind) {
  Connect(5);
  host_.is_congested = true;
  Send(R"({"id":2,"publish":{"channel":"chat:1","data":1}})");
  EXPECT_EQ(Last(), R"({"id":2,"error":{"code":111,"message":"too many )"
                    R"(requests","temporary":true}})");
}

TEST_F(SessionTest, EndsCommandsThatLackTheirParts) {
  for (const char* bad :
       {R"({"id":2,"subscribe":{}})", R"({"id":2,"publish":{"data":1}})",
        R"({"id":2,"unsubscribe":{}})", R"({"id":2,"ping":{}})",
        R"({"subscribe":{"channel":"open:1"}})", R"({"id":2,"nope":{}})",
        R"({"id":2,"subscribe":{"channel":"open:1","delta":"xor"}})"}) {
    transport_.closed = 0;
    Start(MakeSite(true));
    Connect(5);
    Send(bad);
    EXPECT_EQ(transport_.closed, 3501) << bad;
  }
}

TEST_F(SessionTest, EndsASendThatNobodyHandles) {
  Connect(5);
  Send(R"({"send":{"data":1}})");
  EXPECT_EQ(transport_.closed, 3508);
}

TEST_F(SessionTest, PingsAndTakesThePong) {
  Connect(5);
  for (int round = 0; round < 3; ++round) {
    EXPECT_LE(PassUntilSomethingIsSent(), 26'000);
    EXPECT_EQ(transport_.sent, std::vector<std::string>{"{}"});
    Send("{}");
    transport_.sent.clear();
  }
  EXPECT_EQ(transport_.closed, 0);
}

TEST_F(SessionTest, PingsNotBeforeHalfTheInterval) {
  Connect(5);
  EXPECT_GE(PassUntilSomethingIsSent(), 12'500);
}

TEST_F(SessionTest, ClosesAClientThatDoesNotPong) {
  Connect(5);
  PassUntilSomethingIsSent();
  host_.Pass(7'000);
  EXPECT_EQ(transport_.closed, 0);
  host_.Pass(2'000);
  EXPECT_EQ(transport_.closed, 3012);
}

TEST_F(SessionTest, EndsAPongThatNobodyAskedFor) {
  Connect(5);
  Send("{}");
  EXPECT_EQ(transport_.closed, 3501);
}

TEST_F(SessionTest, GivesItsPlacesBackWhenItEnds) {
  Connect(5);
  Send(R"({"id":2,"subscribe":{"channel":"chat:1"}})");
  GrantSubscribe();
  EXPECT_EQ(host_.table.subscriptions(), 2u);
  session_.reset();
  EXPECT_EQ(host_.table.subscriptions(), 0u);
  EXPECT_TRUE(
      std::holds_alternative<UnsubscribeOrder>(host_.orders.back().body));
}

TEST_F(SessionTest, ComesBackAsAVisitorWhenItsLoginEnds) {
  Connect(5);
  session_->EndLogin();
  EXPECT_EQ(transport_.closed, 4001);
}

TEST_F(SessionTest, StaysAwayWhenItsLoginEndsWhereVisitorsMayNot) {
  Start(MakeSite(false));
  Connect(5);
  session_->EndLogin();
  EXPECT_EQ(transport_.closed, 4501);
}

TEST_F(SessionTest, LosesTheSubscriptionsThatNewRulesForbid) {
  Connect(5);
  for (const char* channel : {"chat:1", "open:1"}) {
    Send(std::string(R"({"id":2,"subscribe":{"channel":")") + channel + "\"}}");
    GrantSubscribe();
  }
  NamespaceOptions open;
  open.name = "open";
  open.subscribe.kind = Rule::Kind::kEveryone;
  auto changed = std::make_shared<Site>(Namespaces({open}));
  changed->id = 1;
  session_->OnSiteChanged(changed);
  EXPECT_EQ(Last(), R"({"push":{"channel":"chat:1","unsubscribe":{"code":2100,)"
                    R"("reason":"permission changed"}}})");
  EXPECT_EQ(host_.table.subscriptions(), 2u);
  EXPECT_EQ(transport_.closed, 0);
}

}  // namespace
}  // namespace rt
