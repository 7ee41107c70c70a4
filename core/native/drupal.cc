#include "native/drupal.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <mutex>
#include <system_error>

#include "base/clock.h"
#include "broker/site_document.h"
#include "broker/site_file.h"
#include "db/identity_service.h"
#include "native/connection_pool.h"
#include "native/php_value.h"
#include "native/select_sql.h"
#include "native/site_reader.h"

namespace drupalrt {

namespace {

Error ToPublic(const rt::Error& error) {
  switch (error.code) {
    case rt::ErrorCode::kInvalid:
      return {ErrorCode::kInvalid, error.message};
    case rt::ErrorCode::kNotFound:
      return {ErrorCode::kNotFound, error.message};
    case rt::ErrorCode::kDenied:
      return {ErrorCode::kDenied, error.message};
    case rt::ErrorCode::kLimit:
      return {ErrorCode::kLimit, error.message};
    case rt::ErrorCode::kUnavailable:
      return {ErrorCode::kUnavailable, error.message};
    case rt::ErrorCode::kInternal:
      break;
  }
  return {ErrorCode::kInternal, error.message};
}

template <typename T>
Answer<T> ToPublic(rt::Result<T> result) {
  if (!result) return ToPublic(result.error());
  return std::move(*result);
}

Decision Denied(std::string reason) {
  return {Verdict::kDenied, std::move(reason)};
}

Visitor ToVisitor(const rt::Identity& identity) {
  Visitor visitor;
  visitor.uid = identity.uid;
  visitor.name = identity.name;
  visitor.roles = identity.roles.list();
  visitor.admin = identity.admin;
  visitor.permissions = identity.permissions.list();
  visitor.reason = identity.reason;
  return visitor;
}

rt::IdentityService::Options LookupOptions(const Drupal::Options& options) {
  rt::IdentityService::Options lookups;
  lookups.connections = options.connections;
  // One more, which a single site is never given (IdentityService::Options).
  lookups.threads =
      static_cast<int>(std::clamp<size_t>(options.connections, 1, 64)) + 1;
  lookups.positive_ttl_ms = options.sessions_ttl_ms;
  lookups.negative_ttl_ms = options.sessions_ttl_ms;
  lookups.role_map_ttl_ms = options.roles_ttl_ms;
  return lookups;
}

rt::NodeOperation ToInternal(NodeOperation operation) {
  switch (operation) {
    case NodeOperation::kView:
      return rt::NodeOperation::kView;
    case NodeOperation::kUpdate:
      return rt::NodeOperation::kUpdate;
    case NodeOperation::kDelete:
      break;
  }
  return rt::NodeOperation::kDelete;
}

Decision ToPublic(rt::NodeAnswer answer) {
  Decision decision;
  decision.reason = std::move(answer.reason);
  switch (answer.verdict) {
    case rt::NodeVerdict::kAllowed:
      decision.verdict = Verdict::kAllowed;
      break;
    case rt::NodeVerdict::kDenied:
      decision.verdict = Verdict::kDenied;
      break;
    case rt::NodeVerdict::kUnknown:
      decision.verdict = Verdict::kUnknown;
      break;
  }
  return decision;
}

// Kept in Drupal 7's variables beside harmless settings: who knows it can make
// form tokens.
constexpr std::string_view kPrivateKey = "drupal_private_key";

}  // namespace

bool Visitor::Has(std::string_view permission) const {
  return admin ||
         std::binary_search(permissions.begin(), permissions.end(), permission);
}

class Drupal::Impl {
 public:
  Impl(rt::SiteLogin site, const Options& options)
      : site_(std::make_shared<const rt::SiteLogin>(std::move(site))),
        options_(options),
        pool_(site_->database, options.connections, options.wait_ms,
              rt::OpenDatabase) {}

  // Puts a question to the tables.
  template <typename Question>
  auto Read(const Question& question)
      -> decltype(question(std::declval<rt::SiteReader&>())) {
    if (rt::Status refused = rt::DatabaseRefused(*site_); !refused) {
      return refused.error();
    }
    return pool_.Ask([&](rt::Database* database) {
      rt::SiteReader reader(*site_, database);
      return question(reader);
    });
  }

  rt::Result<rt::IdentityPtr> WhoIs(std::string_view cookie_header,
                                    std::string_view host, bool https) {
    // Kept by the callback too, which may still be at it when this returns.
    auto promise =
        std::make_shared<std::promise<rt::Result<rt::IdentityPtr>>>();
    auto future = promise->get_future();
    rt::IdentityService* lookups = Lookups();
    if (lookups == nullptr) {
      return rt::Error{rt::ErrorCode::kUnavailable, "no thread is to be had"};
    }
    lookups->Lookup(site_, std::string(cookie_header),
                    host.empty() ? site_->hosts.front() : host, https,
                    [promise](rt::Result<rt::IdentityPtr> result) {
                      promise->set_value(std::move(result));
                    });
    const rt::DatabaseTimeouts timeouts;
    const std::chrono::milliseconds longest(
        options_.wait_ms + timeouts.connect_ms + timeouts.query_ms);
    if (future.wait_for(longest) != std::future_status::ready) {
      return rt::Error{rt::ErrorCode::kUnavailable, "no answer in time"};
    }
    return future.get();
  }

