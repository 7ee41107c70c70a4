// The API's methods about tokens, and about who may not come in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "broker/api.h"
#include "db/identity_service.h"
#include "wire/json_fields.h"

namespace rt {
namespace {

using testing::HasSubstr;

class NoOutlet final : public HubOutlet {
 public:
  void Deliver(WorkerId, std::vector<HubEvent>* events) override {
    events->clear();
  }
};

// A site of each kind: with a secret of its own, and the broker's.
class ApiTokensTest : public testing::Test {
 protected:
  ApiTokensTest() {
    EXPECT_TRUE(sites_.SetOwnTokens({}, std::nullopt).ok());
    caller_.is_link = true;
    caller_.uid = 33;
    const auto site =
        sites_.Register(R"({"version":1,"key":"one","hosts":["one.test"],)"
                        R"("secret":"0123456789abcdef0123456789abcdef",)"
                        R"("tokens":{"audience":"here","issuer":"site"}})",
                        33, "");
    EXPECT_TRUE(site.ok());
    caller_.site = *site;
  }

  std::string Call(std::string_view method, std::string_view params) {
    bool known = false;
    return api_.Call(caller_, method, params, &known);
  }
  std::string Minted(std::string_view params) {
    const std::string answer = Call("token", params);
    const auto fields = JsonFields::Parse(answer);
    const auto result = JsonFields::Parse(fields->Raw("result").value_or("{}"));
    EXPECT_TRUE(result->Raw("token").has_value()) << answer;
    EXPECT_TRUE(result->Raw("expire_at").has_value()) << answer;
    return (*result->String("token")).value_or("");
  }
  ConnectionClaims Connection(std::string_view params) {
    const auto verdict =
        caller_.site->site->tokens->VerifyConnection(Minted(params), now_s());
    EXPECT_EQ(verdict.why, "") << params;
    return verdict.claims;
  }
  [[nodiscard]] int64_t now_s() const { return clock_.wall_ms() / 1000; }

  Api::Wiring Wired() {
    Api::Wiring wiring;
    wiring.sequencer = &sequencer_;
    wiring.sites = &sites_;
    wiring.identities = &identities_;
    wiring.revocations = &revocations_;
    wiring.rpcs = &rpcs_;
    wiring.clock = &clock_;
    wiring.on_revoked = [this] { ++revoked_; };
    return wiring;
  }

