#include "token/token_minter.h"

#include <fmt/format.h>

#include "base/random.h"
#include "token/base64.h"
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
std::string Common(const Claims& claims, int64_t now_s) {
  std::string json = fmt::format(
      "{{\"sub\":{},\"iat\":{},\"jti\":{}", JsonString(claims.user), now_s,
      JsonString(claims.id.empty() ? RandomUuid() : claims.id));
  if (claims.expire_at_s > 0) {
    json += fmt::format(",\"exp\":{}", claims.expire_at_s);
  }
  AppendJson("info", claims.info, &json);
  return json;
}

void AppendOverrides(const SubscriptionOverrides& overrides,
                     std::string* json) {
  const std::pair<const char*, const std::optional<bool>*> all[] = {
      {"presence", &overrides.presence},
      {"join_leave", &overrides.join_leave},
      {"force_recovery", &overrides.force_recovery},
      {"force_positioning", &overrides.force_positioning},
      {"force_push_join_leave", &overrides.force_push_join_leave}};
  std::string set;
  for (const auto& [name, value] : all) {
    if (!value->has_value()) continue;
    set += fmt::format("{}\"{}\":{{\"value\":{}}}", set.empty() ? "" : ",",
                       name, **value);
  }
  if (!set.empty()) *json += ",\"override\":{" + set + "}";
}

std::string Sign(std::string_view secret, std::string_view claims) {
  std::string token = EncodeBase64Url(R"({"alg":"HS256","typ":"JWT"})");
  token += '.';
  token += EncodeBase64Url(claims);
  const std::string signature = SignWithSecret("HS256", secret, token);
  return token + '.' + EncodeBase64Url(signature);
}

}  // namespace

std::string MintToken(std::string_view secret, const ConnectionClaims& claims,
                      int64_t now_s) {
  std::string json = Common(claims, now_s);
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
  return Sign(secret, json + "}");
}

std::string MintToken(std::string_view secret, const SubscriptionClaims& claims,
                      int64_t now_s) {
  std::string json = Common(claims, now_s);
  AppendText("channel", claims.channel, &json);
  AppendText("client", claims.client, &json);
  AppendOverrides(claims.overrides, &json);
  return Sign(secret, json + "}");
}

}  // namespace rt
