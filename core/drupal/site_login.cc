#include "drupal/site_login.h"

#include <algorithm>
#include <utility>

#include "drupal/cookie_name.h"
#include "drupal/session_record.h"

namespace rt {

namespace {

Error Refused(std::string why) {
  return Error{ErrorCode::kDenied, "native login is off: " + std::move(why)};
}

}  // namespace

Status NativeLoginRefused(const SiteLogin& site) {
  const std::string& handler = site.session_handler;
  if (handler == "redis" || handler == "memcached") {
    return Refused("sessions in " + handler + " are not read natively yet");
  }
  const char* expected =
      site.schema == 7 ? SiteLogin::kDrupal7Handler : SiteLogin::kCoreHandler;
  if (handler != expected) {
    return Refused("session handler \"" + handler + "\" is not \"" + expected +
                   "\", which keeps sessions in the database");
  }
  if (site.schema != 7 && !ParseSessionSerializer(site.serializer)) {
    return Refused("session.serialize_handler \"" + site.serializer +
                   "\" is neither \"php\" nor \"php_serialize\"");
  }
  return DatabaseRefused(site);
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
