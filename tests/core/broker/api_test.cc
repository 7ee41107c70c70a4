#include "broker/api.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "db/identity_service.h"

namespace rt {
namespace {

class NoOutlet final : public HubOutlet {
 public:
  void Deliver(WorkerId, std::vector<HubEvent>* events) override {
    events->clear();
  }
};

class ApiTest : public testing::Test {
 protected:
  ApiTest() {
    caller_.is_link = true;
    caller_.uid = 33;
  }

  std::string Call(std::string_view method, std::string_view params) {
    bool known = false;
    std::string answer = api_.Call(caller_, method, params, &known);
    known_ = known;
    return answer;
  }
  // A registered site, which the caller acts for from now on.
  void Register(const std::string& more = "") {
    const std::string answer = Call(
        "site", R"({"document":{"version":1,"key":"one","hosts":["one.test"],)"
                R"("namespaces":[{"name":"news","history_size":10,)"
                R"("history_ttl":"60s"},{"name":"chat"}])" +
                    more + "}}");
    ASSERT_NE(answer.find("\"result\""), std::string::npos) << answer;
    caller_.site = sites_.current()->FindKey("one");
  }

  ManualClock clock_;
  NoOutlet outlet_;
  IdentityService identities_;
  SiteRegistry sites_{Namespaces({}), false, {}, std::nullopt};
  Sequencer sequencer_{&clock_,
                       [this](uint32_t id) { return sites_.NamespacesOf(id); },
                       1, &outlet_};
  std::vector<SiteNotice> notices_;
  Api::Wiring Wired() {
    Api::Wiring wiring;
    wiring.sequencer = &sequencer_;
    wiring.sites = &sites_;
    wiring.identities = &identities_;
    wiring.revocations = &revocations_;
    wiring.rpcs = &rpcs_;
    wiring.clock = &clock_;
    wiring.node_info = [] { return Api::NodeInfo(); };
    wiring.on_notice = [this](uint32_t, const SiteNotice& notice) {
      notices_.push_back(notice);
    };
    wiring.for_clients = [this](const ClientSelector& which,
                                const std::function<void(Session*)>&) {
      meant_.push_back(which);
    };
    wiring.on_revoked = [this] { ++revoked_; };
    return wiring;
  }
  Revocations revocations_{"", {}, &clock_};
  RpcRegistry rpcs_;
  std::vector<ClientSelector> meant_;
  int revoked_ = 0;
  Api api_{Wired()};
  Api::Caller caller_;
  bool known_ = false;
};

TEST_F(ApiTest, KnowsItsMethodsAndNoOthers) {
  EXPECT_EQ(Call("nope", "{}"),
            R"({"error":{"code":104,"message":"method not found"}})");
  EXPECT_FALSE(known_);
  caller_.is_link = false;
  Call("site", "{}");
  EXPECT_FALSE(known_) << "sites are told by PHP, not over HTTP";
  Call("info", "");
  EXPECT_TRUE(known_);
}

TEST_F(ApiTest, PublishesOnlyForASite) {
  EXPECT_NE(
      Call("publish", R"({"channel":"chat:1","data":1})").find("\"code\":103"),
      std::string::npos);
  Register();
  EXPECT_EQ(Call("publish", R"({"channel":"chat:1","data":1})"),
            R"({"result":{"receivers":0}})");
  const std::string kept = Call("publish", R"({"channel":"news:1","data":1})");
  EXPECT_EQ(kept.find(R"({"result":{"offset":1,"epoch":")"), 0u) << kept;
  EXPECT_EQ(Call("publish", R"({"channel":"nope:1","data":1})"),
            R"({"error":{"code":102,"message":"unknown channel"}})");
}

TEST_F(ApiTest, TellsHttpNothingOfReceivers) {
  Register();
  caller_.is_link = false;
  EXPECT_EQ(Call("publish", R"({"channel":"chat:1","data":1})"),
            R"({"result":{}})");
}

TEST_F(ApiTest, SaysWhatIsWrongWithAPublish) {
  Register();
  for (const char* params :
       {"[]", "{", R"({"data":1})", R"({"channel":"","data":1})",
        R"({"channel":"chat:1"})", R"({"channel":1,"data":1})",
        R"({"channel":"chat:1","b64data":"!"})",
        R"({"channel":"chat:1","data":1,"tags":{"a":1}})",
        R"({"channel":"chat:1","data":1,"skip_history":"yes"})",
        R"({"channel":"chat:1","data":1,"version":-1})"}) {
    EXPECT_NE(Call("publish", params).find("\"code\":107"), std::string::npos)
        << params;
  }
  EXPECT_EQ(sequencer_.counters().publications, 0u);
}

TEST_F(ApiTest, TakesDataAsBase64OfJson) {
  Register();
  EXPECT_EQ(Call("publish", R"({"channel":"chat:1","b64data":"e30="})"),
            R"({"result":{"receivers":0}})");
}

TEST_F(ApiTest, AnswersABroadcastByChannel) {
  Register();
  EXPECT_EQ(Call("broadcast", R"({"channels":["chat:1","nope:1"],"data":1})"),
            R"({"result":{"responses":[{"result":{"receivers":0}},)"
            R"({"error":{"code":102,"message":"unknown channel"}}]}})");
  EXPECT_NE(Call("broadcast", R"({"channels":[],"data":1})").find("107"),
            std::string::npos);
}

TEST_F(ApiTest, PassesNoticesOnForTheirSiteAlone) {
  Register(R"(,"secret":"0123456789abcdef0123456789abcdef")");
  const std::string notice =
      R"({"notice":{"users":[5,"7"],"sessions":["s"],"roles":true})";
  EXPECT_NE(Call("site", notice + "}").find("\"code\":103"), std::string::npos)
      << "without its secret";
  EXPECT_NE(Call("site", notice + R"(,"key":"two"})").find("\"code\":103"),
            std::string::npos);
  EXPECT_TRUE(notices_.empty());
  EXPECT_EQ(
      Call("site", notice + R"(,"secret":"0123456789abcdef0123456789abcdef"})"),
      R"({"result":{}})");
  ASSERT_EQ(notices_.size(), 1u);
  EXPECT_EQ(notices_[0].users, (std::vector<uint32_t>{5, 7}));
  EXPECT_EQ(notices_[0].sessions, std::vector<std::string>{"s"});
  EXPECT_TRUE(notices_[0].roles);
}

TEST_F(ApiTest, RefusesANoticeThatNamesNobody) {
  Register();
  for (const char* users : {"1", "[\"x\"]", "[-1]", "[1.5]", "[4294967296]"}) {
    const std::string answer =
        Call("site", std::string(R"({"notice":{"users":)") + users + "}}");
    EXPECT_NE(answer.find("\"code\":107"), std::string::npos) << users;
  }
  EXPECT_TRUE(notices_.empty());
}

TEST_F(ApiTest, NamesAnUnknownPartOfASiteCall) {
  EXPECT_EQ(Call("site", R"({"documents":{}})"),
            R"({"error":{"code":107,"message":"\"documents\" is none of )"
            R"(document, remove, notice, key, secret"}})");
}

TEST_F(ApiTest, ListsTheCallersSitesWithoutTheirSecrets) {
  Register(R"(,"secret":"0123456789abcdef0123456789abcdef")");
  const std::string list = Call("site", "{}");
  EXPECT_EQ(list.find(R"({"result":{"sites":[{"key":"one","hosts":)"), 0u);
  EXPECT_EQ(list.find("0123456789"), std::string::npos);
  caller_.uid = 34;
  EXPECT_EQ(Call("site", "{}"), R"({"result":{"sites":[]}})");
}

TEST_F(ApiTest, RemovesASiteForWhoMay) {
  Register();
  caller_.uid = 34;
  EXPECT_NE(Call("site", R"({"remove":"one"})").find("103"), std::string::npos);
  caller_.uid = 33;
  EXPECT_EQ(Call("site", R"({"remove":"one"})"), R"({"result":{}})");
  EXPECT_NE(Call("site", R"({"remove":"one"})").find("107"), std::string::npos);
}

}  // namespace
}  // namespace rt
