#include "broker/site_document.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "broker/json_shape.h"
#include "broker/namespace_json.h"
#include "broker/site_limits_json.h"
#include "broker/site_login_json.h"
#include "hub/channel_name.h"
#include "hub/namespaces.h"

namespace rt {

namespace {

constexpr size_t kMinSecretBytes = 32;

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9');
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool IsSiteKey(std::string_view key) {
  return !key.empty() && key.size() <= 64 &&
         std::all_of(key.begin(), key.end(), [](char c) {
           return IsLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
         });
}

// `name`, `1.2.3.4` or `[2001:db8::1]`, then perhaps `:port`. The port is 0
// where there is none.
struct HostPort {
  std::string host;
  int port = 0;
};

std::optional<HostPort> SplitHost(std::string_view text) {
  HostPort parts;
  size_t end = text.find(':');
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == std::string_view::npos || end < 3) return std::nullopt;
    const bool hex = std::all_of(
        text.begin() + 1, text.begin() + static_cast<ptrdiff_t>(end),
        [](char c) { return IsLetterOrDigit(c) || c == ':' || c == '.'; });
    if (!hex) return std::nullopt;
    ++end;
  } else {
    end = std::min(end, text.size());
    const bool plain =
        end > 0 &&
        std::all_of(text.begin(), text.begin() + static_cast<ptrdiff_t>(end),
                    [](char c) {
                      return IsLetterOrDigit(c) || c == '.' || c == '-' ||
                             c == '_';
                    });
    if (!plain) return std::nullopt;
  }
  parts.host = Lower(text.substr(0, end));
  const std::string_view rest = text.substr(end);
  if (rest.empty()) return parts;
  const char* last = rest.data() + rest.size();
  const auto [next, error] = std::from_chars(rest.data() + 1, last, parts.port);
  const bool port = rest.front() == ':' && rest.size() > 1 && rest[1] != '-' &&
                    error == std::errc() && next == last && parts.port >= 1 &&
                    parts.port <= 65535;
  return port ? std::optional(parts) : std::nullopt;
}

std::string Join(const HostPort& parts) {
  return parts.port == 0 ? parts.host
                         : parts.host + ":" + std::to_string(parts.port);
}

std::string Indexed(std::string_view key, size_t index) {
  return "$." + std::string(key) + "[" + std::to_string(index) + "]";
}

void ReadHosts(JsonObject* object, SiteDocument* site, JsonMistake* mistake) {
  std::vector<std::string> given;
  object->Strings("hosts", &given);
  CheckJsonList(given, "$.hosts", mistake);
  if (given.empty()) mistake->Set("$.hosts", "expected at least one host");
  for (size_t i = 0; i < given.size(); ++i) {
    const auto parts = SplitHost(given[i]);
    if (!parts) {
      mistake->Set(Indexed("hosts", i),
                   "expected a Host header's value such as \"example.test\" or "
                   "\"example.test:8443\"");
      return;
    }
    site->hosts.push_back(Join(*parts));
  }
}

void ReadOrigins(JsonObject* object, SiteDocument* site, JsonMistake* mistake) {
  std::vector<std::string> given;
  object->Strings("origins", &given);
  CheckJsonList(given, "$.origins", mistake);
  for (size_t i = 0; i < given.size(); ++i) {
    Result<std::string> origin = NormalizeOrigin(given[i]);
    if (!origin) {
      return mistake->Set(Indexed("origins", i), origin.error().message);
    }
    site->origins.push_back(std::move(*origin));
  }
  if (object->Has("origins")) return;
  for (const std::string& host : site->hosts) {
    for (const char* scheme : {"http://", "https://"}) {
      Result<std::string> origin = NormalizeOrigin(scheme + host);
      if (origin) site->origins.push_back(std::move(*origin));
    }
  }
}