  ManualClock clock_;
  NoOutlet outlet_;
  IdentityService identities_;
  SiteRegistry sites_{Namespaces({}), false, {}, std::nullopt};
  Sequencer sequencer_{&clock_,
                       [this](uint32_t id) { return sites_.NamespacesOf(id); },
                       1, &outlet_};
  Revocations revocations_{"", {}, &clock_};
  RpcRegistry rpcs_;
  int revoked_ = 0;
  Api api_{Wired()};
  Api::Caller caller_;
};

TEST_F(ApiTokensTest, MintsWhatTheSiteTakes) {
  const ConnectionClaims claims =
      Connection(R"({"user":5,"ttl":60,"info":{"name":"m"},"meta":[1],)"
                 R"("channels":["a:1"],"subs":{"b:2":{"info":1,"data":2,)"
                 R"("override":{"presence":{"value":true}}}}})");
  EXPECT_EQ(claims.user, "5");
  EXPECT_EQ(claims.expire_at_s, now_s() + 60);
  EXPECT_EQ(claims.issued_at_s, now_s());
  EXPECT_EQ(claims.info, R"({"name":"m"})");
  EXPECT_EQ(claims.meta, "[1]");
  ASSERT_EQ(claims.subs.size(), 2U);
  EXPECT_EQ(claims.subs.at("b:2").info, "1");
  EXPECT_EQ(claims.subs.at("b:2").data, "2");
  EXPECT_EQ(claims.subs.at("b:2").overrides.presence, true);
}

TEST_F(ApiTokensTest, AnHourUnlessSaidOtherwise) {
  EXPECT_EQ(Connection(R"({"user":"5"})").expire_at_s, now_s() + 3600);
  EXPECT_EQ(Connection(R"({"user":"5","exp":1010})").expire_at_s, 1010);
}

TEST_F(ApiTokensTest, AVisitorIsNobody) {
  EXPECT_EQ(Connection(R"({"user":""})").user, "");
  EXPECT_EQ(Connection(R"({"user":0})").user, "");
}

TEST_F(ApiTokensTest, AChannelMakesItASubscriptionToken) {
  const auto verdict = caller_.site->site->tokens->VerifySubscription(
      Minted(R"({"user":"5","channel":"$a:1","client":"c","info":1,)"
             R"("override":{"join_leave":{"value":false}}})"),
      now_s());
  ASSERT_EQ(verdict.why, "");
  EXPECT_EQ(verdict.claims.user, "5");
  EXPECT_EQ(verdict.claims.channel, "$a:1");
  EXPECT_EQ(verdict.claims.client, "c");
  EXPECT_EQ(verdict.claims.info, "1");
  EXPECT_EQ(verdict.claims.overrides.join_leave, false);
}

TEST_F(ApiTokensTest, TheBrokersOwnSiteHasASecretThatNobodySetUp) {
  const BrokerSitePtr site = caller_.site;
  caller_.site = sites_.current()->own();
  EXPECT_EQ(Connection(R"({"user":"5"})").user, "5");
  const std::string token = Minted(R"({"user":"5"})");
  EXPECT_NE(site->site->tokens->VerifyConnection(token, now_s()).why, "");
}

TEST_F(ApiTokensTest, SubscriptionTokensOfTheirOwnKeysAreSignedByThem) {
  TokenOptions connections;
  connections.hmac_secret = "connections";
  TokenOptions subscriptions;
  subscriptions.audience = "channels";
  ASSERT_TRUE(sites_.SetOwnTokens(connections, subscriptions).ok());
  caller_.site = sites_.current()->own();
  const std::string token = Minted(R"({"user":"5","channel":"a:1"})");
  const Site& site = *caller_.site->site;
  EXPECT_EQ(site.subscription_tokens->VerifySubscription(token, now_s()).why,
            "");
  EXPECT_NE(site.tokens->VerifySubscription(token, now_s()).why, "");
}

TEST_F(ApiTokensTest, SaysWhatIsWrongWithAToken) {
  const std::pair<const char*, const char*> mistakes[] = {
      {"{}", "user"},
      {R"({"user":[]})", "user"},
      {R"({"user":"5","ttl":0})", "ttl"},
      {R"({"user":"5","ttl":"60"})", "ttl"},
      {R"({"user":"5","ttl":99999999})", "ttl"},
      {R"({"user":"5","exp":5})", "exp"},
      {R"({"user":"5","exp":99999999999})", "exp"},
      {R"({"user":"5","exp":-9223372036854775808})", "exp"},
      {R"({"user":"5","exp":2000,"ttl":60})", "exp"},
      {R"({"user":"5","channels":"a:1"})", "channels"},
      {R"({"user":"5","channels":[""]})", "channel"},
      {R"({"user":"5","subs":[]})", "object"},
      {R"({"user":"5","subs":{"a:1":1}})", "subs"},
      {R"({"user":"5","subs":{"a:1":{"inffo":1}}})", "subs"},
      {R"({"user":"5","subs":{"a:1":{"override":{"x":1}}}})", "override"},
      {R"({"user":"5","channel":""})", "channel"},
      {R"({"user":"5","channel":"a:1","client":1})", "client"},
      {R"({"user":"5","channel":"a:1","override":[]})", "override"}};
  for (const auto& [params, what] : mistakes) {
    const std::string answer = Call("token", params);
    EXPECT_THAT(answer, HasSubstr("\"code\":107")) << params;
    EXPECT_THAT(answer, HasSubstr(what)) << params;
  }
}

TEST_F(ApiTokensTest, HandsOutNothingThatWouldBeRefused) {
  std::string many;
  for (size_t i = 0; i <= kMaxChannelsPerClient; ++i) {
    many += (i == 0 ? "\"a:" : ",\"a:") + std::to_string(i) + "\"";
  }
  EXPECT_THAT(Call("token", R"({"user":"5","channels":[)" + many + "]}"),
              HasSubstr("would be refused: it names more than 128 channels"));
  EXPECT_THAT(Call("token", R"({"user":"5","info":")" +
                                std::string(kMaxTokenBytes, 'a') + "\"}"),
              HasSubstr("would be refused: it is too long"));
  EXPECT_THAT(
      Call("token",
           R"({"user":")" + std::string(kMaxTokenNameBytes + 1, 'a') + "\"}"),
      HasSubstr("longer than 255 bytes"));
}