  rt::Result<Account> AccountOf(uint32_t uid) {
    return Read([uid](rt::SiteReader& reader) { return reader.Account(uid); });
  }

  using RoleMapPtr = std::shared_ptr<const rt::RoleMap>;

  rt::Result<RoleMapPtr> Grants() {
    if (site_->roles) return RoleMapPtr(site_, &*site_->roles);
    uint64_t asked = 0;
    {
      const std::lock_guard lock(mutex_);
      if (roles_ && clock_.monotonic_ms() < roles_expire_ms_) return roles_;
      asked = forgotten_;
    }
    auto loaded =
        Read([](rt::SiteReader& reader) { return reader.RoleGrants(); });
    if (!loaded) return loaded.error();
    auto map = std::make_shared<const rt::RoleMap>(std::move(*loaded));
    const std::lock_guard lock(mutex_);
    // What was read before Forget is not kept after it.
    if (forgotten_ == asked) {
      roles_ = map;
      roles_expire_ms_ = clock_.monotonic_ms() + options_.roles_ttl_ms;
    }
    return RoleMapPtr(std::move(map));
  }

  // What `account` may do, and why; it is not blocked.
  Decision MayDo(const rt::RoleMap& map, const Account& account,
                 std::string_view permission) const {
    if (account.uid == 1 && site_->super_user) {
      return {Verdict::kAllowed, "user 1 may do everything"};
    }
    for (const std::string& id : account.roles) {
      const auto role = map.find(id);
      if (role == map.end()) continue;
      if (role->second.admin) {
        return {Verdict::kAllowed, "administrator role " + id};
      }
      if (role->second.permissions.Contains(permission)) {
        return {Verdict::kAllowed, "role " + id + " grants it"};
      }
    }
    return Denied("none of its roles grants it");
  }

  rt::Result<Decision> Access(std::string_view permission,
                              const Account& account) {
    if (!account.active) return Denied("blocked");
    rt::Result<RoleMapPtr> map = Grants();
    if (!map) return map.error();
    return MayDo(**map, account, permission);
  }

  rt::Result<std::vector<Role>> Roles() {
    rt::Result<RoleMapPtr> map = Grants();
    if (!map) return map.error();
    auto roles = Read([](rt::SiteReader& reader) { return reader.Roles(); });
    if (!roles && !site_->roles) return roles.error();
    std::vector<Role> all;
    for (const auto& [id, grants] : **map) {
      all.push_back({id, id, grants.admin, grants.permissions.list()});
    }
    if (!roles) return all;  // the document's suffice, without their labels
    for (Role& named : *roles) {
      const auto same = [&](const Role& role) { return role.id == named.id; };
      const auto found = std::find_if(all.begin(), all.end(), same);
      if (found != all.end()) {
        found->label = std::move(named.label);
      } else {
        all.push_back(std::move(named));
      }
    }
    std::sort(all.begin(), all.end(),
              [](const Role& a, const Role& b) { return a.id < b.id; });
    return all;
  }

  rt::Result<Value> Config(std::string_view name, std::string_view path) {
    if (site_->schema == 7 && name == kPrivateKey) {
      return rt::Error{rt::ErrorCode::kDenied, "this variable is a secret"};
    }
    rt::Result<std::string> setting =
        Read([name](rt::SiteReader& reader) { return reader.Setting(name); });
    if (!setting) return setting.error();
    rt::Result<Value> value = rt::DecodePhp(*setting);
    if (!value) return value.error();
    const Value* found = rt::FindPath(*value, path);
    if (found == nullptr) {
      return rt::Error{rt::ErrorCode::kNotFound,
                       "there is no " + std::string(path) + " in it"};
    }
    return *found;
  }

  rt::Result<Decision> NodeAccess(uint64_t nid, NodeOperation operation,
                                  uint32_t uid, std::string_view langcode) {
    rt::Result<Account> account = AccountOf(uid);
    if (!account) return DeniedIfAbsent(account.error());
    if (!account->active) return Denied("blocked");
    rt::Result<RoleMapPtr> map = Grants();
    if (!map) return map.error();
    rt::NodeQuestion question;
    question.operation = ToInternal(operation);
    question.uid = uid;
    question.deciders = site_->node_deciders;
    question.schema = site_->schema;
    question.holds = [&](std::string_view permission) {
      return MayDo(**map, *account, permission).allowed();
    };
    return Read([&](rt::SiteReader& reader) -> rt::Result<Decision> {
      auto node = reader.Node(nid, langcode);
      if (!node) return DeniedIfAbsent(node.error());
      auto grants = reader.NodeGrants(nid);
      if (!grants) return grants.error();
      question.node = std::move(*node);
      question.grants = std::move(*grants);
      return ToPublic(rt::DecideNode(question));
    });
  }

