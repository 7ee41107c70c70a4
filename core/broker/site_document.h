// The site document: what a site tells the broker about itself, as JSON
// (doc/site.schema.json), over the extension's socket or from a file. Read as
// a whole or refused as a whole, with the place and what was expected there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "drupal/site_login.h"
#include "hub/namespace_options.h"
#include "session/site.h"
#include "session/site_limits.h"
#include "token/token_verifier.h"

namespace rt {

struct SiteDocument {
  static constexpr size_t kMaxBytes = 4 << 20;
  static constexpr size_t kMaxNamespaces = 256;
  static constexpr size_t kMaxSubscriptions = 64;

  std::string key;
  std::string secret;  // empty: none
  std::vector<std::string> api_keys;
  std::vector<std::string> hosts;  // lower case; the first is the main one
  // `scheme://host[:port]`, lower case, no default port: as browsers send it.
  // Where the document has none: http and https of every host.
  std::vector<std::string> origins;
  std::string url;  // empty: the page's scheme and host, port 8000
  bool anonymous = true;
  SiteLogin login;
  SiteLimits limits;
  std::vector<NamespaceOptions> namespaces;
  std::vector<ServerSubscription> subscriptions;
  // Where the broker publishes the site's figures each second, while anybody
  // listens; empty: nowhere.
  std::string figures_channel;
  TokenOptions tokens;  // as given; see SiteRegistry for what is in force
  std::string previous_secret;  // good for tokens that are still about
  std::string json;             // verbatim, to be kept across restarts
};

// kInvalid, with a message such as
// `$.namespaces[0].history_tll: unknown key; did you mean "history_ttl"?`
[[nodiscard]] Result<SiteDocument> ParseSiteDocument(std::string_view json);

// One namespace alone, for the broker's own configuration: `json` is an
// object, `path` stands for it in messages. Without a name for
// `channel.without_namespace`, where `named` is false.
[[nodiscard]] Result<NamespaceOptions> ParseNamespaceJson(std::string_view json,
                                                          std::string_view path,
                                                          bool named = true);

// `Origin`, as it is compared: lower case, default port dropped. kInvalid
// unless `scheme://host[:port]`.
[[nodiscard]] Result<std::string> NormalizeOrigin(std::string_view origin);

}  // namespace rt
