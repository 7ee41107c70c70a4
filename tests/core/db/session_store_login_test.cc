// Logins whose sessions lie beside the database: PHP writes them, the broker
// reads them, and the account comes from Drupal's tables.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <map>

#include "core/db/fake_store.h"
#include "core/db/golden_site.h"
#include "core/db/live_store.h"
#include "db/identity_service.h"

namespace rt {
namespace {

using testing::HasSubstr;
using testing::Not;

// With what PHP's ids have and cookies spell otherwise.
const char kId[] = "QmF,0-Tz8kLw,1-Rv5pXn2";
const char kCookie[] = "SESS=QmF%2C0-Tz8kLw%2C1-Rv5pXn2";

const char kTables[] =
    "CREATE TABLE users_field_data (uid INTEGER, langcode TEXT, "
    "name VARCHAR(60), status INTEGER, default_langcode INTEGER);"
    "CREATE TABLE user__roles (entity_id INTEGER, roles_target_id TEXT);"
    "CREATE TABLE config (collection TEXT, name TEXT, data BLOB);"
    "INSERT INTO users_field_data VALUES (2, 'en', 'editor', 1, 1);"
    "INSERT INTO users_field_data VALUES (3, 'en', 'member', 1, 1);";

class SessionStoreLoginTest : public testing::Test {
 protected:
  SessionStoreLoginTest() {
    login_.key = "site";
    login_.hosts = {"example.test"};
    login_.cookies_http = {"SESS"};
    login_.database.driver = "sqlite";
    login_.database.path = folder_.File("site");
    ExecuteSql(login_.database.path, kTables);
  }

  void UseRedis() {
    login_.session_handler = "redis";
    SessionStoreConfig& store = login_.session_store;
    store.kind = SessionStoreConfig::Kind::kRedis;
    store.socket = folder_.File("redis");
    store.prefix = "PHPREDIS_SESSION:";
    server_ =
        std::make_unique<LiveStore>(store.socket, RedisServer(store.socket));
    settings_ = {"session.save_handler=redis",
                 "session.save_path=\"unix://" + store.socket + "\""};
  }
  void UseMemcached() {
    login_.session_handler = "memcached";
    SessionStoreConfig& store = login_.session_store;
    store.kind = SessionStoreConfig::Kind::kMemcached;
    store.servers = {folder_.File("memcached")};
    store.prefix = "memc.sess.key.";
    server_ = std::make_unique<LiveStore>(store.servers[0],
                                          MemcachedServer(store.servers[0]));
    settings_ = {"session.save_handler=memcached",
                 "session.save_path=\"" + store.servers[0] + "\""};
  }
  void Php(const std::string& code) { RunPhp(settings_, code); }

  Result<IdentityPtr> Ask(const std::string& cookies) {
    Answer answer;
    service_.Lookup(Site(), cookies, false, answer.callback());
    return answer.Get();
  }
  Result<IdentityPtr> AskAgain(const std::string& session_key) {
    Answer answer;
    service_.Recheck(Site(), session_key, false, answer.callback());
    return answer.Get();
  }
  // Who of these is somebody else now, by their place.
  std::map<uint64_t, IdentityPtr> Sweep(
      const std::vector<IdentityPtr>& connected, bool* ok = nullptr) {
    std::vector<SweptLogin> logins;
    for (const IdentityPtr& who : connected) {
      logins.push_back({logins.size(), who, false, false});
    }
    std::map<uint64_t, IdentityPtr> changes;
    std::promise<void> over;
    service_.Sweep(Site(), logins, [&](SweepStep step) {
      EXPECT_TRUE(ok != nullptr || step.status.ok());
      if (ok != nullptr) *ok = step.status.ok();
      for (const SweepChange& change : step.changes) {
        changes[change.handle] = change.identity;
      }
      if (step.last) over.set_value();
    });
    over.get_future().get();
    return changes;
  }
  IdentityPtr WhoIs(const std::string& cookies) {
    auto result = Ask(cookies);
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
    return result.ok() ? *result : std::make_shared<const Identity>();
  }
  // Each thread leaves a store that failed alone for a moment of its own.
  IdentityPtr WhoIsOnceBack(const std::string& cookies) {
    Result<IdentityPtr> result = Ask(cookies);
    while (!result.ok()) result = Ask(cookies);
    return *result;
  }
  const std::shared_ptr<const SiteLogin>& Site() {
    if (!site_) site_ = std::make_shared<const SiteLogin>(login_);
    return site_;
  }

