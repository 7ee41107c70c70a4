#include "site.h"

#include <string.h>

#include "json.h"
#include "php_drupalrt.h"

namespace rt {
namespace {

constexpr size_t kMaxKeyBytes = 64;
constexpr size_t kMaxSecretBytes = 65535;

}  // namespace

bool IsSiteKey(std::string_view key) {
  if (key.empty() || key.size() > kMaxKeyBytes) return false;
  for (const char c : key) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                      c == '-';
    if (!good) return false;
  }
  return true;
}

SiteChoice ChooseSite(const zend_string* option) {
  const SiteChoice chosen{DRUPALRT_G(site_key).view(),
                          DRUPALRT_G(site_secret).view()};
  if (option == nullptr || View(option) == chosen.key) return chosen;
  return {View(option), {}};
}

void ForgetSite() {
  Bytes* secret = &DRUPALRT_G(site_secret);
  if (secret->data != nullptr) explicit_bzero(secret->data, secret->capacity);
  secret->size = 0;
  DRUPALRT_G(site_key).size = 0;
}

}  // namespace rt

ZEND_FUNCTION(drupalrt_site) {
  zend_string* key;
  zend_string* secret = nullptr;
  ZEND_PARSE_PARAMETERS_START(1, 2)
  Z_PARAM_STR(key)
  Z_PARAM_OPTIONAL
  Z_PARAM_STR(secret)
  ZEND_PARSE_PARAMETERS_END();

  const std::string_view key_text = rt::View(key);
  const std::string_view secret_text =
      secret == nullptr ? std::string_view() : rt::View(secret);
  if (!key_text.empty() && !rt::IsSiteKey(key_text)) {
    zend_argument_value_error(1,
                              "must be a site's key: 1 to 64 letters, digits, "
                              "dots, dashes or underscores");
    RETURN_THROWS();
  }
  if (key_text.empty() && !secret_text.empty()) {
    zend_argument_value_error(2, "must be empty where no site is named");
    RETURN_THROWS();
  }
  if (secret_text.size() > rt::kMaxSecretBytes) {
    zend_argument_value_error(2, "must be 65535 bytes at most");
    RETURN_THROWS();
  }
  rt::ForgetSite();
  rt::Assign(&DRUPALRT_G(site_key), key_text);
  rt::Assign(&DRUPALRT_G(site_secret), secret_text);
}
