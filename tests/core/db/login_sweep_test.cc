// Changes that nobody announced, made by SQL in recorded Drupal sites, and what
// a sweep finds of them.
#include "db/login_sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <future>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "core/db/live_golden_site.h"
#include "db/database.h"
#include "db/identity_service.h"

namespace rt {
namespace {

using testing::Contains;
using testing::Not;

// Opens SQLite, counts queries of sweeps, and stops in the middle of one.
class WatchedStore {
 public:
  DatabaseOpener opener() {
    return
        [this](
            const DatabaseConfig& config) -> Result<std::unique_ptr<Database>> {
          if (away) return Error{ErrorCode::kUnavailable, "it is away"};
          auto opened = OpenDatabase(config);
          if (!opened) return opened.error();
          return std::unique_ptr<Database>(
              std::make_unique<Connection>(this, std::move(*opened)));
        };
  }

  std::atomic<bool> away{false};
  std::atomic<int> sweep_queries{0};
  // Called when a sweep's answer is read and not yet handed out; once.
  std::function<void()> meanwhile;

 private:
  class Connection final : public Database {
   public:
    Connection(WatchedStore* store, std::unique_ptr<Database> real)
        : store_(store), real_(std::move(real)) {}
    Result<std::vector<DatabaseRow>> Run(std::string_view text,
                                         const Parameters& parameters,
                                         size_t max_rows) override {
      if (store_->away) return Error{ErrorCode::kUnavailable, "it is away"};
      auto rows = real_->Run(text, parameters, max_rows);
      if (text.starts_with("SELECT 1,") || text.starts_with("SELECT 5,") ||
          text.starts_with("SELECT 3,")) {
        ++store_->sweep_queries;
        if (const auto act = std::exchange(store_->meanwhile, nullptr)) act();
      }
      return rows;
    }
    bool alive() override { return !store_->away && real_->alive(); }

   private:
    WatchedStore* store_;
    std::unique_ptr<Database> real_;
  };
};

struct Swept {
  std::map<std::string, IdentityPtr> changed;  // by name; null: look it up
  bool ok = true;
  size_t connections = 0;
};

class LoginSweepTest : public testing::TestWithParam<const char*> {
 protected:
  LoginSweepTest()
      : loaded_(LoadGoldenSite(GetParam())),
        golden_(*loaded_),
        login_(std::make_shared<const SiteLogin>(golden_.login)),
        service_(std::make_unique<IdentityService>(IdentityService::Options(),
                                                   &clock_, store_.opener())) {}

  IdentityPtr Ask(const std::string& cookie) {
    std::promise<Result<IdentityPtr>> answer;
    service_->Lookup(login_, cookie, false, [&](Result<IdentityPtr> result) {
      answer.set_value(std::move(result));
    });
    auto result = answer.get_future().get();
    EXPECT_TRUE(result.ok());
    return result.ok() ? *result : nullptr;
  }

  // All cookies of the site connect.
  void Connect() {
    for (const GoldenAnswer& one : golden_.answers) {
      // Notes are not unique.
      Connect(one.note + " #" + std::to_string(notes_.size()), Ask(one.cookie));
    }
  }
  void Connect(const std::string& note, IdentityPtr who, bool token = false) {
    notes_.push_back(note);
    SweptLogin login;
    login.handle = notes_.size() - 1;
    login.identity = std::move(who);
    login.by_token = token;
    logins_.push_back(std::move(login));
  }

  Swept Sweep() {
    Swept swept;
    std::promise<void> over;
    service_->Sweep(login_, logins_, [&](SweepStep step) {
      swept.ok = swept.ok && step.status.ok();
      swept.connections += step.connections;
      for (SweepChange& change : step.changes) {
        swept.changed[notes_[change.handle]] = change.identity;
        if (change.identity) {
          logins_[change.handle].identity = change.identity;
        }
      }
      if (step.last) over.set_value();
    });
    over.get_future().get();
    return swept;
  }

  // Somebody who is logged in and not the first user.
  const SweptLogin& Somebody() {
    for (const SweptLogin& login : logins_) {
      if (login.identity->uid > 1 && !login.identity->admin &&
          login.identity->roles.size() > 1) {
        return login;
      }
    }
    ADD_FAILURE() << "nobody is logged in";
    return logins_.front();
  }
  std::string NoteOf(const SweptLogin& login) { return notes_[login.handle]; }

