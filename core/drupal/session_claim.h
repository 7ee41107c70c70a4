// What a browser's cookies claim, before any store is asked. Pure.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "drupal/site_login.h"

namespace rt {

struct SessionClaim {
  std::string key;       // of the session; empty: none is claimed
  const char* why = "";  // why none; a literal
  uint32_t uid = 0;      // instead of a key: whom a token names
  // Where FindsSessionsById: what `key` is the hash of. See Identity.
  std::shared_ptr<const std::string> id = nullptr;

  // What the store knows the session by. REQUIRES: a key, and an id where
  // FindsSessionsById.
  [[nodiscard]] const std::string& stored_as() const { return id ? *id : key; }
};

// The first of the site's cookie names that is there decides, be its value
// good or not. `page_host`: see CookieNames.
[[nodiscard]] SessionClaim ReadSessionClaim(const SiteLogin& site,
                                            std::string_view cookie_header,
                                            std::string_view page_host,
                                            bool https);

}  // namespace rt
