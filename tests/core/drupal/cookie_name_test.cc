#include "drupal/cookie_name.h"

#include <gtest/gtest.h>

#include "core/drupal/vectors.h"

namespace rt {
namespace {

TEST(CookieName, IsTheOneThatEveryDrupalFromEightOnMade) {
  int cases = 0;
  for (const auto vector : Vectors()["cookie_name_d8_plus"].get_array()) {
    SCOPED_TRACE(TextOf(vector, "label"));
    const std::string host = TextOf(vector, "host_header");
    std::string base_path = TextOf(vector, "base_path");
    const std::string script = TextOf(vector, "script_name");
    if (!script.empty()) base_path = script.substr(0, script.rfind('/'));
    CookieNameInput input;
    input.host = host;
    input.base_path = base_path;
    input.https = FlagOf(vector, "https");
    simdjson::dom::element options;
    std::string suffix;
    if (vector["options"].get(options) == simdjson::SUCCESS) {
      suffix = TextOf(options, "name_suffix");
      input.name_suffix = suffix;
      std::string_view domain;
      if (options["cookie_domain"].get(domain) == simdjson::SUCCESS) {
        input.cookie_domain = domain;
      }
    }
    EXPECT_EQ(SessionCookieName(input), TextOf(vector, "cookie_name"));
    EXPECT_EQ(SessionCookieNameOf(TextOf(vector, "hash_input"), input.https),
              TextOf(vector, "cookie_name"));
    ++cases;
  }
  EXPECT_EQ(cases, 17);
}

TEST(CookieName, IsTheOneThatDrupalSevenMadeWithItsPort) {
  int cases = 0;
  for (const auto vector : Vectors()["cookie_name_d7"].get_array()) {
    SCOPED_TRACE(TextOf(vector, "label"));
    // $base_url, computed or fixed, is what 7 goes by.
    const std::string base_url = TextOf(vector, "base_url");
    const std::string rest = base_url.substr(base_url.find("://") + 3);
    const size_t slash = std::min(rest.find('/'), rest.size());
    const std::string host = rest.substr(0, slash);
    const std::string base_path = rest.substr(slash);
    CookieNameInput input;
    input.schema = 7;
    input.host = host;
    input.base_path = base_path;
    input.https = FlagOf(vector, "https");
    simdjson::dom::element settings;
    if (vector["settings"].get(settings) == simdjson::SUCCESS) {
      std::string_view domain;
      if (settings["cookie_domain"].get(domain) == simdjson::SUCCESS) {
        input.cookie_domain = domain;
      }
    }
    EXPECT_EQ(SessionCookieName(input), TextOf(vector, "cookie_name"));
    ++cases;
  }
  EXPECT_EQ(cases, 9);
}

TEST(CookieName, OfATestsChildSiteHashesItsPrefix) {
  const auto vector = Vectors()["cookie_name_functional_test"].value();
  EXPECT_EQ(SessionCookieNameOf(TextOf(vector, "input"), false),
            TextOf(vector, "cookie_name_http"));
}

TEST(CookieName, OfDrupalSevenPutsADotBeforeWww) {
  CookieNameInput input;
  input.schema = 7;
  input.host = "www.example.com";
  input.https = true;
  EXPECT_EQ(SessionCookieName(input), "SSESS0e9f0e2600e4d8f26827597c5e324261");
  input.schema = 10;
  EXPECT_EQ(SessionCookieName(input), "SSESS80fc0fb9266db7b83f85850fa0e6548b");
}

TEST(CookieName, IgnoresTheCaseOfTheHost) {
  CookieNameInput input;
  input.host = "Example.COM:8080";
  EXPECT_EQ(SessionCookieName(input), "SESSa379a6f6eeafb9a55e378c118034e275");
}

TEST(CookieName, KeepsAnAddressOfVersionSixWithItsBrackets) {
  CookieNameInput input;
  input.host = "[::1]:8080";
  EXPECT_EQ(SessionCookieName(input), SessionCookieNameOf("[::1]", false));
}

}  // namespace
}  // namespace rt
