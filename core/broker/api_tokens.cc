// The API's methods about tokens, and about who may not come in.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/limits.h"
#include "broker/api.h"
#include "hub/channel_name.h"
#include "token/token_minter.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

constexpr int64_t kDefaultTtlS = 3600;

// When the token ends: "exp" in seconds since 1970, or "ttl" in seconds.
Result<int64_t> ReadEnd(const JsonFields& params, int64_t now_s) {
  const auto exp = IntegerParam(params, "exp");
  if (!exp.ok()) return exp.error();
  const auto ttl = IntegerParam(params, "ttl");
  if (!ttl.ok()) return ttl.error();
  if (exp->has_value() && ttl->has_value()) {
    return Error{ErrorCode::kInvalid, "give \"exp\" or \"ttl\", not both"};
  }
  if (exp->has_value()) {
    if (**exp <= now_s) {
      return Error{ErrorCode::kInvalid, "\"exp\" has passed already"};
    }
    if (**exp - now_s > kMaxTokenTtlS) {
      return Error{ErrorCode::kInvalid,
                   fmt::format("\"exp\" must be at most {} seconds ahead",
                               kMaxTokenTtlS)};
    }
    return **exp;
  }
  if (ttl->has_value() && (**ttl < 1 || **ttl > kMaxTokenTtlS)) {
    return Error{ErrorCode::kInvalid,
                 fmt::format("\"ttl\" must be 1 to {} seconds", kMaxTokenTtlS)};
  }
  return now_s + ttl->value_or(kDefaultTtlS);
}

// {"presence": {"value": true}, …}, as in a token.
Status ReadOverrides(std::string_view json, SubscriptionOverrides* overrides) {
  const Error wrong{ErrorCode::kInvalid,
                    "\"override\" must map presence, join_leave, "
                    "force_recovery, force_positioning or "
                    "force_push_join_leave to {\"value\": true} or false"};
  const Result<JsonFields> fields = JsonFields::Parse(json);
  if (!fields.ok()) return wrong;
  for (const auto& [name, raw] : fields->all()) {
    const std::string_view wanted = name;
    const auto* place = std::find_if(
        std::begin(kSubscriptionOverrides), std::end(kSubscriptionOverrides),
        [wanted](const auto& one) { return one.name == wanted; });
    const Result<JsonFields> override = JsonFields::Parse(raw);
    if (place == std::end(kSubscriptionOverrides) || !override.ok())
      return wrong;
    const auto value = override->Bool("value");
    if (!value.ok() || !value->has_value()) return wrong;
    overrides->*place->value = **value;
  }
  return {};
}

Status ReadSubscription(std::string_view json, TokenSubscription* like) {
  const Result<JsonFields> fields = JsonFields::Parse(json);
  const Error wrong{ErrorCode::kInvalid,
                    "\"subs\" must map channels to objects of info, data and "
                    "override"};
  if (!fields.ok()) return wrong;
  for (const auto& [name, raw] : fields->all()) {
    if (name != "info" && name != "data" && name != "override") return wrong;
  }
  like->info = fields->Raw("info").value_or("");
  like->data = fields->Raw("data").value_or("");
  const auto overrides = fields->Raw("override");
  return overrides ? ReadOverrides(*overrides, &like->overrides) : Status();
}

Status ReadSubscriptions(const JsonFields& params, ConnectionClaims* claims) {
  const auto channels = params.Strings("channels");
  if (!channels.ok()) return channels.error();
  if (channels->has_value()) {
    for (const std::string& channel : **channels) claims->subs[channel];
  }
  if (const auto raw = params.Raw("subs")) {
    const Result<JsonFields> subs = JsonFields::Parse(*raw);
    if (!subs.ok()) return subs.error();
    for (const auto& [channel, options] : subs->all()) {
      Status good = ReadSubscription(options, &claims->subs[channel]);
      if (!good.ok()) return good;
    }
  }
  for (const auto& [channel, like] : claims->subs) {
    if (!IsChannelName(channel)) {
      return Error{ErrorCode::kInvalid,
                   "a channel must be 1 to 255 printable characters"};
    }
  }
  return {};
}

// What the API hands out has to be good here, or it says why it cannot be.
template <typename Verdict>
Status CheckMinted(const Verdict& verdict) {
  if (verdict.fault == TokenFault::kNone) return {};
  return Error{ErrorCode::kInvalid,
               "such a token would be refused: " + verdict.why};
}

// Until when a user or a token is blocked; 0, as absent: for good.
Result<int64_t> ReadUntil(const JsonFields& params, int64_t now_s) {
  const auto until = IntegerParam(params, "expire_at");
  if (!until.ok()) return until.error();
  const int64_t until_s = until->value_or(0);
  if (until_s != 0 && until_s <= now_s) {
    return Error{ErrorCode::kInvalid, "\"expire_at\" has passed already"};
  }
  return until_s;
}

// A parameter that has to be there, as text.
Result<std::string> Needed(const JsonFields& params, const char* name) {
  auto text = params.String(name);
  if (!text.ok()) return text.error();
  if (!text->has_value() || (*text)->empty()) {
    return Error{ErrorCode::kInvalid, fmt::format("\"{}\" is missing", name)};
  }
  return std::move(**text);
}

