#include "drupal/session_claim.h"

#include <utility>

#include "drupal/cookie_header.h"
#include "drupal/session_key.h"

namespace rt {

SessionClaim ReadSessionClaim(const SiteLogin& site,
                              std::string_view cookie_header,
                              std::string_view page_host, bool https) {
  if (cookie_header.empty()) return {"", "no cookie"};
  const bool beside =
      site.session_store.kind != SessionStoreConfig::Kind::kNone;
  for (const std::string& name : CookieNames(site, page_host, https)) {
    const auto value = FindCookie(cookie_header, name);
    if (!value) continue;
    auto key = SessionKey(*value);
    if (!key || (beside && !IsPhpSessionId(*value))) {
      return {"", "no session id in the cookie"};
    }
    SessionClaim claim{std::move(*key), ""};
    if (FindsSessionsById(site)) {
      claim.id = std::make_shared<const std::string>(*value);
    }
    return claim;
  }
  return {"", "no cookie"};
}

}  // namespace rt
