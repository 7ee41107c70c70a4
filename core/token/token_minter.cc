#include "token/token_minter.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/random.h"
#include "token/token_key.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

void AppendText(std::string_view name, std::string_view text,
                std::string* json) {
  if (text.empty()) return;
  *json += fmt::format(",\"{}\":{}", name, JsonString(text));
}

void AppendJson(std::string_view name, std::string_view value,
                std::string* json) {
  if (!value.empty()) *json += fmt::format(",\"{}\":{}", name, value);
}

template <typename Claims>
std::string Common(const TokenSigning& signing, const Claims& claims,
                   int64_t now_s) {
  std::string json = fmt::format(
      "{{\"sub\":{},\"iat\":{},\"jti\":{}", JsonString(claims.user), now_s,
      JsonString(claims.id.empty() ? RandomUuid() : claims.id));
  if (claims.expire_at_s > 0) {
    json += fmt::format(",\"exp\":{}", claims.expire_at_s);
  }
  AppendText("aud", signing.audience, &json);
  AppendText("iss", signing.issuer, &json);
  AppendJson("info", claims.info, &json);
  return json;
}

void AppendOverrides(const SubscriptionOverrides& overrides,
                     std::string* json) {
  std::string set;
  for (const auto& [name, place] : kSubscriptionOverrides) {
    const std::optional<bool>& value = overrides.*place;
    if (!value.has_value()) continue;
    set += fmt::format("{}\"{}\":{{\"value\":{}}}", set.empty() ? "" : ",",
                       name, *value);
  }
  if (!set.empty()) *json += ",\"override\":{" + set + "}";
}

std::string Sign(std::string_view secret, std::string_view claims) {
  std::string token = Base64UrlEncode(R"({"alg":"HS256","typ":"JWT"})");
  token += '.';
  token += Base64UrlEncode(claims);
  const std::string signature = SignWithSecret("HS256", secret, token);
  return token + '.' + Base64UrlEncode(signature);
}

}  // namespace

std::string MintToken(const TokenSigning& signing,
                      const ConnectionClaims& claims, int64_t now_s) {
  std::string json = Common(signing, claims, now_s);
  AppendJson("meta", claims.meta, &json);
  if (!claims.subs.empty()) {
    std::string subs;
    for (const auto& [channel, like] : claims.subs) {
      std::string options;
      AppendJson("info", like.info, &options);
      AppendJson("data", like.data, &options);
      AppendOverrides(like.overrides, &options);
      subs += fmt::format("{}{}:{{{}}}", subs.empty() ? "" : ",",
                          JsonString(channel),
                          options.empty() ? options : options.substr(1));
    }
    json += ",\"subs\":{" + subs + "}";
  }
  return Sign(signing.secret, json + "}");
}

std::string MintToken(const TokenSigning& signing,
                      const SubscriptionClaims& claims, int64_t now_s) {
  std::string json = Common(signing, claims, now_s);
  AppendText("channel", claims.channel, &json);
  AppendText("client", claims.client, &json);
  AppendOverrides(claims.overrides, &json);
  return Sign(signing.secret, json + "}");
}

}  // namespace rt