  rt::Result<std::vector<Row>> Select(const Query& query) {
    const std::string& driver = site_->database.driver;
    rt::Result<rt::SelectSql> sql =
        rt::WriteSelect(query, driver == "mysql" || driver == "mysqli");
    if (!sql) return sql.error();
    if (rt::Status refused = rt::DatabaseRefused(*site_); !refused) {
      return refused.error();
    }
    return pool_.Ask([&](rt::Database* database) {
      return database->Run(sql->text, sql->parameters, query.limit);
    });
  }

  void Forget() {
    const std::lock_guard lock(mutex_);
    roles_ = nullptr;
    ++forgotten_;
    if (lookups_) lookups_->DropRoles(site_->key);
  }

  [[nodiscard]] const rt::SiteLogin& site() const { return *site_; }

  static rt::Result<Decision> DeniedIfAbsent(const rt::Error& error) {
    if (error.code == rt::ErrorCode::kNotFound) return Denied(error.message);
    return error;
  }

 private:
  // Has threads, so only for who asks for it. Null where there are none.
  rt::IdentityService* Lookups() {
    const std::lock_guard lock(mutex_);
    if (!lookups_) {
      try {
        lookups_ = std::make_unique<rt::IdentityService>(
            LookupOptions(options_), &clock_, rt::OpenDatabase);
      } catch (const std::system_error&) {
        return nullptr;
      }
    }
    return lookups_.get();
  }

  const rt::SystemClock clock_;
  const std::shared_ptr<const rt::SiteLogin> site_;
  const Options options_;
  rt::ConnectionPool pool_;

  std::mutex mutex_;  // guards all below, the lookups' pointer alone
  std::unique_ptr<rt::IdentityService> lookups_;
  RoleMapPtr roles_;
  int64_t roles_expire_ms_ = 0;
  uint64_t forgotten_ = 0;
};

Drupal::Drupal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Drupal::~Drupal() = default;

Answer<std::unique_ptr<Drupal>> Drupal::FromDocument(std::string_view json,
                                                     const Options& options) {
  rt::Result<rt::SiteDocument> site = rt::ParseSiteDocument(json);
  if (!site) return ToPublic(site.error());
  return std::unique_ptr<Drupal>(
      new Drupal(std::make_unique<Impl>(std::move(site->login), options)));
}

Answer<std::unique_ptr<Drupal>> Drupal::FromFile(const std::string& path,
                                                 const Options& options) {
  rt::Result<rt::SiteDocument> site = rt::ReadSiteFile(path);
  if (!site) return ToPublic(site.error());
  return std::unique_ptr<Drupal>(
      new Drupal(std::make_unique<Impl>(std::move(site->login), options)));
}

Answer<Visitor> Drupal::WhoIs(std::string_view cookie_header,
                              std::string_view host, bool https) {
  rt::Result<rt::IdentityPtr> who = impl_->WhoIs(cookie_header, host, https);
  if (!who) return ToPublic(who.error());
  return ToVisitor(**who);
}

Answer<std::vector<Session>> Drupal::SessionsOf(uint32_t uid) {
  if (uid == 0) {
    return Error{ErrorCode::kInvalid, "user 0 is whoever is not logged in"};
  }
  const rt::SiteLogin& site = impl_->site();
  if (site.session_handler != rt::SiteLogin::kCoreHandler &&
      site.session_handler != rt::SiteLogin::kDrupal7Handler) {
    return Error{
        ErrorCode::kDenied,
        "sessions are not kept in the database but by " + site.session_handler};
  }
  return ToPublic(impl_->Read(
      [uid](rt::SiteReader& reader) { return reader.Sessions(uid); }));
}

Answer<Account> Drupal::AccountOf(uint32_t uid) {
  return ToPublic(impl_->AccountOf(uid));
}

Answer<std::vector<Role>> Drupal::Roles() { return ToPublic(impl_->Roles()); }

Answer<std::vector<std::string>> Drupal::PermissionsOf(
    const std::vector<std::string>& roles) {
  auto map = impl_->Grants();
  if (!map) return ToPublic(map.error());
  return rt::GrantsOf(**map, roles).permissions.list();
}

Answer<Decision> Drupal::Access(std::string_view permission, uint32_t uid) {
  rt::Result<Account> account = impl_->AccountOf(uid);
  if (!account) return ToPublic(Impl::DeniedIfAbsent(account.error()));
  return Access(permission, *account);
}

Answer<Decision> Drupal::Access(std::string_view permission,
                                const Account& account) {
  return ToPublic(impl_->Access(permission, account));
}

Answer<Value> Drupal::Config(std::string_view name, std::string_view path) {
  return ToPublic(impl_->Config(name, path));
}

Answer<Decision> Drupal::NodeAccess(uint64_t nid, NodeOperation operation,
                                    uint32_t uid, std::string_view langcode) {
  return ToPublic(impl_->NodeAccess(nid, operation, uid, langcode));
}

Answer<std::vector<Row>> Drupal::Select(const Query& query) {
  return ToPublic(impl_->Select(query));
}

void Drupal::Forget() { impl_->Forget(); }

}  // namespace drupalrt
