// What look-ups are answered while a site's database is slow, away or back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "core/db/fake_store.h"
#include "core/db/live_golden_site.h"
#include "db/identity_service.h"

namespace rt {
namespace {

using testing::HasSubstr;

// --- Of several sites -------------------------------------------------------

// Opens slowly for one site and at once for the others.
class SlowSite {
 public:
  DatabaseOpener opener() {
    return [this](const DatabaseConfig& config) {
      if (config.host == "slow") {
        std::unique_lock lock(mutex_);
        ++waiting_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return released_; });
        --waiting_;
      }
      return store_.opener()(config);
    };
  }
  void AwaitWaiting(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }
  int waiting() {
    const std::lock_guard lock(mutex_);
    return waiting_;
  }
  void Release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }

 private:
  FakeStore store_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool released_ = false;
};

std::shared_ptr<const SiteLogin> SiteOn(const std::string& host) {
  SiteLogin site = *FakeStore::Site();
  site.key = host;
  site.database.host = host;
  return std::make_shared<const SiteLogin>(site);
}

TEST(StoreOutage, OfOneSiteLeavesThreadsToTheOthers) {
  SlowSite slow;
  ManualClock clock;
  IdentityService::Options options;
  options.threads = 4;
  options.connections = 8;
  IdentityService service(options, &clock, slow.opener());
  const auto slow_site = SiteOn("slow");
  std::vector<Answer> held(20);
  for (size_t i = 0; i < held.size(); ++i) {
    service.Lookup(slow_site, "SESS=id" + std::to_string(i), false,
                   held[i].callback());
  }
  slow.AwaitWaiting(3);

  for (const char* host : {"one", "other", "third"}) {
    Answer answer;
    service.Lookup(SiteOn(host), "SESS=x", false, answer.callback());
    EXPECT_TRUE(answer.Get().ok());
  }

  EXPECT_EQ(slow.waiting(), 3);
  EXPECT_FALSE(held.back().there());
  slow.Release();
  for (Answer& answer : held) EXPECT_TRUE(answer.Get().ok());
}

// --- Of a real server -------------------------------------------------------

class ServerOutageTest : public testing::TestWithParam<const char*> {
 protected:
  ServerOutageTest()
      : server_(LiveServer::New(GetParam())), config_(server_->NewDatabase()) {
    const bool mysql = GetParam() == std::string("mysql");
    const std::string golden =
        std::string("drupal10-") + (mysql ? "mariadb" : "pgsql");
    server_->Execute(config_, golden::Tables(golden));
    config_.prefix = mysql ? "dp_" : "";
    golden_ = std::make_unique<GoldenSite>(golden, config_);
    site_ = std::make_shared<const SiteLogin>(golden_->login);
    options_.positive_ttl_ms = options_.negative_ttl_ms = 0;
  }

  IdentityService& service() {
    if (!service_) {
      service_ = std::make_unique<IdentityService>(
          options_, &clock_, OpenDatabaseWithin({1'000, 1'000}));
    }
    return *service_;
  }
  Result<IdentityPtr> Ask(const std::string& cookie) {
    Answer answer;
    service().Lookup(site_, cookie, false, answer.callback());
    return answer.Get();
  }
  // Somebody who is logged in.
  const GoldenAnswer& user() const {
    for (const GoldenAnswer& answer : golden_->answers) {
      if (answer.uid > 1) return answer;
    }
    return golden_->answers.front();
  }
  void ExpectKnown() {
    const auto result = Ask(user().cookie);
    ASSERT_TRUE(result.ok()) << result.error().message;
    EXPECT_EQ((*result)->uid, user().uid);
  }
  void ExpectUnavailable() {
    const auto result = Ask(user().cookie);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
  }

  std::unique_ptr<LiveServer> server_;
  DatabaseConfig config_;
  std::unique_ptr<GoldenSite> golden_;
  std::shared_ptr<const SiteLogin> site_;
  SystemClock clock_;
  IdentityService::Options options_;
  std::unique_ptr<IdentityService> service_;
};

TEST_P(ServerOutageTest, GoesUnnoticedWhereNobodyAskedMeanwhile) {
  ExpectKnown();
  server_->Kill();
  server_->Start();
  ExpectKnown();
}

TEST_P(ServerOutageTest, LeavesNobodyAnonymousAndEndsWithTheServersReturn) {
  ExpectKnown();
  server_->Kill();
  for (int i = 0; i < 10; ++i) ExpectUnavailable();
  EXPECT_EQ(service().stats().connections.sites_away, 1u);

  server_->Start();

  // The pause is over within a second.
  AwaitTrue("still away", [&] { return Ask(user().cookie).ok(); });
  ExpectKnown();
  EXPECT_EQ(service().stats().connections.sites_away, 0u);
}

TEST_P(ServerOutageTest, IsAnsweredAtOnceOnceItIsKnown) {
  ExpectKnown();
  server_->Freeze();
  while (service().stats().connections.sites_away == 0) ExpectUnavailable();

  // One tries, and is kept waiting; the others are not.
  std::vector<Answer> answers(200);
  for (Answer& answer : answers) {
    service().Lookup(site_, user().cookie, false, answer.callback());
  }
  EXPECT_GE(service().stats().connections.refused, 1u);
  for (Answer& answer : answers) {
    const auto result = answer.Get();
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
  }

  server_->Thaw();
  AwaitTrue("still away", [&] { return Ask(user().cookie).ok(); });
  ExpectKnown();
}

TEST_P(ServerOutageTest, IsNoReasonForMoreConnectionsThanTheSiteMayHave) {
  options_.threads = 8;
  options_.connections = 2;
  const std::string name = "counted";
  config_ = server_->NewAccount(config_, name, "p");
  if (GetParam() == std::string("mysql")) {
    server_->Execute(
        config_, "GRANT SELECT ON " + config_.database + ".* TO counted@'%'");
  } else {
    server_->Execute(config_,
                     "GRANT SELECT ON ALL TABLES IN SCHEMA public TO counted");
  }
  SiteLogin login = *site_;
  login.database = config_;
  site_ = std::make_shared<const SiteLogin>(login);

  std::vector<Answer> answers(400);
  int most = 0;
  for (size_t i = 0; i < answers.size(); ++i) {
    service().Lookup(site_,
                     golden_->answers[i % golden_->answers.size()].cookie,
                     false, answers[i].callback());
    if (i % 40 == 0) most = std::max(most, server_->Connections(name));
  }
  for (Answer& answer : answers) {
    const auto result = answer.Get();
    EXPECT_TRUE(result.ok()) << result.error().message;
  }
  most = std::max(most, server_->Connections(name));

  EXPECT_GE(most, 1);
  EXPECT_LE(most, 2);
  EXPECT_LE(service().stats().connections.opened, 2u);
}

INSTANTIATE_TEST_SUITE_P(On, ServerOutageTest,
                         testing::Values("mysql", "pgsql"),
                         [](const auto& driver) {
                           return std::string(driver.param);
                         });

}  // namespace
}  // namespace rt
