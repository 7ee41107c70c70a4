// The name of Drupal's session cookie. Drupal 8 and later hash the host
// without its port and the base path (SessionConfiguration::getUnprefixedName,
// getName); Drupal 7 hashes its base URL, port included, and since 7.83 puts a
// dot before `www.` (drupal_settings_initialize). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rt {

struct CookieNameInput {
  int schema = 10;
  std::string_view host;       // a Host header's value, with port or without
  std::string_view base_path;  // "" at the docroot, else "/folder"
  bool https = false;
  // The container's or settings.php's cookie_domain; decides alone if set.
  std::optional<std::string_view> cookie_domain;
  std::string_view name_suffix;  // session.storage.options, 10.3 and later
};

[[nodiscard]] std::string SessionCookieName(const CookieNameInput& input);

// The name made from a known hash input: a cookie domain, or the prefix of a
// functional test's child site.
[[nodiscard]] std::string SessionCookieNameOf(std::string_view hash_input,
                                              bool https);

}  // namespace rt
