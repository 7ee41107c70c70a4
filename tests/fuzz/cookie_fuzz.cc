// Properties: whatever the header is, reading it stays within it; every name
// that is listed is found with the same value, but where PHP makes an array
// of it; no name is empty or there twice; a key has the form that Drupal
// stores, and only an id of 1 to 256 bytes has one.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "drupal/cookie_header.h"
#include "drupal/session_claim.h"
#include "drupal/session_key.h"

namespace {

void Require(bool holds) {
  if (!holds) abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::unique_ptr<char[]> copy(new char[size]);
  std::copy(data, data + size, copy.get());
  const std::string_view header(copy.get(), size);
  std::set<std::string> names;
  for (const auto& [name, value] : rt::ParseCookies(header)) {
    Require(!name.empty() && names.insert(name).second);
    Require(name.size() + value.size() <= size);
    const auto found = rt::FindCookie(header, name);
    Require(!found || *found == value);
    Require(found || header.find(name + "[") != std::string_view::npos);
    const auto key = rt::SessionKey(value);
    Require(!key || (key->size() == 43 && !value.empty()));
    Require(value.size() <= 256 || !key);
  }
  rt::SiteLogin site;
  site.cookies_http = {"SESS"};
  const rt::SessionClaim claim =
      rt::ReadSessionClaim(site, header, "example.test", false);
  Require(claim.key.empty() == (*claim.why != '\0'));
  return 0;
}