void ReadUrl(JsonObject* object, SiteDocument* site, JsonMistake* mistake) {
  object->String("url", &site->url);
  if (!object->Has("url")) return;
  std::string_view rest = site->url;
  const bool absolute = [&] {
    for (std::string_view scheme : {"http://", "https://", "ws://", "wss://"}) {
      if (!rest.starts_with(scheme)) continue;
      rest.remove_prefix(scheme.size());
      return SplitHost(rest.substr(0, rest.find('/'))).has_value();
    }
    return false;
  }();
  const bool path = rest.starts_with('/') && !rest.starts_with("//");
  const bool printable = std::all_of(
      rest.begin(), rest.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if ((absolute || path) && printable && rest.size() <= kMaxJsonTextBytes)
    return;
  mistake->Set("$.url",
               "expected where browsers find the broker, such as "
               "\"https://example.test/drupalrt\", or a path");
}

void ReadNamespaces(JsonObject* object, SiteDocument* site,
                    JsonMistake* mistake) {
  const auto value = object->Find("namespaces");
  if (!value) return;
  const auto list = JsonList(*value, "$.namespaces", mistake);
  if (list.size() > SiteDocument::kMaxNamespaces) {
    mistake->Set("$.namespaces", "expected at most 256 of them");
  }
  std::set<std::string> names;
  for (size_t i = 0; i < list.size() && mistake->none(); ++i) {
    const std::string path = Indexed("namespaces", i);
    NamespaceOptions options = ReadNamespace(list[i], path, true, mistake);
    if (!names.insert(options.name).second) {
      mistake->Set(path + ".name", "there is another namespace of this name");
    }
    site->namespaces.push_back(std::move(options));
  }
}

void ReadSubscriptions(JsonObject* object, SiteDocument* site,
                       JsonMistake* mistake) {
  const auto value = object->Find("subscriptions");
  if (!value) return;
  const auto list = JsonList(*value, "$.subscriptions", mistake);
  if (list.size() > SiteDocument::kMaxSubscriptions) {
    mistake->Set("$.subscriptions", "expected at most 64 of them");
  }
  const Namespaces namespaces(site->namespaces);
  for (size_t i = 0; i < list.size() && mistake->none(); ++i) {
    JsonObject entry(list[i], Indexed("subscriptions", i), {"channel", "for"},
                     mistake);
    entry.Require({"channel"});
    ServerSubscription one;
    one.who.kind = Rule::Kind::kEveryone;
    entry.String("channel", &one.channel);
    if (!IsChannelName(one.channel) ||
        namespaces.Find(one.channel) == nullptr) {
      mistake->Set(entry.PathOf("channel"),
                   "expected a channel of one of the namespaces, such as "
                   "\"news:front\"");
    }
    if (const auto rule = entry.Find("for")) {
      one.who = ReadRule(*rule, entry.PathOf("for"), mistake);
    }
    site->subscriptions.push_back(std::move(one));
  }
}

void ReadFigures(JsonObject* object, SiteDocument* site, JsonMistake* mistake) {
  object->String("figures_channel", &site->figures_channel);
  if (!object->Has("figures_channel")) return;
  if (!IsChannelName(site->figures_channel) ||
      Namespaces(site->namespaces).Find(site->figures_channel) == nullptr) {
    mistake->Set("$.figures_channel",
                 "expected a channel of one of the namespaces, such as "
                 "\"operator:figures\"");
  }
}

void ReadTokens(JsonObject* object, SiteDocument* site, JsonMistake* mistake) {
  object->String("previous_secret", &site->previous_secret);
  const auto value = object->Find("tokens");
  if (!value) return;
  JsonObject tokens(
      *value, "$.tokens",
      {"hmac_secret_key", "hmac_previous_secret_key", "rsa_public_key",
       "ecdsa_public_key", "jwks", "audience", "issuer"},
      mistake);
  tokens.String("hmac_secret_key", &site->tokens.hmac_secret);
  tokens.String("hmac_previous_secret_key", &site->tokens.previous_hmac_secret);
  tokens.String("rsa_public_key", &site->tokens.rsa_public_key);
  tokens.String("ecdsa_public_key", &site->tokens.ecdsa_public_key);
  tokens.String("audience", &site->tokens.audience);
  tokens.String("issuer", &site->tokens.issuer);
  if (const auto jwks = tokens.Find("jwks")) {
    site->tokens.jwks_json = simdjson::to_string(*jwks);
  }
  if (!mistake->none()) return;
  const auto made = TokenVerifier::Make(site->tokens);
  if (!made.ok()) mistake->Set("$.tokens", made.error().message);
}

void ReadIdentity(JsonObject* object, SiteDocument* site,
                  JsonMistake* mistake) {
  int64_t version = 1;
  object->Integer("version", 1, 1, &version);
  object->String("key", &site->key);
  if (object->Has("key") && !IsSiteKey(site->key)) {
    mistake->Set("$.key",
                 "expected 1 to 64 of the characters a-z A-Z 0-9 . _ -");
  }
  object->String("secret", &site->secret);
  const size_t length = site->secret.size();
  if (object->Has("secret") &&
      (length < kMinSecretBytes || length > kMaxJsonTextBytes)) {
    mistake->Set("$.secret", "expected at least 32 characters");
  }
  object->Strings("api_keys", &site->api_keys);
  CheckJsonList(site->api_keys, "$.api_keys", mistake);
}

const JsonObject::Keys& DocumentKeys() {
  static const JsonObject::Keys kKeys = {"version",
                                         "key",
                                         "secret",
                                         "api_keys",
                                         "hosts",
                                         "origins",
                                         "url",
                                         "anonymous",
                                         "cookies",
                                         "schema",
                                         "session",
                                         "super_user",
                                         "database",
                                         "roles",
                                         "node_access",
                                         "namespaces",
                                         "subscriptions",
                                         "tokens",
                                         "previous_secret",
                                         "figures_channel",
                                         "limits"};
  return kKeys;
}

}  // namespace

