#include "drupal/cookie_name.h"

#include "base/digest.h"

namespace rt {

namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// `example.com:8080` → `example.com`; an IPv6 address keeps its brackets.
std::string_view WithoutPort(std::string_view host) {
  size_t digits = host.size();
  while (digits > 0 && host[digits - 1] >= '0' && host[digits - 1] <= '9') {
    --digits;
  }
  const bool port =
      digits > 0 && digits < host.size() && host[digits - 1] == ':';
  return port ? host.substr(0, digits - 1) : host;
}

}  // namespace

std::string SessionCookieName(const CookieNameInput& input) {
  if (input.schema == 7) {
    std::string hashed = input.cookie_domain
                             ? std::string(*input.cookie_domain)
                             : Lower(input.host) + std::string(input.base_path);
    if (hashed.starts_with("www.")) hashed.insert(0, 1, '.');
    return SessionCookieNameOf(hashed, input.https);
  }
  if (input.cookie_domain) {
    return SessionCookieNameOf(*input.cookie_domain, input.https);
  }
  std::string hashed = Lower(WithoutPort(input.host));
  hashed += input.base_path;
  hashed += input.name_suffix;
  if (hashed.ends_with("/core")) hashed.resize(hashed.size() - 5);
  return SessionCookieNameOf(hashed, input.https);
}

std::string SessionCookieNameOf(std::string_view hash_input, bool https) {
  const auto digest = Sha256(hash_input);
  const std::string_view half(reinterpret_cast<const char*>(digest.data()), 16);
  return (https ? "SSESS" : "SESS") + HexEncode(half);
}

}  // namespace rt
