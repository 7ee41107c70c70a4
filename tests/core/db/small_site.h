// A site of a test's own in a fresh SQLite file: Drupal's tables as far as
// login asks for them, with the account 5, and who its cookies are.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/db/fake_store.h"
#include "core/db/golden_site.h"
#include "db/identity_service.h"
#include "drupal/session_key.h"

namespace rt {

class SmallSite : public testing::Test {
 protected:
  // Without `sessions`, which Drupal makes with the first session, at `path`;
  // empty: the file "site".
  void MakeTables(std::string path = "") {
    if (path.empty()) path = login_.database.path;
    ExecuteSql(
        path,
        "CREATE TABLE users_field_data (uid INTEGER, langcode TEXT, "
        "name VARCHAR(60) COLLATE NOCASE_UTF8, status INTEGER, "
        "default_langcode INTEGER);"
        "CREATE TABLE user__roles (entity_id INTEGER, "
        "roles_target_id TEXT);"
        "CREATE TABLE config (collection TEXT, name TEXT, data BLOB);"
        "INSERT INTO users_field_data VALUES (5, 'en', 'editor', 1, 1);");
  }
  void MakeSessions(const std::string& collation = "") {
    Execute("CREATE TABLE sessions (uid INTEGER, sid VARCHAR(128)" + collation +
            ", timestamp INTEGER, session BLOB);");
  }
  SmallSite() {
    login_.key = "site";
    login_.hosts = {"example.test"};
    login_.cookies_http = {"SESS"};
    login_.database.driver = "sqlite";
    login_.database.path = folder_.File("site");
  }

  void Execute(const std::string& sql) {
    ExecuteSql(login_.database.path, sql);
  }
  // A session of the id, with a uid in its column and one in its data.
  void SignIn(const std::string& id, int column, const std::string& uid) {
    Execute("INSERT INTO sessions VALUES (" + std::to_string(column) + ",'" +
            HashBase64(id) + "', 1, '_sf2_attributes|a:1:{s:3:\"uid\";" + uid +
            "}');");
  }
  void PutRole(const std::string& id, const std::string& data) {
    Execute("INSERT INTO config VALUES ('', 'user.role." + id + "', '" + data +
            "');");
  }

  // Drupal 7's tables instead, with the account 5.
  void MakeDrupalSeven() {
    login_.schema = 7;
    login_.session_handler = SiteLogin::kDrupal7Handler;
    login_.cookies_https = {"SSESS"};
    Execute(
        "CREATE TABLE sessions (uid INTEGER, sid VARCHAR(128), "
        "ssid VARCHAR(128), session BLOB);"
        "CREATE TABLE users (uid INTEGER, name TEXT, status INTEGER);"
        "CREATE TABLE users_roles (uid INTEGER, rid INTEGER);"
        "CREATE TABLE role (rid INTEGER, name TEXT);"
        "CREATE TABLE role_permission (rid INTEGER, permission TEXT);"
        "INSERT INTO users VALUES (0, '', 0), (5, 'editor', 1);");
  }
  void SignInToSeven(int uid, const std::string& sid, const std::string& ssid) {
    Execute("INSERT INTO sessions VALUES (" + std::to_string(uid) + ",'" + sid +
            "','" + ssid + "', '');");
  }

  Result<IdentityPtr> Look(const std::string& cookies,
                           const std::string& page_host, bool https) {
    if (!site_) site_ = std::make_shared<const SiteLogin>(login_);
    Answer answer;
    service_.Lookup(site_, cookies, page_host, https, answer.callback());
    return answer.Get();
  }
  IdentityPtr Ask(const std::string& cookies, bool https = false) {
    auto result = Look(cookies, "", https);
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
    return result.ok() ? *result : std::make_shared<const Identity>();
  }

  // What a sweep finds of one connection.
  std::vector<SweepChange> Sweep(const IdentityPtr& who) {
    std::vector<SweepChange> changes;
    std::promise<void> over;
    service_.Sweep(site_, {SweptLogin{0, who, false, false}},
                   [&](SweepStep step) {
                     EXPECT_TRUE(step.status.ok());
                     for (SweepChange& change : step.changes) {
                       changes.push_back(std::move(change));
                     }
                     if (step.last) over.set_value();
                   });
    over.get_future().get();
    return changes;
  }

  TemporaryFolder folder_;
  SiteLogin login_;  // until the first question
  std::shared_ptr<const SiteLogin> site_;
  SystemClock clock_;
  // Nothing cached, so that every question reaches the tables.
  IdentityService service_{
      {.positive_ttl_ms = 0, .negative_ttl_ms = 0}, &clock_, OpenDatabase};
};

}  // namespace rt
