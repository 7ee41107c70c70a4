// A store of Drupal 10's tables in memory that records what it was asked and
// can be stopped in the middle of a question, so that tests decide what
// happens meanwhile. Thread-safe.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "db/database.h"
#include "db/identity_service.h"
#include "db/login_sql.h"
#include "drupal/session_key.h"

namespace rt {

class FakeStore {
 public:
  // A site whose cookie is called "SESS".
  static std::shared_ptr<const SiteLogin> Site() {
    SiteLogin site;
    site.key = "example";
    site.hosts = {"example.test"};
    site.cookies_http = {"SESS"};
    site.database.driver = "sqlite";
    return std::make_shared<const SiteLogin>(site);
  }

  DatabaseOpener opener() {
    return [this](const DatabaseConfig&) {
      return Result<std::unique_ptr<Database>>(
          std::make_unique<Connection>(this));
    };
  }

  void SignIn(const std::string& id, uint32_t uid) {
    const std::lock_guard lock(mutex_);
    sessions_[*SessionKey(id)] = uid;
  }
  void SignOut(const std::string& id) {
    const std::lock_guard lock(mutex_);
    sessions_.erase(*SessionKey(id));
  }
  void PutUser(uint32_t uid, std::vector<std::string> roles, bool active) {
    const std::lock_guard lock(mutex_);
    users_[uid] = {std::move(roles), active};
  }
  void PutRole(const std::string& id, const std::string& permission) {
    const std::string size = std::to_string(permission.size());
    const std::lock_guard lock(mutex_);
    roles_["user.role." + id] = "a:1:{s:11:\"permissions\";a:1:{i:0;s:" + size +
                                ":\"" + permission + "\";}}";
  }
  void set_away(bool away) {
    const std::lock_guard lock(mutex_);
    away_ = away;
  }

  // The next such question is read, and its answer then held back until
  // Release. AwaitHeld returns when it is held.
  void Hold(LoginQuery query) {
    const std::lock_guard lock(mutex_);
    hold_ = query;
    holding_ = true;
    held_ = false;
  }
  void AwaitHeld() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return held_; });
  }
  void Release() {
    const std::lock_guard lock(mutex_);
    holding_ = false;
    changed_.notify_all();
  }

  [[nodiscard]] int asked(LoginQuery query) const {
    const std::lock_guard lock(mutex_);
    const auto found = asked_.find(query);
    return found == asked_.end() ? 0 : found->second;
  }

 private:
  struct User {
    std::vector<std::string> roles;
    bool active = true;
  };

  class Connection final : public Database {
   public:
    explicit Connection(FakeStore* store) : store_(store) {}
    Result<std::vector<DatabaseRow>> Run(std::string_view text,
                                         const Parameters& parameters,
                                         size_t) override {
      return store_->Run(QueryOf(text), parameters);
    }
    bool alive() override { return true; }

   private:
    FakeStore* store_;
  };

  static LoginQuery QueryOf(std::string_view text) {
    for (LoginQuery query : {LoginQuery::kSession, LoginQuery::kAccount,
                             LoginQuery::kAccountRoles, LoginQuery::kRoles}) {
      if (LoginSql(query, 10) == text) return query;
    }
    ADD_FAILURE() << "not a question of login: " << text;
    return LoginQuery::kRoles;
  }

  Result<std::vector<DatabaseRow>> Run(LoginQuery query,
                                       const Database::Parameters& parameters) {
    std::unique_lock lock(mutex_);
    ++asked_[query];
    if (away_) return Error{ErrorCode::kUnavailable, "the store is away"};
    std::vector<DatabaseRow> rows = Read(query, parameters);
    if (holding_ && query == hold_) {
      held_ = true;
      changed_.notify_all();
      changed_.wait(lock, [&] { return !holding_; });
    }
    return rows;
  }

  std::vector<DatabaseRow> Read(LoginQuery query,
                                const Database::Parameters& parameters) const {
    std::vector<DatabaseRow> rows;
    if (query == LoginQuery::kRoles) {
      for (const auto& [name, data] : roles_) rows.push_back({name, data});
      return rows;
    }
    if (const auto* key = std::get_if<std::string>(parameters.data())) {
      const auto found = sessions_.find(*key);
      if (found == sessions_.end()) return rows;
      const std::string uid = std::to_string(found->second);
      rows.push_back(
          {*key, "_sf2_attributes|a:1:{s:3:\"uid\";i:" + uid + ";}", uid});
      return rows;
    }
    const auto found = users_.find(
        static_cast<uint32_t>(std::get<int64_t>(parameters.front())));
    if (found == users_.end()) return rows;
    if (query == LoginQuery::kAccount) {
      rows.push_back({"user", found->second.active ? "1" : "0"});
    } else {
      for (const std::string& role : found->second.roles) {
        rows.push_back({role});
      }
    }
    return rows;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, uint32_t> sessions_;
  std::map<uint32_t, User> users_;
  std::map<std::string, std::string> roles_;
  std::map<LoginQuery, int> asked_;
  bool away_ = false;
  bool holding_ = false;
  bool held_ = false;
  LoginQuery hold_ = LoginQuery::kSession;
};

// An answer that is on its way.
class Answer {
 public:
  IdentityService::Done callback() {
    return [state = state_](Result<IdentityPtr> result) {
      state->set_value(std::move(result));
    };
  }
  Result<IdentityPtr> Get() { return future_.get(); }
  [[nodiscard]] bool there() const {
    return future_.wait_for(std::chrono::seconds(0)) ==
           std::future_status::ready;
  }

 private:
  std::shared_ptr<std::promise<Result<IdentityPtr>>> state_ =
      std::make_shared<std::promise<Result<IdentityPtr>>>();
  std::future<Result<IdentityPtr>> future_ = state_->get_future();
};

}  // namespace rt
