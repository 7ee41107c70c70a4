// The API's methods about tokens, and about who may not come in.
#include <fmt/format.h>

#include <algorithm>

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
    if (**exp > now_s) return **exp;
    return Error{ErrorCode::kInvalid, "\"exp\" has passed already"};
  }
  if (ttl->has_value() && (**ttl < 1 || **ttl > kMaxTokenTtlS)) {
    return Error{ErrorCode::kInvalid,
                 fmt::format("\"ttl\" must be 1 to {} seconds", kMaxTokenTtlS)};
  }
  return now_s + ttl->value_or(kDefaultTtlS);
}

Status ReadSubscriptions(const JsonFields& params, ConnectionClaims* claims) {
  const auto channels = params.Strings("channels");
  if (!channels.ok()) return channels.error();
  if (channels->has_value()) {
    for (const std::string& channel : **channels) claims->subs[channel];
  }
  if (const auto raw = params.Raw("subs")) {
    const Error wrong{ErrorCode::kInvalid,
                      "\"subs\" must map channels to objects"};
    const Result<JsonFields> subs = JsonFields::Parse(*raw);
    if (!subs.ok()) return wrong;
    for (const auto& [channel, options] : subs->all()) {
      const Result<JsonFields> like = JsonFields::Parse(options);
      if (!like.ok()) return wrong;
      claims->subs[channel].info = like->Raw("info").value_or("");
      claims->subs[channel].data = like->Raw("data").value_or("");
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

}  // namespace

std::string Api::Token(const Caller& caller, const JsonFields& params) {
  const int64_t now_s = wiring_.clock->wall_ms() / 1000;
  const Result<int64_t> end = ReadEnd(params, now_s);
  if (!end.ok()) return BadRequest(end.error());
  auto user = UserParam(params);
  if (!user.ok()) return BadRequest(user.error());
  if (!user->has_value()) {
    return ErrorJson(kErrorBadRequest.code,
                     "\"user\" is missing; \"\" is an anonymous visitor");
  }
  const std::string info(params.Raw("info").value_or(""));
  std::string token;
  if (params.Raw("channel").has_value()) {
    Result<std::string> channel = ChannelParam(params);
    if (!channel.ok()) return BadRequest(channel.error());
    const auto client = params.String("client");
    if (!client.ok()) return BadRequest(client.error());
    SubscriptionClaims claims;
    claims.user = **user;
    claims.channel = std::move(channel).value();
    claims.client = client->value_or("");
    claims.expire_at_s = *end;
    claims.info = info;
    token = MintToken(caller.site->subscription_signing, claims, now_s);
  } else {
    ConnectionClaims claims;
    claims.user = **user;
    claims.expire_at_s = *end;
    claims.info = info;
    claims.meta = params.Raw("meta").value_or("");
    if (Status good = ReadSubscriptions(params, &claims); !good.ok()) {
      return BadRequest(good.error());
    }
    token = MintToken(caller.site->connection_signing, claims, now_s);
  }
  return ResultJson(fmt::format("{{\"token\":{},\"expire_at\":{}}}",
                                JsonString(token), *end));
}

std::string Api::Revoked(const Status& done) {
  if (!done.ok()) {
    return ErrorJson(done.error().code == ErrorCode::kLimit
                         ? kErrorLimitExceeded.code
                         : kErrorInternal.code,
                     done.error().message);
  }
  wiring_.on_revoked();
  return ResultJson("{}");
}

std::string Api::RevokeToken(const Caller& caller, const JsonFields& params) {
  const Result<std::string> id = Needed(params, "uid");
  if (!id.ok()) return BadRequest(id.error());
  const auto until = IntegerParam(params, "expire_at");
  if (!until.ok()) return BadRequest(until.error());
  return Revoked(wiring_.revocations->RevokeToken(caller.site->site->key, *id,
                                                  until->value_or(0)));
}

std::string Api::InvalidateUserTokens(const Caller& caller,
                                      const JsonFields& params) {
  const Result<std::string> user = NeededUser(params);
  if (!user.ok()) return BadRequest(user.error());
  const auto before = IntegerParam(params, "issued_before");
  if (!before.ok()) return BadRequest(before.error());
  const auto until = IntegerParam(params, "expire_at");
  if (!until.ok()) return BadRequest(until.error());
  // Those of this very second, too.
  const int64_t now_s = wiring_.clock->wall_ms() / 1000 + 1;
  return Revoked(wiring_.revocations->InvalidateTokens(
      caller.site->site->key, *user, before->value_or(now_s),
      until->value_or(0)));
}

std::string Api::BlockUser(const Caller& caller, const JsonFields& params) {
  const Result<std::string> user = NeededUser(params);
  if (!user.ok()) return BadRequest(user.error());
  const auto until = IntegerParam(params, "expire_at");
  if (!until.ok()) return BadRequest(until.error());
  return Revoked(wiring_.revocations->BlockUser(caller.site->site->key, *user,
                                                until->value_or(0)));
}

std::string Api::UnblockUser(const Caller& caller, const JsonFields& params) {
  const Result<std::string> user = NeededUser(params);
  if (!user.ok()) return BadRequest(user.error());
  return Revoked(
      wiring_.revocations->UnblockUser(caller.site->site->key, *user));
}

}  // namespace rt