  // `{table}` has the site's prefix.
  void Sql(const std::string& ten, const std::string& seven) {
    const std::string prefix = golden_.login.database.prefix;
    const std::string sql =
        std::regex_replace(login_->schema == 7 ? seven : ten,
                           std::regex("\\{([a-z_]+)\\}"), prefix + "$1");
    const std::string& driver = login_->database.driver;
    if (driver == "sqlite") return ExecuteSql(golden_.path, sql);
    LiveServer::Shared(driver).Execute(login_->database, sql);
  }

  std::unique_ptr<GoldenSite> loaded_;
  GoldenSite& golden_;
  std::shared_ptr<const SiteLogin> login_;
  ManualClock clock_;
  WatchedStore store_;
  std::vector<std::string> notes_;
  std::vector<SweptLogin> logins_;
  std::unique_ptr<IdentityService> service_;
};

std::string Number(uint32_t uid) { return std::to_string(uid); }

TEST_P(LoginSweepTest, FindsNothingWhereNothingChanged) {
  Connect();
  const Swept swept = Sweep();
  EXPECT_TRUE(swept.ok);
  EXPECT_EQ(swept.connections, golden_.answers.size());
  EXPECT_TRUE(swept.changed.empty()) << swept.changed.begin()->first;
}

TEST_P(LoginSweepTest, AsksOneQueryForAllOfThem) {
  Connect();
  Sweep();
  EXPECT_EQ(store_.sweep_queries, 1);
  EXPECT_EQ(service_->stats().sweep_queries, 1u);
}

TEST_P(LoginSweepTest, KnowsABlockedAccount) {
  Connect();
  const SweptLogin& one = Somebody();
  const std::string uid = Number(one.identity->uid);
  Sql("UPDATE {users_field_data} SET status = 0 WHERE uid = " + uid,
      "UPDATE {users} SET status = 0 WHERE uid = " + uid);

  const Swept swept = Sweep();

  const IdentityPtr now = swept.changed.at(NoteOf(one));
  EXPECT_EQ(now->uid, 0u);
  EXPECT_EQ(now->reason, "blocked");
  EXPECT_TRUE(Sweep().changed.empty()) << "told once";
}

TEST_P(LoginSweepTest, KnowsADeletedAccount) {
  Connect();
  const SweptLogin& one = Somebody();
  const std::string uid = Number(one.identity->uid);
  Sql("DELETE FROM {users_field_data} WHERE uid = " + uid,
      "DELETE FROM {users} WHERE uid = " + uid);

  EXPECT_EQ(Sweep().changed.at(NoteOf(one))->reason, "no such account");
}

TEST_P(LoginSweepTest, TakesASessionRowThatIsGoneForALogout) {
  Connect();
  const SweptLogin& one = Somebody();
  Sql("DELETE FROM {sessions} WHERE sid = '" + one.identity->session_key + "'",
      "DELETE FROM {sessions} WHERE sid = '" + one.identity->session_key + "'");

  const Swept swept = Sweep();

  EXPECT_EQ(swept.changed.size(), 1u) << "that session only";
  EXPECT_EQ(swept.changed.at(NoteOf(one))->reason, "no session row");
}

TEST_P(LoginSweepTest, KnowsARoleThatWasTakenAndOneThatWasGiven) {
  Connect();
  const SweptLogin& one = Somebody();
  const std::string uid = Number(one.identity->uid);
  Sql("DELETE FROM {user__roles} WHERE entity_id = " + uid,
      "DELETE FROM {users_roles} WHERE uid = " + uid);
  const IdentityPtr without = Sweep().changed.at(NoteOf(one));
  EXPECT_EQ(without->user(), uid);
  EXPECT_EQ(without->roles.size(), 1u);

  Sql("INSERT INTO {user__roles} (bundle, deleted, entity_id, revision_id, "
      "langcode, delta, roles_target_id) VALUES ('user', 0, " +
          uid + ", " + uid + ", 'en', 9, 'given')",
      "INSERT INTO {role} (rid, name, weight) VALUES (99, 'given', 0); "
      "INSERT INTO {users_roles} (uid, rid) VALUES (" +
          uid + ", 99)");
  EXPECT_THAT(Sweep().changed.at(NoteOf(one))->roles,
              Contains(login_->schema == 7 ? "99" : "given"));
}

TEST_P(LoginSweepTest, KnowsAPermissionThatWasGrantedAndOneThatWasRevoked) {
  Connect();
  const IdentityPtr before = Somebody().identity;
  Sql("UPDATE {config} SET data = '" +
          std::string(R"(a:1:{s:11:"permissions";a:1:{i:0;s:7:"granted";}})") +
          "' WHERE name = 'user.role.authenticated'",
      "DELETE FROM {role_permission} WHERE rid = 2; "
      "INSERT INTO {role_permission} (rid, permission, module) "
      "VALUES (2, 'granted', 'x')");

  const IdentityPtr now = Sweep().changed.at(NoteOf(Somebody()));

  EXPECT_TRUE(now->HasPermission("granted"));
  EXPECT_TRUE(before->HasPermission("access content"));
  EXPECT_EQ(now->user(), before->user());
  // Whoever comes now is told the same, and asks for no map.
  EXPECT_EQ(Ask("")->reason, "no cookie");
  EXPECT_TRUE(Sweep().changed.empty());
}

TEST_P(LoginSweepTest, KnowsARoleThatWasDeleted) {
  Connect();
  // Visitors' rights are in the same map.
  const auto anonymous = std::find_if(
      logins_.begin(), logins_.end(),
      [](const SweptLogin& login) { return login.identity->uid == 0; });
  ASSERT_NE(anonymous, logins_.end());
  ASSERT_FALSE(anonymous->identity->permissions.empty());
  Sql("DELETE FROM {config} WHERE name = 'user.role.anonymous'",
      "DELETE FROM {role_permission} WHERE rid = 1");

  EXPECT_TRUE(Sweep().changed.at(NoteOf(*anonymous))->permissions.empty());
}

TEST_P(LoginSweepTest, HasASessionLookedUpThatNamesAnotherUserNow) {
  Connect();
  const SweptLogin& one = Somebody();
  const std::string key = one.identity->session_key;
  Sql("UPDATE {sessions} SET session = "
      "'_sf2_attributes|a:1:{s:3:\"uid\";s:1:\"1\";}' WHERE sid = '" +
          key + "'",
      "UPDATE {sessions} SET uid = 1 WHERE sid = '" + key + "'");

  const Swept swept = Sweep();

  EXPECT_EQ(swept.changed.size(), 1u);
  EXPECT_EQ(swept.changed.at(NoteOf(one)), nullptr);
  std::promise<Result<IdentityPtr>> answer;
  service_->Recheck(login_, key, false, [&](Result<IdentityPtr> result) {
    answer.set_value(std::move(result));
  });
  EXPECT_EQ((*answer.get_future().get())->uid, 1u) << "not from the cache";
}

TEST_P(LoginSweepTest, FromEightOnTheColumnDoesNotCount) {
  if (login_->schema == 7) return;
  Connect();
  Sql("UPDATE {sessions} SET uid = 1", "");
  EXPECT_TRUE(Sweep().changed.empty());
}

TEST_P(LoginSweepTest, ANewNameIsNoMoreThanANewName) {
  Connect();
  const SweptLogin& one = Somebody();
  const std::string uid = Number(one.identity->uid);
  Sql("UPDATE {users_field_data} SET name = 'Renamed' WHERE uid = " + uid,
      "UPDATE {users} SET name = 'Renamed' WHERE uid = " + uid);

  const IdentityPtr now = Sweep().changed.at(NoteOf(one));

  EXPECT_EQ(now->user(), uid);
  EXPECT_EQ(now->name, "Renamed");
}

TEST_P(LoginSweepTest, LooksAtAccountsThatTokensName) {
  Connect();
  const uint32_t uid = Somebody().identity->uid;
  std::promise<Result<IdentityPtr>> answer;
  service_->LookupUser(login_, uid, [&](Result<IdentityPtr> result) {
    answer.set_value(std::move(result));
  });
  logins_.clear();
  notes_.clear();
  Connect("token", *answer.get_future().get(), true);
  EXPECT_TRUE(Sweep().changed.empty());
  Sql("UPDATE {users_field_data} SET status = 0 WHERE uid = " + Number(uid),
      "UPDATE {users} SET status = 0 WHERE uid = " + Number(uid));

  EXPECT_EQ(Sweep().changed.at("token")->reason, "blocked");
}

TEST_P(LoginSweepTest, AStoreThatIsAwayChangesNothing) {
  Connect();
  Sql("DELETE FROM {sessions}", "DELETE FROM {sessions}");
  store_.away = true;
  Swept swept = Sweep();
  EXPECT_FALSE(swept.ok);
  EXPECT_TRUE(swept.changed.empty());
  EXPECT_EQ(swept.connections, golden_.answers.size());

  store_.away = false;
  swept = Sweep();
  EXPECT_TRUE(swept.ok);
  EXPECT_FALSE(swept.changed.empty());
}

TEST_P(LoginSweepTest, ATableThatIsAwayChangesNothing) {
  Connect();
  Sql("ALTER TABLE {sessions} RENAME TO {elsewhere}",
      "ALTER TABLE {sessions} RENAME TO {elsewhere}");
  const Swept swept = Sweep();
  EXPECT_FALSE(swept.ok);
  EXPECT_TRUE(swept.changed.empty());
}

TEST_P(LoginSweepTest, ANoticeDuringASweepHasItAskAgain) {
  Connect();
  const SweptLogin& one = Somebody();
  const uint32_t uid = one.identity->uid;
  store_.meanwhile = [&] {
    Sql("UPDATE {users_field_data} SET status = 0 WHERE uid = " + Number(uid),
        "UPDATE {users} SET status = 0 WHERE uid = " + Number(uid));
    service_->DropUser(login_->key, uid);
  };

  const Swept swept = Sweep();

  EXPECT_EQ(store_.sweep_queries, 2);
  EXPECT_EQ(swept.changed.at(NoteOf(one))->reason, "blocked");
}

TEST_P(LoginSweepTest, ADocumentThatChangedEndsTheSweep) {
  Connect();
  store_.meanwhile = [&] { service_->DropSite(login_->key); };
  const Swept swept = Sweep();
  EXPECT_FALSE(swept.ok);
  EXPECT_TRUE(swept.changed.empty());
}

TEST_P(LoginSweepTest, AsksOneQueryForAThousandSessions) {
  Connect();
  const IdentityPtr like = Somebody().identity;
  logins_.clear();
  notes_.clear();
  for (int i = 0; i < 2500; ++i) {
    Identity who = *like;
    who.session_key = "no such session " + std::to_string(i);
    const auto shared = std::make_shared<const Identity>(who);
    // Two tabs of each.
    Connect(who.session_key, shared);
    Connect(who.session_key + " again", shared);
  }

  const Swept swept = Sweep();

  EXPECT_EQ(store_.sweep_queries, 3);
  EXPECT_EQ(swept.connections, 5000u);
  EXPECT_EQ(swept.changed.size(), 5000u);
  EXPECT_EQ(swept.changed.at("no such session 2499 again")->uid, 0u);
}

TEST_P(LoginSweepTest, AsksNothingForVisitorsWhereTheDocumentHasTheRoles) {
  SiteLogin with_roles = *login_;
  with_roles.roles.emplace();
  login_ = std::make_shared<const SiteLogin>(with_roles);
  Connect("visitor", Ask(""));
  EXPECT_TRUE(Sweep().changed.empty());
  EXPECT_EQ(store_.sweep_queries, 0);
}

INSTANTIATE_TEST_SUITE_P(Sites, LoginSweepTest,
                         testing::Values("drupal7-sqlite", "drupal7-mariadb",
                                         "drupal7-pgsql", "drupal10-sqlite",
                                         "drupal10-mariadb", "drupal10-pgsql",
                                         "drupal11-sqlite", "drupal11-mariadb"),
                         [](const auto& site) {
                           std::string name = site.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace rt