Result<std::string> NormalizeOrigin(std::string_view origin) {
  const Error wrong = {ErrorCode::kInvalid,
                       "expected scheme and host, such as "
                       "\"https://example.test\" or "
                       "\"http://example.test:8080\""};
  const size_t end = origin.find("://");
  if (end == std::string_view::npos || end == 0 || origin.size() > 512) {
    return wrong;
  }
  const std::string scheme = Lower(origin.substr(0, end));
  const bool plain =
      scheme[0] >= 'a' && scheme[0] <= 'z' &&
      std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return IsLetterOrDigit(c) || c == '+' || c == '-' || c == '.';
      });
  auto parts = SplitHost(origin.substr(end + 3));
  if (!plain || !parts) return wrong;
  if ((scheme == "http" && parts->port == 80) ||
      (scheme == "https" && parts->port == 443)) {
    parts->port = 0;
  }
  return scheme + "://" + Join(*parts);
}

Result<SiteDocument> ParseSiteDocument(std::string_view json) {
  JsonMistake mistake;
  if (json.size() > SiteDocument::kMaxBytes) {
    mistake.Set("$", "the document is larger than 4 MiB");
    return mistake.status().error();
  }
  simdjson::dom::parser parser;
  JsonElement element;
  const auto error = parser.parse(json.data(), json.size()).get(element);
  if (error != simdjson::SUCCESS) {
    mistake.Set("$", std::string("not JSON: ") + error_message(error));
    return mistake.status().error();
  }
  SiteDocument site;
  JsonObject object(element, "$", DocumentKeys(), &mistake);
  object.Require({"version", "key", "hosts"});
  ReadIdentity(&object, &site, &mistake);
  ReadHosts(&object, &site, &mistake);
  ReadOrigins(&object, &site, &mistake);
  ReadUrl(&object, &site, &mistake);
  object.Bool("anonymous", &site.anonymous);
  ReadLogin(&object, &site.login, &mistake);
  ReadSiteLimits(&object, &site.limits, &mistake);
  ReadNamespaces(&object, &site, &mistake);
  ReadSubscriptions(&object, &site, &mistake);
  ReadFigures(&object, &site, &mistake);
  ReadTokens(&object, &site, &mistake);
  if (!mistake.none()) return mistake.status().error();
  site.login.key = site.key;
  site.login.hosts = site.hosts;
  site.login.anonymous = site.anonymous;
  site.json = json;
  return site;
}

}  // namespace rt