  TemporaryFolder folder_;
  SiteLogin login_;
  std::unique_ptr<LiveStore> server_;
  std::vector<std::string> settings_;
  std::shared_ptr<const SiteLogin> site_;
  SystemClock clock_;
  // Nothing cached, so that every question reaches the store.
  IdentityService service_{
      {.positive_ttl_ms = 0, .negative_ttl_ms = 0}, &clock_, OpenDatabase};
};

struct Handler {
  const char* name;
  bool redis;
  const char* serializer;
};

class PhpSessionTest : public SessionStoreLoginTest,
                       public testing::WithParamInterface<Handler> {
 protected:
  void SetUp() override {
    GetParam().redis ? UseRedis() : UseMemcached();
    login_.serializer = GetParam().serializer;
    settings_.push_back("session.serialize_handler=" + login_.serializer);
  }
};

TEST_P(PhpSessionTest, IsWhoseItSaysUntilPhpEndsIt) {
  Php(PhpWrites(kId, "2"));
  const IdentityPtr who = WhoIs(kCookie);
  EXPECT_EQ(who->uid, 2u) << who->reason;
  EXPECT_EQ(who->name, "editor");
  EXPECT_EQ(who->session_key, HashBase64(kId));

  Php(PhpWrites(kId, "3"));
  EXPECT_EQ(WhoIs(kCookie)->uid, 3u);
  Php("session_id('" + std::string(kId) +
      "'); session_start(['use_cookies' => 0, 'cache_limiter' => '']); "
      "session_destroy();");
  EXPECT_EQ(WhoIs(kCookie)->reason, "no session in the store");
}

TEST_P(PhpSessionTest, IsFoundAgainByItsHashWhileSomebodyHasIt) {
  Php(PhpWrites(kId, "2"));
  IdentityPtr who = WhoIs(kCookie);
  const std::string key = who->session_key;
  ASSERT_TRUE(AskAgain(key).ok());
  EXPECT_EQ((*AskAgain(key))->uid, 2u);
  // Nor the cache, nor a thread that has just answered.
  who = nullptr;
  Error denied;
  do {
    service_.Expire();
    const auto result = AskAgain(key);
    if (!result.ok()) denied = result.error();
  } while (denied.message.empty());
  EXPECT_EQ(denied.code, ErrorCode::kDenied);
}

TEST_P(PhpSessionTest, IsNobodysWhileThereIsNone) {
  EXPECT_EQ(WhoIs(kCookie)->reason, "no session in the store");
  EXPECT_EQ(WhoIs("SESS=a%20b")->reason, "no session id in the cookie");
  EXPECT_EQ(WhoIs("SESS=lock.abc")->uid, 0u);
  EXPECT_EQ(WhoIs("")->reason, "no cookie");
}

TEST_P(PhpSessionTest, IsNobodysInAnotherSerializersGrammar) {
  login_.serializer =
      GetParam().serializer == std::string("php") ? "php_serialize" : "php";
  Php(PhpWrites(kId, "2"));
  EXPECT_EQ(WhoIs(kCookie)->uid, 0u);
}

TEST_P(PhpSessionTest, WaitsForAStoreThatIsAwayAndComesBackWithIt) {
  Php(PhpWrites(kId, "2"));
  EXPECT_EQ(WhoIs(kCookie)->uid, 2u);
  server_->Kill();
  for (int i = 0; i < 3; ++i) {
    const auto away = Ask(kCookie);
    ASSERT_FALSE(away.ok()) << "taken for a logout";
    EXPECT_EQ(away.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(away.error().message, Not(HasSubstr(kId)));
  }
  server_->Start();
  // What was in memory is lost with a server: these are logouts.
  EXPECT_EQ(WhoIsOnceBack(kCookie)->reason, "no session in the store");
  Php(PhpWrites(kId, "2"));
  EXPECT_EQ(WhoIsOnceBack(kCookie)->uid, 2u);
}

TEST_P(PhpSessionTest, WaitsForAStoreThatIsFrozen) {
  Php(PhpWrites(kId, "2"));
  EXPECT_EQ(WhoIs(kCookie)->uid, 2u);
  server_->Freeze();
  const auto frozen = Ask(kCookie);
  ASSERT_FALSE(frozen.ok());
  EXPECT_EQ(frozen.error().code, ErrorCode::kUnavailable);
  server_->Thaw();
  EXPECT_EQ(WhoIsOnceBack(kCookie)->uid, 2u);
}

TEST_P(PhpSessionTest, IsSweptInTheStore) {
  const std::string others[] = {"another,1-x", "third,1-x"};
  Php(PhpWrites(kId, "2"));
  for (const std::string& id : others) Php(PhpWrites(id, "3"));
  std::vector<IdentityPtr> connected = {
      WhoIs(kCookie), WhoIs("SESS=" + others[0]), WhoIs("SESS=" + others[1])};
  EXPECT_THAT(Sweep(connected), testing::IsEmpty());

  Php("session_id('" + others[0] +
      "'); session_start(['use_cookies' => 0, 'cache_limiter' => '']); "
      "session_destroy();");
  Php(PhpWrites(others[1], "2"));
  const auto changes = Sweep(connected);
  ASSERT_EQ(changes.size(), 2u);
  ASSERT_NE(changes.at(1), nullptr);
  EXPECT_EQ(changes.at(1)->reason, "no session in the store");
  EXPECT_EQ(changes.at(2), nullptr) << "somebody else: to be looked up";
}

TEST_P(PhpSessionTest, KeepsItsIdWhenASweepFindsOtherRights) {
  Php(PhpWrites(kId, "2"));
  const IdentityPtr before = WhoIs(kCookie);
  ExecuteSql(login_.database.path,
             "INSERT INTO user__roles VALUES (2, 'editor');");
  const auto changes = Sweep({before});
  ASSERT_EQ(changes.size(), 1u);
  ASSERT_NE(changes.at(0), nullptr);
  EXPECT_TRUE(changes.at(0)->HasRole("editor"));
  EXPECT_TRUE(AskAgain(changes.at(0)->session_key).ok());
}

TEST_P(PhpSessionTest, IsNotSweptAwayWithAStoreThatIsAway) {
  Php(PhpWrites(kId, "2"));
  const IdentityPtr who = WhoIs(kCookie);
  server_->Kill();
  bool ok = true;
  EXPECT_THAT(Sweep({who}, &ok), testing::IsEmpty());
  EXPECT_FALSE(ok);
}

INSTANTIATE_TEST_SUITE_P(
    Handlers, PhpSessionTest,
    testing::Values(Handler{"RedisPhp", true, "php"},
                    Handler{"RedisPhpSerialize", true, "php_serialize"},
                    Handler{"MemcachedPhp", false, "php"},
                    Handler{"MemcachedPhpSerialize", false, "php_serialize"}),
    [](const auto& handler) { return std::string(handler.param.name); });

TEST_F(SessionStoreLoginTest, FindsSessionsOfDrupalsRedisModules) {
  UseRedis();
  const std::string data = "_sf2_attributes|a:1:{s:3:\"uid\";s:1:\"2\";}";
  const auto php_string = [](const std::string& text) {
    return "'" + text + "'";
  };
  RunPhp({}, "$r = new Redis(); $r->connect(" +
                 php_string(login_.session_store.socket) + "); $r->set(" +
                 php_string(std::string("sf_s") + kId) + ", " +
                 php_string(data) + "); $r->set(" +
                 php_string("session_" + HashBase64("hashed")) + ", " +
                 php_string(data) + ");");
  login_.session_store.prefix = "sf_s";
  EXPECT_EQ(WhoIs(kCookie)->uid, 2u);
  EXPECT_EQ(WhoIs("SESS=hashed")->uid, 0u);

  site_ = nullptr;
  login_.session_store.prefix = "session_";
  login_.session_store.hashed_ids = true;
  const IdentityPtr who = WhoIs("SESS=hashed");
  EXPECT_EQ(who->uid, 2u);
  EXPECT_EQ(who->session_id, nullptr) << "no need to keep it";
  EXPECT_TRUE(AskAgain(who->session_key).ok());
}

TEST_F(SessionStoreLoginTest, NeedsTheDatabaseForTheAccount) {
  UseRedis();
  Php(PhpWrites(kId, "2"));
  ExecuteSql(login_.database.path,
             "UPDATE users_field_data SET status = 0 WHERE uid = 2;");
  EXPECT_EQ(WhoIs(kCookie)->reason, "blocked");
  std::filesystem::remove(login_.database.path);
  const auto away = Ask(kCookie);
  ASSERT_FALSE(away.ok());
  EXPECT_EQ(away.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace rt
