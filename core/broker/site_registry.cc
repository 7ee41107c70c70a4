#include "broker/site_registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"

namespace rt {

SiteRegistry::SiteRegistry(Namespaces own, bool insecure,
                           std::vector<std::string> allowed_origins,
                           std::optional<SiteStore> store)
    : allowed_origins_(std::move(allowed_origins)), store_(std::move(store)) {
  auto site = std::make_shared<Site>(std::move(own));
  site->insecure = insecure;
  site->anonymous = insecure;
  auto broker_site = std::make_shared<BrokerSite>();
  broker_site->site = site;
  own_ = broker_site;
  by_id_[0] = own_->site;
  Publish(0);
}

namespace {

// How the broker signs what `tokens` shall take: under the secret given, or
// one that nobody else knows, which is good for them from now on.
TokenSigning SigningFor(TokenOptions* tokens) {
  constexpr size_t kLetters = 43;  // 245 bits
  if (tokens->hmac_secret.empty()) {
    tokens->hmac_secret = RandomLetters(kLetters);
  }
  return {tokens->hmac_secret, tokens->audience, tokens->issuer};
}

}  // namespace

Status SiteRegistry::SetOwnTokens(TokenOptions tokens,
                                  std::optional<TokenOptions> subscriptions) {
  auto broker_site = std::make_shared<BrokerSite>(*own_);
  auto site = std::make_shared<Site>(*own_->site);
  broker_site->connection_signing = SigningFor(&tokens);
  broker_site->subscription_signing = broker_site->connection_signing;
  auto verifier = TokenVerifier::Make(tokens);
  if (!verifier.ok()) {
    return Error{ErrorCode::kInvalid,
                 "client.token." + verifier.error().message};
  }
  site->tokens = std::move(verifier).value();
  if (subscriptions.has_value()) {
    broker_site->subscription_signing = SigningFor(&*subscriptions);
    auto separate = TokenVerifier::Make(*subscriptions);
    if (!separate.ok()) {
      return Error{ErrorCode::kInvalid,
                   "client.subscription_token." + separate.error().message};
    }
    site->subscription_tokens = std::move(separate).value();
  }
  broker_site->site = std::move(site);
  own_ = std::move(broker_site);
  by_id_[0] = own_->site;
  Publish(0);
  return {};
}

Result<BrokerSitePtr> SiteRegistry::Compile(std::string_view json, uid_t uid,
                                            bool from_file) {
  Result<SiteDocument> document = ParseSiteDocument(json);
  if (!document.ok()) return document.error();
  auto made = std::make_shared<BrokerSite>();
  made->document = std::move(document).value();
  auto site = std::make_shared<Site>(Namespaces(made->document.namespaces));
  site->id = IdOf(made->document.key);
  site->key = made->document.key;
  site->anonymous = made->document.anonymous;
  site->limits = made->document.limits;
  site->subscriptions = made->document.subscriptions;
  TokenOptions tokens = made->document.tokens;
  if (tokens.hmac_secret.empty()) tokens.hmac_secret = made->document.secret;
  if (tokens.previous_hmac_secret.empty()) {
    tokens.previous_hmac_secret = made->document.previous_secret;
  }
  made->connection_signing = SigningFor(&tokens);
  made->subscription_signing = made->connection_signing;
  auto verifier = TokenVerifier::Make(tokens);
  if (!verifier.ok()) return verifier.error();
  site->tokens = std::move(verifier).value();
  made->site = std::move(site);
  made->login = std::make_shared<SiteLogin>(made->document.login);
  made->native_login = NativeLoginRefused(*made->login);
  made->uid = uid;
  made->from_file = from_file;
  if (!made->native_login.ok()) {
    Log(LogLevel::kWarning, "site {}: cookies cannot say who a browser is: {}",
        made->document.key, made->native_login.error().message);
  }
  return BrokerSitePtr(std::move(made));
}

uint32_t SiteRegistry::IdOf(const std::string& key) {
  const auto [at, made] = ids_.try_emplace(key, next_id_);
  if (made) ++next_id_;
  return at->second;
}

Status SiteRegistry::AddFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (!file || !(text << file.rdbuf())) {
    return Error{ErrorCode::kInvalid, fmt::format("cannot read {}", path)};
  }
  Result<BrokerSitePtr> made = Compile(text.str(), 0, true);
  if (!made.ok()) {
    return Error{made.error().code,
                 fmt::format("{}: {}", path, made.error().message)};
  }
  if (Status free = CheckConflicts(**made); !free.ok()) return free;
  Put(std::move(made).value());
  return {};
}

void SiteRegistry::LoadStored() {
  if (!store_.has_value()) return;
  for (const SiteStore::Record& record : store_->LoadAll()) {
    // The operator's file came first, and decides.
    if (const auto given = current_->FindKey(record.key);
        given != nullptr && given->from_file) {
      continue;
    }
    Result<BrokerSitePtr> made = Compile(record.json, record.uid, false);
    Status good = made.ok() ? CheckConflicts(**made) : Status(made.error());
    if (!good.ok()) {
      Log(LogLevel::kWarning, "site {} is left out: {}", record.key,
          good.error().message);
      continue;
    }
    Put(std::move(made).value());
  }
}

