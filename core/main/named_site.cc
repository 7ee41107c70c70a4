#include "main/named_site.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/log.h"
#include "broker/site_registry.h"
#include "broker/site_store.h"
#include "broker/token_keys.h"

namespace rt {

Result<BrokerSitePtr> ReadNamedSite(const Config& config,
                                    const SiteChoice& choice) {
  // What a broker would warn of is none of this command's business.
  SetLogLevel(LogLevel::kOff);
  std::optional<SiteStore> store;
  if (choice.file().empty() && !choice.key().empty()) {
    Result<SiteStore> opened = SiteStore::OpenToRead(config.state);
    if (!opened) return opened.error();
    store = std::move(*opened);
  }
  SiteRegistry registry(Namespaces({}), false, {}, std::move(store));
  if (!choice.file().empty()) {
    const Status added = registry.AddFile(choice.file());
    if (!added) return added.error();
  } else if (choice.key().empty()) {
    Result<TokenKeys> keys = ReadTokenKeys(config.client);
    if (!keys) return keys.error();
    const Status set = registry.SetOwnTokens(std::move(keys->connections),
                                             std::move(keys->subscriptions));
    if (!set) return set.error();
    return registry.current()->own();
  } else {
    registry.LoadStored();
  }
  const BrokerSitePtr site = registry.current()->FindKey(choice.key());
  if (site != nullptr) return site;
  return Error{ErrorCode::kNotFound,
               fmt::format("no site \"{}\" is registered", choice.key())};
}

bool HasTokenKeys(const Config& config, const BrokerSite& site,
                  bool subscription, bool signing) {
  const ClientConfig& client = config.client;
  if (!site.site->key.empty()) {
    const SiteDocument& document = site.document;
    return !document.secret.empty() || !document.tokens.hmac_secret.empty() ||
           (!signing &&
            (!document.tokens.empty() || !document.previous_secret.empty()));
  }
  const bool own = subscription && client.subscription_token_enabled;
  const TokenOptions& options = own ? client.subscription_token : client.token;
  if (signing) return !options.hmac_secret.empty();
  return !options.empty() ||
         !(own ? client.subscription_token_jwks_file : client.token_jwks_file)
              .empty();
}

}  // namespace rt