TEST_F(ApiTokensTest, NeedsASite) {
  caller_.site = nullptr;
  for (const char* method : {"token", "revoke_token", "invalidate_user_tokens",
                             "block_user", "unblock_user"}) {
    EXPECT_THAT(Call(method, R"({"user":"5","uid":"x"})"),
                HasSubstr("\"code\":103"))
        << method;
  }
}

TEST_F(ApiTokensTest, BlocksAUserOfTheSiteAndSaysSo) {
  EXPECT_EQ(Call("block_user", R"({"user":5})"), R"({"result":{}})");
  EXPECT_TRUE(revocations_.IsBlocked("one", "5"));
  EXPECT_FALSE(revocations_.IsBlocked("", "5"));
  EXPECT_EQ(revoked_, 1);
  EXPECT_EQ(Call("unblock_user", R"({"user":"5"})"), R"({"result":{}})");
  EXPECT_FALSE(revocations_.IsBlocked("one", "5"));
}

TEST_F(ApiTokensTest, RevokesATokenById) {
  EXPECT_EQ(Call("revoke_token", R"({"uid":"id","expire_at":1010})"),
            R"({"result":{}})");
  EXPECT_TRUE(revocations_.IsRevoked("one", "5", "id", 0));
  EXPECT_EQ(revoked_, 1);
  clock_.Advance(10'000);
  EXPECT_FALSE(revocations_.IsRevoked("one", "5", "id", 0));
}

TEST_F(ApiTokensTest, InvalidatesAUsersTokensUpToNow) {
  EXPECT_EQ(Call("invalidate_user_tokens", R"({"user":"5"})"),
            R"({"result":{}})");
  EXPECT_TRUE(revocations_.IsRevoked("one", "5", "", now_s()));
  EXPECT_FALSE(revocations_.IsRevoked("one", "5", "", now_s() + 1));
  EXPECT_EQ(
      Call("invalidate_user_tokens", R"({"user":"6","issued_before":500})"),
      R"({"result":{}})");
  EXPECT_TRUE(revocations_.IsRevoked("one", "6", "", 499));
  EXPECT_FALSE(revocations_.IsRevoked("one", "6", "", 500));
}

TEST_F(ApiTokensTest, SaysWhatIsWrongWithARevocation) {
  const std::pair<const char*, const char*> mistakes[] = {
      {"revoke_token", "{}"},
      {"revoke_token", R"({"uid":""})"},
      {"revoke_token", R"({"uid":5})"},
      {"revoke_token", R"({"uid":"x","expire_at":"soon"})"},
      {"revoke_token", R"({"uid":"x","expire_at":999})"},
      {"revoke_token", R"({"uid":"a\tb"})"},
      {"block_user", "{}"},
      {"block_user", R"({"user":""})"},
      {"block_user", R"({"user":0})"},
      {"block_user", R"({"user":"5","expire_at":-1})"},
      {"invalidate_user_tokens", R"({"user":"5","issued_before":"now"})"},
      {"unblock_user", "{}"}};
  for (const auto& [method, params] : mistakes) {
    EXPECT_THAT(Call(method, params), HasSubstr("\"code\":107"))
        << method << params;
  }
  EXPECT_EQ(revocations_.size(), 0U);
  EXPECT_EQ(revoked_, 0);
}

}  // namespace
}  // namespace rt
