// What sessions need to know of the site they belong to. Immutable once made;
// a changed site is a new Site with the same number.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hub/namespaces.h"
#include "hub/rule.h"
#include "session/site_limits.h"
#include "token/token_verifier.h"

namespace rt {

// A channel that the server subscribes those to whom the rule allows it.
struct ServerSubscription {
  std::string channel;
  Rule who;
};

struct Site {
  uint32_t id = 0;
  std::string key;        // empty: the broker's own, without a site document
  bool anonymous = true;  // may visitors who are not logged in connect?
  bool insecure = false;  // everyone may do everything
  SiteLimits limits;
  Namespaces namespaces;
  std::vector<ServerSubscription> subscriptions;
  // Null: no token is good.
  std::shared_ptr<const TokenVerifier> tokens;
  // Of subscription tokens, where those differ; else null.
  std::shared_ptr<const TokenVerifier> subscription_tokens;

  // Which of them judges subscription tokens.
  [[nodiscard]] const TokenVerifier* subscription_verifier() const {
    return subscription_tokens != nullptr ? subscription_tokens.get()
                                          : tokens.get();
  }

  explicit Site(Namespaces its_namespaces)
      : namespaces(std::move(its_namespaces)) {}
};

using SitePtr = std::shared_ptr<const Site>;

}  // namespace rt
