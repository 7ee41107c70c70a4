#include "db/identity_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "core/db/fake_store.h"

namespace rt {
namespace {

using testing::ElementsAre;

class IdentityServiceTest : public testing::Test {
 protected:
  IdentityServiceTest() {
    store_.PutRole("anonymous", "access content");
    store_.PutRole("authenticated", "access content");
    store_.PutRole("editor", "edit");
    store_.PutUser(5, {"editor"}, true);
    store_.SignIn("five", 5);
  }
  ~IdentityServiceTest() override {
    store_.Release();  // so that a failed test ends
  }

  IdentityService& service() {
    if (!service_) {
      service_ =
          std::make_unique<IdentityService>(options_, &clock_, store_.opener());
    }
    return *service_;
  }

  void Ask(const std::string& cookies, Answer* answer) {
    service().Lookup(site_, cookies, false, answer->callback());
  }
  Result<IdentityPtr> Ask(const std::string& cookies) {
    Answer answer;
    Ask(cookies, &answer);
    return answer.Get();
  }
  uint32_t UidOf(const std::string& cookies) {
    const auto result = Ask(cookies);
    EXPECT_TRUE(result.ok());
    return result.ok() ? (*result)->uid : 0;
  }

  FakeStore store_;
  ManualClock clock_;
  IdentityService::Options options_;
  std::shared_ptr<const SiteLogin> site_ = FakeStore::Site();
  std::unique_ptr<IdentityService> service_;
};

TEST_F(IdentityServiceTest, KnowsAUserWithTheirRolesAndPermissions) {
  const auto result = Ask("SESS=five");

  ASSERT_TRUE(result.ok());
  const Identity& who = **result;
  EXPECT_EQ(who.uid, 5u);
  EXPECT_EQ(who.name, "user");
  EXPECT_THAT(who.roles, ElementsAre("authenticated", "editor"));
  EXPECT_THAT(who.permissions.list(), ElementsAre("access content", "edit"));
  EXPECT_FALSE(who.admin);
  EXPECT_EQ(who.session_key, SessionKey("five"));
  EXPECT_EQ(who.reason, "");
}

TEST_F(IdentityServiceTest, SaysHowItWentWhenTheStoreWasAskedLast) {
  EXPECT_FALSE(service().HealthOf(site_->key).read);

  store_.set_away(true);
  EXPECT_FALSE(Ask("SESS=five").ok());
  EXPECT_FALSE(service().HealthOf(site_->key).read);
  EXPECT_NE(service().HealthOf(site_->key).trouble, "");

  store_.set_away(false);
  EXPECT_TRUE(Ask("SESS=five").ok());
  EXPECT_TRUE(service().HealthOf(site_->key).read);
  EXPECT_EQ(service().HealthOf(site_->key).trouble, "");
}

TEST_F(IdentityServiceTest, AsksThreeQuestionsForALoginAndNoneForTheSecond) {
  UidOf("SESS=five");
  EXPECT_EQ(service().stats().queries, 3u);
  EXPECT_EQ(service().stats().role_loads, 1u);

  UidOf("SESS=five");

  EXPECT_EQ(service().stats().queries, 3u);
  EXPECT_EQ(service().stats().cache_hits, 1u);
}

TEST_F(IdentityServiceTest, AsksNothingForAVisitorWithoutACookie) {
  service().Warm(site_);
  ASSERT_TRUE(Ask("other=1").ok());
  const auto asked = service().stats();

  const auto result = Ask("");

  ASSERT_TRUE(result.ok());
  EXPECT_EQ((*result)->uid, 0u);
  EXPECT_EQ((*result)->reason, "no cookie");
  EXPECT_THAT((*result)->roles, ElementsAre("anonymous"));
  EXPECT_THAT((*result)->permissions.list(), ElementsAre("access content"));
  EXPECT_EQ(asked.queries, 0u);
  EXPECT_EQ(asked.role_loads, 1u);
  EXPECT_EQ(service().stats().role_loads, 1u);
}

TEST_F(IdentityServiceTest, SaysWhySomebodyIsAnonymous) {
  store_.PutUser(6, {}, false);
  store_.SignIn("blocked", 6);
  store_.SignIn("deleted", 7);
  store_.SignIn("visitor", 0);
  EXPECT_EQ((*Ask("SESS="))->reason, "no session id in the cookie");
  EXPECT_EQ((*Ask("SESS=unknown"))->reason, "no session row");
  EXPECT_EQ((*Ask("SESS=unknown"))->session_key, "");
  EXPECT_EQ((*Ask("SESS=blocked"))->reason, "blocked");
  EXPECT_EQ((*Ask("SESS=deleted"))->reason, "no such account");
  EXPECT_EQ((*Ask("SESS=visitor"))->reason, "session of no user");
  EXPECT_EQ((*Ask("SESS=visitor"))->session_key, SessionKey("visitor"));
}

TEST_F(IdentityServiceTest, LetsTheFirstUserDoEverythingUnlessTheSiteSaysNo) {
  store_.PutUser(1, {}, true);
  store_.SignIn("one", 1);
  EXPECT_TRUE((*Ask("SESS=one"))->admin);

  SiteLogin careful = *site_;
  careful.super_user = false;
  site_ = std::make_shared<const SiteLogin>(careful);

  EXPECT_FALSE((*Ask("SESS=one"))->admin);
}

TEST_F(IdentityServiceTest, TakesThePermissionsOfTheDocumentBeforeTheStores) {
  SiteLogin told = *site_;
  told.roles.emplace();
  (*told.roles)["editor"].permissions = {"told"};
  site_ = std::make_shared<const SiteLogin>(told);

  EXPECT_THAT((*Ask("SESS=five"))->permissions.list(), ElementsAre("told"));
  EXPECT_EQ(service().stats().role_loads, 0u);
}

TEST_F(IdentityServiceTest, SharesOnePermissionListAmongEqualRoles) {
  store_.PutUser(6, {"editor"}, true);
  store_.SignIn("six", 6);
  EXPECT_EQ(&(*Ask("SESS=five"))->permissions.list(),
            &(*Ask("SESS=six"))->permissions.list());
}

TEST_F(IdentityServiceTest, SaysTheStoreIsAwayAndNeverThatOneIsAnonymous) {
  store_.set_away(true);
  const auto away = Ask("SESS=five");
  ASSERT_FALSE(away.ok());
  EXPECT_EQ(away.error().code, ErrorCode::kUnavailable);

  store_.set_away(false);

  EXPECT_EQ(UidOf("SESS=five"), 5u);
}

TEST_F(IdentityServiceTest, GoesOnKnowingAUserWhileTheStoreIsAway) {
  UidOf("SESS=five");
  store_.set_away(true);
  EXPECT_EQ(UidOf("SESS=five"), 5u);
}

TEST_F(IdentityServiceTest, JoinsLookUpsOfTheSameSession) {
  store_.Hold(LoginQuery::kSession);
  std::vector<Answer> answers(10);
  for (Answer& answer : answers) Ask("SESS=five", &answer);
  store_.AwaitHeld();
  store_.Release();

  for (Answer& answer : answers) EXPECT_EQ((*answer.Get())->uid, 5u);
  EXPECT_EQ(store_.asked(LoginQuery::kSession), 1);
  EXPECT_EQ(service().stats().coalesced, 9u);
}

TEST_F(IdentityServiceTest, ForgetsAUserAndAStrangerEachInTheirTime) {
  UidOf("SESS=five");
  UidOf("SESS=unknown");

  clock_.Advance(options_.negative_ttl_ms);
  UidOf("SESS=five");
  UidOf("SESS=unknown");
  EXPECT_EQ(store_.asked(LoginQuery::kSession), 3);

  clock_.Advance(options_.positive_ttl_ms);
  UidOf("SESS=five");
  EXPECT_EQ(store_.asked(LoginQuery::kSession), 4);
}

TEST_F(IdentityServiceTest, ForgetsASessionThatWasSignedOut) {
  UidOf("SESS=five");
  store_.SignOut("five");
  EXPECT_EQ(UidOf("SESS=five"), 5u);

  service().Drop("example", *SessionKey("five"));

  EXPECT_EQ(UidOf("SESS=five"), 0u);
}

TEST_F(IdentityServiceTest, ForgetsAllSessionsOfAUserWhoWasBlocked) {
  store_.SignIn("other", 5);
  UidOf("SESS=five");
  UidOf("SESS=other");
  store_.PutUser(5, {}, false);

  service().DropUser("example", 5);
  EXPECT_EQ(UidOf("SESS=five"), 0u);
  EXPECT_EQ(UidOf("SESS=other"), 0u);

  // The way back, too: the cached "blocked" is about user 5.
  store_.PutUser(5, {}, true);
  service().DropUser("example", 5);
  EXPECT_EQ(UidOf("SESS=five"), 5u);
}

TEST_F(IdentityServiceTest, LoadsTheRolesAnewAfterANotice) {
  UidOf("SESS=five");
  store_.PutRole("editor", "edit more");
  EXPECT_TRUE((*Ask("SESS=five"))->HasPermission("edit"));

  service().DropRoles("example");

  EXPECT_FALSE((*Ask("SESS=five"))->HasPermission("edit"));
  EXPECT_TRUE((*Ask("SESS=five"))->HasPermission("edit more"));
}

TEST_F(IdentityServiceTest, LoadsTheRolesAnewWhenTheirTimeIsOver) {
  UidOf("");
  store_.PutRole("anonymous", "register");
  clock_.Advance(options_.role_map_ttl_ms);
  EXPECT_TRUE((*Ask(""))->HasPermission("register"));
}

TEST_F(IdentityServiceTest, LetsASignOutWinOverTheLookUpThatItOvertook) {
  store_.Hold(LoginQuery::kSession);
  Answer answer;
  Ask("SESS=five", &answer);
  store_.AwaitHeld();  // the row has been read

  store_.SignOut("five");
  service().Drop("example", *SessionKey("five"));
  store_.Release();

  EXPECT_EQ((*answer.Get())->uid, 0u);
  EXPECT_EQ(service().stats().reruns, 1u);
}

TEST_F(IdentityServiceTest, LetsABlockWinOverTheLookUpThatItOvertook) {
  store_.Hold(LoginQuery::kAccountRoles);
  Answer answer;
  Ask("SESS=five", &answer);
  store_.AwaitHeld();

  store_.PutUser(5, {}, false);
  service().DropUser("example", 5);
  store_.Release();

  EXPECT_EQ((*answer.Get())->uid, 0u);
}

TEST_F(IdentityServiceTest, DoesNotAskAgainForANoticeAboutSomebodyElse) {
  store_.Hold(LoginQuery::kAccountRoles);
  Answer answer;
  Ask("SESS=five", &answer);
  store_.AwaitHeld();

  service().DropUser("example", 6);
  store_.Release();

  EXPECT_EQ((*answer.Get())->uid, 5u);
  EXPECT_EQ(service().stats().reruns, 0u);
}

TEST_F(IdentityServiceTest, LetsALostPermissionWinOverTheLoadThatItOvertook) {
  store_.Hold(LoginQuery::kRoles);
  Answer answer;
  Ask("SESS=five", &answer);
  store_.AwaitHeld();

  store_.PutRole("editor", "nothing much");
  service().DropRoles("example");
  store_.Release();

  EXPECT_FALSE((*answer.Get())->HasPermission("edit"));
}

TEST_F(IdentityServiceTest, AnswersLookUpsByAFormerDocumentWithComeBackLater) {
  store_.Hold(LoginQuery::kSession);
  Answer answer;
  Ask("SESS=five", &answer);
  store_.AwaitHeld();

  service().DropSite("example");
  store_.Release();

  const auto result = answer.Get();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(UidOf("SESS=five"), 5u);
}

TEST_F(IdentityServiceTest, SaysItIsBusyWhenTooManyLookUpsWait) {
  options_.threads = 1;
  options_.queue_limit = 2;
  store_.Hold(LoginQuery::kSession);
  std::vector<Answer> answers(4);
  Ask("SESS=a", &answers[0]);
  store_.AwaitHeld();
  Ask("SESS=b", &answers[1]);
  Ask("SESS=c", &answers[2]);

  Ask("SESS=d", &answers[3]);

  ASSERT_TRUE(answers[3].there());
  const auto result = answers[3].Get();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
  store_.Release();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(answers[i].Get().ok());
}

TEST_F(IdentityServiceTest, RefusesCookiesOfASiteThatItCannotRead) {
  SiteLogin other = *site_;
  other.session_handler = "Elsewhere\\Handler";
  site_ = std::make_shared<const SiteLogin>(other);

  const auto result = Ask("SESS=five");

  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kDenied);
  EXPECT_EQ(store_.asked(LoginQuery::kSession), 0);
  EXPECT_TRUE(Ask("").ok());  // whoever has no cookie is anonymous anyway
}

TEST_F(IdentityServiceTest, AsksAgainAboutASessionByItsKey) {
  const std::string key = (*Ask("SESS=five"))->session_key;
  store_.SignOut("five");
  service().Drop("example", key);

  Answer answer;
  service().Recheck(site_, key, false, answer.callback());

  EXPECT_EQ((*answer.Get())->uid, 0u);
}

TEST_F(IdentityServiceTest, AnswersWhatStillWaitsWhenItEnds) {
  options_.threads = 1;
  store_.Hold(LoginQuery::kSession);
  Answer running;
  Answer waiting;
  Ask("SESS=five", &running);
  store_.AwaitHeld();
  Ask("SESS=other", &waiting);

  std::thread ending([&] { service_.reset(); });
  store_.Release();
  ending.join();

  EXPECT_TRUE(running.there());
  EXPECT_TRUE(waiting.there());
}

TEST_F(IdentityServiceTest, KeepsSitesApart) {
  SiteLogin other = *site_;
  other.key = "other";
  const auto other_site = std::make_shared<const SiteLogin>(other);
  UidOf("SESS=five");
  store_.SignOut("five");

  Answer answer;
  service().Lookup(other_site, "SESS=five", false, answer.callback());

  EXPECT_EQ((*answer.Get())->uid, 0u);
  EXPECT_EQ(UidOf("SESS=five"), 5u);
}

}  // namespace
}  // namespace rt
