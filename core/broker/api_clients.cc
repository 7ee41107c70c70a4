// The API's methods about clients that are connected. They are carried out on
// the clients' own threads; the answer does not wait for that, as clients may
// come and go meanwhile anyway.
#include <memory>

#include "broker/api.h"
#include "session/session.h"

namespace rt {

namespace {

// "user", "client" and "session"; one of them has to say whom is meant.
Result<ClientSelector> ReadSelector(const Api::Caller& caller,
                                    const JsonFields& params) {
  ClientSelector which;
  which.site_id = caller.site->site->id;
  auto user = UserParam(params);
  if (!user.ok()) return user.error();
  auto client = params.String("client");
  if (!client.ok()) return client.error();
  auto session = params.String("session");
  if (!session.ok()) return session.error();
  which.client = client->value_or("");
  which.session = session->value_or("");
  which.any_user =
      !user->has_value() && (!which.client.empty() || !which.session.empty());
  which.user = user->value_or("");
  if (!user->has_value() && !which.any_user) {
    return Error{ErrorCode::kInvalid,
                 "\"user\" is missing; \"client\" or \"session\" will do"};
  }
  return which;
}

// A code and a reason that the API gives; they have to outlive the call, so
// whoever uses them keeps this.
struct CodeAndReason {
  uint32_t code = 0;
  std::string reason;
};

Result<CodeAndReason> ReadCode(const JsonFields& params, uint32_t code,
                               std::string_view reason, uint32_t low,
                               uint32_t high) {
  CodeAndReason read{code, std::string(reason)};
  // Centrifugo's shape: {"disconnect": {"code": …, "reason": …}}.
  JsonFields inner;
  const JsonFields* from = &params;
  if (const auto raw = params.Raw("disconnect")) {
    Result<JsonFields> parsed = JsonFields::Parse(*raw);
    if (!parsed.ok()) return parsed.error();
    inner = std::move(parsed).value();
    from = &inner;
  }
  const auto given = from->Uint("code");
  if (!given.ok()) return given.error();
  const auto text = from->String("reason");
  if (!text.ok()) return text.error();
  if (given->has_value()) {
    if (**given < low || **given > high) {
      return Error{ErrorCode::kInvalid, "\"code\" must be between " +
                                            std::to_string(low) + " and " +
                                            std::to_string(high)};
    }
    read.code = static_cast<uint32_t>(**given);
  }
  if (text->has_value()) read.reason = **text;
  return read;
}

Status ReadOverrides(const JsonFields& params, SubscriptionOverrides* into) {
  JsonFields inner;
  const JsonFields* from = &params;
  if (const auto raw = params.Raw("override")) {
    Result<JsonFields> parsed = JsonFields::Parse(*raw);
    if (!parsed.ok()) return parsed.error();
    inner = std::move(parsed).value();
    from = &inner;
  }
  for (const auto& [name, place] : kSubscriptionOverrides) {
    const auto raw = from->Raw(name);
    if (!raw.has_value()) continue;
    // {"value": true}, or true alone.
    const Result<JsonFields> boxed = JsonFields::Parse(*raw);
    const auto value = boxed.ok() ? boxed->Bool("value") : from->Bool(name);
    if (!value.ok()) return value.error();
    into->*place = *value;
  }
  return {};
}

Result<Session::ServerSubscribe> ReadSubscribe(const JsonFields& params) {
  Session::ServerSubscribe what;
  Result<std::string> channel = ChannelParam(params);
  if (!channel.ok()) return channel.error();
  what.channel = std::move(channel).value();
  what.like.info = params.Raw("info").value_or("");
  what.like.data = params.Raw("data").value_or("");
  const auto expire_at = IntegerParam(params, "expire_at");
  if (!expire_at.ok()) return expire_at.error();
  what.expire_at_s = expire_at->value_or(0);
  if (Status good = ReadOverrides(params, &what.like.overrides); !good.ok()) {
    return good.error();
  }
  if (const auto since = params.Raw("recover_since")) {
    const Result<JsonFields> position = JsonFields::Parse(*since);
    const Error wrong{
        ErrorCode::kInvalid,
        "\"recover_since\" must be {\"offset\": N, \"epoch\": \"…\"}"};
    if (!position.ok()) return wrong;
    const auto offset = position->Uint("offset");
    const auto epoch = position->String("epoch");
    if (!offset.ok() || !epoch.ok()) return wrong;
    what.recover = true;
    what.offset = offset->value_or(0);
    what.epoch = epoch->value_or("");
  }
  return what;
}

}  // namespace

std::string Api::Subscribe(const Caller& caller, const JsonFields& params) {
  Result<ClientSelector> which = ReadSelector(caller, params);
  if (!which.ok()) return BadRequest(which.error());
  Result<Session::ServerSubscribe> what = ReadSubscribe(params);
  if (!what.ok()) return BadRequest(what.error());
  if (caller.site->site->namespaces.Find(what->channel) == nullptr) {
    return ErrorJson(kErrorUnknownChannel);
  }
  wiring_.for_clients(std::move(*which),
                      [what = std::move(*what)](Session* session) {
                        session->Subscribe(what);
                      });
  return ResultJson("{}");
}

std::string Api::Unsubscribe(const Caller& caller, const JsonFields& params) {
  Result<ClientSelector> which = ReadSelector(caller, params);
  if (!which.ok()) return BadRequest(which.error());
  const auto channel = params.String("channel");
  if (!channel.ok()) return BadRequest(channel.error());
  auto code = ReadCode(params, kUnsubscribeServer.code,
                       kUnsubscribeServer.reason, 2000, 2999);
  if (!code.ok()) return BadRequest(code.error());
  wiring_.for_clients(
      std::move(*which), [channel = channel->value_or(""),
                          code = std::move(*code)](Session* session) {
        session->Unsubscribe(channel,
                             {static_cast<uint16_t>(code.code), code.reason});
      });
  return ResultJson("{}");
}

std::string Api::Disconnect(const Caller& caller, const JsonFields& params) {
  Result<ClientSelector> which = ReadSelector(caller, params);
  if (!which.ok()) return BadRequest(which.error());
  const auto spared = params.Strings("whitelist");
  if (!spared.ok()) return BadRequest(spared.error());
  if (spared->has_value()) which->spared = **spared;
  auto code = ReadCode(params, kDisconnectForced.code, kDisconnectForced.reason,
                       3000, 4999);
  if (!code.ok()) return BadRequest(code.error());
  wiring_.for_clients(
      std::move(*which), [code = std::move(*code)](Session* session) {
        session->Disconnect({static_cast<uint16_t>(code.code), code.reason});
      });
  return ResultJson("{}");
}

std::string Api::Refresh(const Caller& caller, const JsonFields& params) {
  Result<ClientSelector> which = ReadSelector(caller, params);
  if (!which.ok()) return BadRequest(which.error());
  const auto expired = params.Bool("expired");
  if (!expired.ok()) return BadRequest(expired.error());
  const auto expire_at = IntegerParam(params, "expire_at");
  if (!expire_at.ok()) return BadRequest(expire_at.error());
  const int64_t at_s = expire_at->value_or(0);
  const bool over = expired->value_or(false) ||
                    (at_s > 0 && at_s * 1000 <= wiring_.clock->wall_ms());
  wiring_.for_clients(std::move(*which), [over, at_s](Session* session) {
    if (over) return session->Disconnect(kDisconnectExpired);
    session->Refresh(at_s);
  });
  return ResultJson("{}");
}

}  // namespace rt