Status SiteRegistry::Admits(const BrokerSite& site, uid_t uid,
                            std::string_view secret) {
  if (uid != 0 && uid != site.uid && !site.from_file) {
    return Error{ErrorCode::kDenied,
                 fmt::format("site \"{}\" was registered by another user",
                             site.site->key)};
  }
  if (!site.document.secret.empty() &&
      !ConstantTimeEqual(site.document.secret, secret)) {
    return Error{
        ErrorCode::kDenied,
        fmt::format("site \"{}\" has a secret, and this is not it: call "
                    "drupalrt_site(\"{}\", SECRET) first",
                    site.site->key, site.site->key)};
  }
  return {};
}

Status SiteRegistry::CheckConflicts(const BrokerSite& made) const {
  for (const BrokerSitePtr& other : sites_) {
    if (other->site->key == made.site->key) continue;
    const auto taken = [&](const char* what, const auto& ours,
                           const auto& theirs) -> Status {
      const auto one = std::find_first_of(ours.begin(), ours.end(),
                                          theirs.begin(), theirs.end());
      if (one == ours.end()) return {};
      return Error{ErrorCode::kDenied,
                   fmt::format("$.{}: {} belongs to the site \"{}\"", what,
                               *one, other->site->key)};
    };
    Status free =
        taken("origins", made.document.origins, other->document.origins);
    if (!free.ok()) return free;
    free = taken("hosts", made.document.hosts, other->document.hosts);
    if (!free.ok()) return free;
  }
  return {};
}

Result<BrokerSitePtr> SiteRegistry::Register(std::string_view json, uid_t uid,
                                             std::string_view current_secret) {
  Result<BrokerSitePtr> made = Compile(json, uid, false);
  if (!made.ok()) return made;
  const std::string key = (*made)->site->key;
  const BrokerSitePtr former = current_->FindKey(key);
  if (former != nullptr) {
    if (former->from_file) {
      return Error{ErrorCode::kDenied,
                   fmt::format("site \"{}\" comes from a file of the operator; "
                               "change it there",
                               key)};
    }
    if (Status mine = Admits(*former, uid, current_secret); !mine.ok()) {
      return mine.error();
    }
  } else if (sites_.size() >= kMaxSites) {
    return Error{ErrorCode::kLimit,
                 fmt::format("this broker knows {} sites already", kMaxSites)};
  }
  if (Status free = CheckConflicts(**made); !free.ok()) return free.error();
  // Root acts for others (drush on a server): the site stays whose it was.
  if (former != nullptr && former->uid != uid) {
    auto kept = std::make_shared<BrokerSite>(**made);
    kept->uid = uid = former->uid;
    made = BrokerSitePtr(std::move(kept));
  }
  if (store_.has_value()) {
    const Status kept = store_->Put({key, uid, std::string(json)});
    if (!kept.ok()) return kept.error();
  }
  BrokerSitePtr site = std::move(made).value();
  Put(site);
  Log(LogLevel::kInfo, "site {} registered by uid {}", key, uid);
  return site;
}

Status SiteRegistry::Remove(std::string_view key, uid_t uid,
                            std::string_view secret) {
  const BrokerSitePtr former = current_->FindKey(key);
  if (former == nullptr) {
    return Error{ErrorCode::kNotFound,
                 fmt::format("no site \"{}\" is registered", key)};
  }
  if (former->from_file) {
    return Error{
        ErrorCode::kDenied,
        fmt::format("site \"{}\" comes from a file of the operator", key)};
  }
  if (Status mine = Admits(*former, uid, secret); !mine.ok()) return mine;
  if (store_.has_value()) {
    const Status removed = store_->Remove(std::string(key));
    if (!removed.ok() && removed.error().code != ErrorCode::kNotFound) {
      return removed;
    }
  }
  std::erase(sites_, former);
  by_id_.erase(former->site->id);
  Log(LogLevel::kInfo, "site {} removed by uid {}", key, uid);
  Publish(former->site->id);
  return {};
}

void SiteRegistry::Put(BrokerSitePtr site) {
  std::erase_if(sites_, [&](const BrokerSitePtr& one) {
    return one->site->id == site->site->id;
  });
  by_id_[site->site->id] = site->site;
  const uint32_t id = site->site->id;
  sites_.push_back(std::move(site));
  Publish(id);
}

void SiteRegistry::Publish(uint32_t site_id) {
  current_ = std::make_shared<SiteSet>(own_, sites_, allowed_origins_);
  if (on_change_) on_change_(current_, site_id);
}

std::vector<std::string> SiteRegistry::KeysOf(uid_t uid) const {
  std::vector<std::string> keys;
  for (const BrokerSitePtr& site : sites_) {
    if (uid == 0 || site->uid == uid || site->from_file) {
      keys.push_back(site->site->key);
    }
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

const Namespaces* SiteRegistry::NamespacesOf(uint32_t site_id) const {
  const auto found = by_id_.find(site_id);
  return found == by_id_.end() ? nullptr : &found->second->namespaces;
}

}  // namespace rt