Result<std::string> NeededUser(const JsonFields& params) {
  auto user = UserParam(params);
  if (!user.ok()) return user.error();
  if (!user->has_value() || (*user)->empty()) {
    return Error{ErrorCode::kInvalid,
                 "\"user\" must be the id of somebody who is logged in"};
  }
  return std::move(**user);
}

Result<std::string> MintConnection(const BrokerSite& site,
                                   const JsonFields& params,
                                   ConnectionClaims claims, int64_t now_s) {
  claims.meta = params.Raw("meta").value_or("");
  if (Status good = ReadSubscriptions(params, &claims); !good.ok()) {
    return good.error();
  }
  std::string token = MintToken(site.connection_signing, claims, now_s);
  const Status good =
      CheckMinted(site.site->tokens->VerifyConnection(token, now_s));
  if (!good.ok()) return good.error();
  return token;
}

Result<std::string> MintSubscription(const BrokerSite& site,
                                     const JsonFields& params,
                                     SubscriptionClaims claims, int64_t now_s) {
  Result<std::string> channel = ChannelParam(params);
  if (!channel.ok()) return channel.error();
  claims.channel = std::move(channel).value();
  const auto client = params.String("client");
  if (!client.ok()) return client.error();
  claims.client = client->value_or("");
  if (const auto overrides = params.Raw("override")) {
    const Status good = ReadOverrides(*overrides, &claims.overrides);
    if (!good.ok()) return good.error();
  }
  std::string token = MintToken(site.subscription_signing, claims, now_s);
  const Status good = CheckMinted(
      site.site->subscription_verifier()->VerifySubscription(token, now_s));
  if (!good.ok()) return good.error();
  return token;
}

}  // namespace

std::string Api::Token(const Caller& caller, const JsonFields& params) {
  const int64_t now_s = NowInSeconds();
  const Result<int64_t> end = ReadEnd(params, now_s);
  if (!end.ok()) return BadRequest(end.error());
  auto user = UserParam(params);
  if (!user.ok()) return BadRequest(user.error());
  if (!user->has_value()) {
    return ErrorJson(kErrorBadRequest.code,
                     "\"user\" is missing; \"\" is an anonymous visitor");
  }
  const auto begin = [&](auto claims) {
    claims.user = **user;
    claims.expire_at_s = *end;
    claims.info = params.Raw("info").value_or("");
    return claims;
  };
  const Result<std::string> token =
      params.Raw("channel").has_value()
          ? MintSubscription(*caller.site, params, begin(SubscriptionClaims()),
                             now_s)
          : MintConnection(*caller.site, params, begin(ConnectionClaims()),
                           now_s);
  if (!token.ok()) return BadRequest(token.error());
  return ResultJson(fmt::format("{{\"token\":{},\"expire_at\":{}}}",
                                JsonString(*token), *end));
}

int64_t Api::NowInSeconds() const { return wiring_.clock->wall_ms() / 1000; }

std::string Api::Revoked(const Status& done) {
  if (done.ok()) {
    wiring_.on_revoked();
    return ResultJson("{}");
  }
  switch (done.error().code) {
    case ErrorCode::kInvalid:
      return BadRequest(done.error());
    case ErrorCode::kLimit:
      return ErrorJson(kErrorLimitExceeded.code, done.error().message);
    default:
      // In force, though a restart will not know of it.
      wiring_.on_revoked();
      return ErrorJson(kErrorInternal.code, done.error().message);
  }
}

std::string Api::RevokeToken(const Caller& caller, const JsonFields& params) {
  const Result<std::string> id = Needed(params, "uid");
  if (!id.ok()) return BadRequest(id.error());
  const Result<int64_t> until = ReadUntil(params, NowInSeconds());
  if (!until.ok()) return BadRequest(until.error());
  return Revoked(
      wiring_.revocations->RevokeToken(caller.site->site->key, *id, *until));
}

std::string Api::InvalidateUserTokens(const Caller& caller,
                                      const JsonFields& params) {
  const Result<std::string> user = NeededUser(params);
  if (!user.ok()) return BadRequest(user.error());
  const auto before = IntegerParam(params, "issued_before");
  if (!before.ok()) return BadRequest(before.error());
  const Result<int64_t> until = ReadUntil(params, NowInSeconds());
  if (!until.ok()) return BadRequest(until.error());
  // Those of this very second, too.
  return Revoked(wiring_.revocations->InvalidateTokens(
      caller.site->site->key, *user, before->value_or(NowInSeconds() + 1),
      *until));
}

std::string Api::BlockUser(const Caller& caller, const JsonFields& params) {
  const Result<std::string> user = NeededUser(params);
  if (!user.ok()) return BadRequest(user.error());
  const Result<int64_t> until = ReadUntil(params, NowInSeconds());
  if (!until.ok()) return BadRequest(until.error());
  return Revoked(
      wiring_.revocations->BlockUser(caller.site->site->key, *user, *until));
}

std::string Api::UnblockUser(const Caller& caller, const JsonFields& params) {
  const Result<std::string> user = NeededUser(params);
  if (!user.ok()) return BadRequest(user.error());
  return Revoked(
      wiring_.revocations->UnblockUser(caller.site->site->key, *user));
}

}  // namespace rt
