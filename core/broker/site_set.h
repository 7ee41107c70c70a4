// The sites a broker serves, as one immutable picture that workers read
// without a lock; a change makes a new one. Finds the site that a request is
// for, and says what its Origin allows.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/site_document.h"
#include "session/site.h"
#include "token/token_minter.h"
#include "wire/forwarded.h"
#include "wire/http_head.h"

namespace rt {

struct BrokerSite {
  SitePtr site;
  SiteDocument document;                   // empty for the broker's own site
  std::shared_ptr<const SiteLogin> login;  // null for the broker's own site
  uid_t uid = 0;                           // who registered it
  bool from_file = false;  // named on the command line: not changed by PHP
  // How the broker itself signs tokens, of connections and of subscriptions.
  TokenSigning connection_signing;
  TokenSigning subscription_signing;
  Status native_login;  // not ok: why browsers of this site need tokens
};

using BrokerSitePtr = std::shared_ptr<const BrokerSite>;

// What a browser's request says of where it comes from.
struct Provenance {
  BrokerSitePtr site;  // null: refused with 403
  std::string page_host;
  bool https = false;
  bool cookie_login = false;  // a cookie may say who it is
};

class SiteSet {
 public:
  // `own` is the site without a document: of tokens, of --insecure.
  SiteSet(BrokerSitePtr own, std::vector<BrokerSitePtr> sites,
          std::vector<std::string> allowed_origins);

  // By Origin; without one by the first of the hosts in `source` that is a
  // site's. `source`: hosts and scheme of the browser's own connection,
  // whatever proxies made of them.
  [[nodiscard]] Provenance Place(const HttpRequestHead& head,
                                 const RequestSource& source) const;

  [[nodiscard]] BrokerSitePtr FindKey(std::string_view key) const;
  [[nodiscard]] BrokerSitePtr FindId(uint32_t id) const;
  // The site whose document has this API key, compared in constant time.
  [[nodiscard]] BrokerSitePtr FindApiKey(std::string_view key) const;

  [[nodiscard]] const BrokerSitePtr& own() const { return own_; }
  [[nodiscard]] const std::vector<BrokerSitePtr>& sites() const {
    return sites_;
  }

 private:
  [[nodiscard]] BrokerSitePtr FindHost(std::string_view host) const;

  BrokerSitePtr own_;
  std::vector<BrokerSitePtr> sites_;
  std::vector<std::string> allowed_origins_;
  std::unordered_map<std::string, BrokerSitePtr> by_origin_;
  std::unordered_map<std::string, BrokerSitePtr> by_host_;
};

using SiteSetPtr = std::shared_ptr<const SiteSet>;

}  // namespace rt
