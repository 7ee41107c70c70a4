#include "drupal/site_login.h"

#include <algorithm>
#include <utility>

#include "drupal/cookie_name.h"
#include "drupal/session_record.h"

namespace rt {

namespace {

using StoreKind = SessionStoreConfig::Kind;

Error Refused(std::string why) {
  return Error{ErrorCode::kDenied,
               "native login is off, and browsers need "
               "tokens: " +
                   std::move(why)};
}

// Sessions in the database.
Status HandlerRefused(const SiteLogin& site) {
  const char* expected =
      site.schema == 7 ? SiteLogin::kDrupal7Handler : SiteLogin::kCoreHandler;
  if (site.session_handler == expected) return Status();
  return Refused("session handler \"" + site.session_handler +
                 "\" is neither \"" + expected +
                 "\", which keeps sessions in the database, nor \"redis\" or "
                 "\"memcached\"");
}

// Sessions beside it.
Status StoreRefused(const SiteLogin& site) {
  const std::string& handler = site.session_handler;
  if (site.schema == 7) {
    return Refused(
        "Drupal 7 says whose a session is in its database only, and "
        "session handler \"" +
        handler + "\" leaves it out");
  }
  if (site.session_store.kind == StoreKind::kNone) {
    return Refused("session.store does not say where \"" + handler +
                   "\" keeps them");
  }
  if (site.session_store.tls) {
    return Refused(
        "session.store asks for TLS, which this broker's Redis "
        "library (hiredis) has not");
  }
  return Status();
}

}  // namespace

Status NativeLoginRefused(const SiteLogin& site) {
  const bool beside =
      SessionStoreConfig::KindOf(site.session_handler) != StoreKind::kNone;
  if (Status refused = beside ? StoreRefused(site) : HandlerRefused(site);
      !refused) {
    return refused;
  }
  if (site.schema != 7 && !ParseSessionSerializer(site.serializer)) {
    return Refused("session.serialize_handler \"" + site.serializer +
                   "\" is neither \"php\" nor \"php_serialize\"");
  }
  return DatabaseRefused(site);
}

bool FindsSessionsById(const SiteLogin& site) {
  if (site.session_store.kind != StoreKind::kNone) {
    return !site.session_store.hashed_ids;
  }
  return site.schema == 7 && !site.hashed_ids;
}

Status DatabaseRefused(const SiteLogin& site) {
  const std::string& driver = site.database.driver;
  if (driver.empty()) return Refused("the site document names no database");
  if (driver != "sqlite" && driver != "mysql" && driver != "mysqli" &&
      driver != "pgsql") {
    return Refused("there is no driver \"" + driver + "\"");
  }
  return Status();
}

std::vector<std::string> CookieNames(const SiteLogin& site,
                                     std::string_view page_host, bool https) {
  const auto& given = https ? site.cookies_https : site.cookies_http;
  if (!given.empty()) return given;
  std::vector<std::string> names;
  const auto add = [&](std::string_view host) {
    CookieNameInput input;
    input.schema = site.schema;
    input.host = host;
    input.https = https;
    std::string name = SessionCookieName(input);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(std::move(name));
    }
  };
  if (!page_host.empty()) {
    add(page_host);
  } else {
    for (const std::string& host : site.hosts) add(host);
  }
  return names;
}

}  // namespace rt
