#include "broker/api.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "db/identity_service.h"
#include "hub/channel_name.h"
#include "wire/json_text.h"
#include "wire/json_writer.h"
#include "wire/link_format.h"

namespace rt {

namespace {

// What a publish and a broadcast have in common.
struct EventParams {
  Publication publication;
  Sequencer::PublishOptions how;
};

// The options of a publish that are no part of the publication.
Status ParseOptions(const JsonFields& params, Sequencer::PublishOptions* how) {
  const auto skip = params.Bool("skip_history");
  if (!skip.ok()) return skip.error();
  how->skip_history = skip->value_or(false);
  const auto key = params.String("idempotency_key");
  if (!key.ok()) return key.error();
  how->idempotency_key = key->value_or("");
  if (how->idempotency_key.size() > kMaxPublisherNameBytes) {
    return Error{ErrorCode::kInvalid,
                 "\"idempotency_key\" is longer than 255 bytes"};
  }
  const auto version = params.Uint("version");
  if (!version.ok()) return version.error();
  how->version = version->value_or(0);
  const auto epoch = params.String("version_epoch");
  if (!epoch.ok()) return epoch.error();
  how->version_epoch = epoch->value_or("");
  if (how->version_epoch.size() > kMaxPublisherNameBytes) {
    return Error{ErrorCode::kInvalid,
                 "\"version_epoch\" is longer than 255 bytes"};
  }
  const auto delta = params.Bool("delta");
  if (!delta.ok()) return delta.error();
  how->delta = delta->value_or(false);
  const auto exclude = params.String("exclude");
  if (!exclude.ok()) return exclude.error();
  how->exclude = ParseUuid(exclude->value_or(""));
  return {};
}

Result<std::map<std::string, std::string>> ParseTags(std::string_view json) {
  const Error wrong{ErrorCode::kInvalid, "\"tags\" must map names to strings"};
  const Result<JsonFields> fields = JsonFields::Parse(json);
  if (!fields.ok()) return wrong;
  std::map<std::string, std::string> tags;
  for (const auto& [name, raw] : fields->all()) {
    std::optional<std::string> value = DecodeJsonString(raw);
    if (!value.has_value()) return wrong;
    tags[name] = std::move(*value);
  }
  return tags;
}

Result<EventParams> ParseEvent(const JsonFields& params) {
  EventParams event;
  const auto data = params.Raw("data");
  const Result<std::optional<std::string>> b64 = params.String("b64data");
  if (!b64.ok()) return b64.error();
  if (b64->has_value()) {
    std::optional<std::string> bytes = Base64Decode(**b64);
    if (!bytes.has_value() || bytes->empty()) {
      return Error{ErrorCode::kInvalid, "\"b64data\" must be base64"};
    }
    event.publication.data = std::move(*bytes);
  } else if (data.has_value()) {
    event.publication.data = *data;
  } else {
    return Error{ErrorCode::kInvalid, "\"data\" is missing"};
  }
  if (event.publication.data.size() > kLinkMaxDataBytes) {
    return Error{ErrorCode::kInvalid, "\"data\" is larger than 1 MiB"};
  }
  if (data.has_value()) StripLineBreaks(&event.publication.data);
  if (const auto tags = params.Raw("tags")) {
    Result<std::map<std::string, std::string>> parsed = ParseTags(*tags);
    if (!parsed.ok()) return parsed.error();
    event.publication.tags = std::move(parsed).value();
  }
  if (Status good = ParseOptions(params, &event.how); !good.ok()) {
    return good.error();
  }
  return event;
}

Result<SiteNotice> ParseNotice(std::string_view json) {
  const Result<JsonFields> fields = JsonFields::Parse(json);
  if (!fields.ok()) return fields.error();
  SiteNotice notice;
  const auto sessions = fields->Strings("sessions");
  if (!sessions.ok()) return sessions.error();
  if (sessions->has_value()) notice.sessions = **sessions;
  const auto roles = fields->Bool("roles");
  if (!roles.ok()) return roles.error();
  notice.roles = roles->value_or(false);
  const Error wrong{ErrorCode::kInvalid,
                    "\"users\" must be a list of user ids"};
  const auto users = fields->Raw("users");
  if (!users.has_value()) return notice;
  const Result<std::vector<std::string>> uids = JsonFields::ParseArray(*users);
  if (!uids.ok()) return wrong;
  for (const std::string& raw : *uids) {
    // Drupal's ids are often strings of digits.
    const std::string text = DecodeJsonString(raw).value_or(raw);
    const char* end = text.data() + text.size();
    uint32_t uid = 0;
    const auto read = std::from_chars(text.data(), end, uid);
    if (read.ec != std::errc() || read.ptr != end) return wrong;
    notice.users.push_back(uid);
  }
  return notice;
}

std::string NoSite(const Api::Caller& caller) {
  return ErrorJson(kErrorPermissionDenied.code,
                   caller.is_link
                       ? "no site is selected: register one, or say which by "
                         "drupalrt_site(KEY)"
                       : "this key belongs to no site");
}

}  // namespace

std::string BadRequest(const Error& error) {
  return ErrorJson(kErrorBadRequest.code, error.message);
}

std::string ResultJson(std::string_view result) {
  return fmt::format("{{\"result\":{}}}", result);
}

Result<std::string> ChannelParam(const JsonFields& params) {
  Result<std::optional<std::string>> channel = params.String("channel");
  if (!channel.ok()) return channel.error();
  if (!channel->has_value() || !IsChannelName(**channel)) {
    return Error{ErrorCode::kInvalid,
                 "\"channel\" must be 1 to 255 printable characters"};
  }
  return std::move(**channel);
}

Result<std::optional<int64_t>> IntegerParam(const JsonFields& params,
                                            std::string_view name) {
  const auto raw = params.Raw(name);
  if (!raw.has_value()) return std::optional<int64_t>();
  int64_t value = 0;
  const char* end = raw->data() + raw->size();
  const auto read = std::from_chars(raw->data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) {
    return Error{ErrorCode::kInvalid,
                 fmt::format("\"{}\" must be a whole number", name)};
  }
  return std::optional<int64_t>(value);
}

Result<std::optional<std::string>> UserParam(const JsonFields& params) {
  const auto raw = params.Raw("user");
  if (!raw.has_value()) return std::optional<std::string>();
  if (auto text = DecodeJsonString(*raw)) return text;
  const auto uid = params.Uint("user");
  if (!uid.ok()) {
    return Error{ErrorCode::kInvalid, "\"user\" must be a user's id"};
  }
  return std::optional<std::string>(**uid == 0 ? std::string()
                                               : std::to_string(**uid));
}

std::string ErrorJson(uint32_t code, std::string_view message) {
  return fmt::format("{{\"error\":{{\"code\":{},\"message\":{}}}}}", code,
                     JsonString(message));
}

std::string ErrorJson(const ProtocolError& error) {
  return ErrorJson(error.code, error.message);
}

std::string ReceiptJson(const Sequencer::Receipt& receipt,
                        bool with_receivers) {
  if (receipt.error.code != 0) return ErrorJson(receipt.error);
  std::string result = "{";
  if (!receipt.epoch.empty()) {
    result += fmt::format("\"offset\":{},\"epoch\":{}", receipt.offset,
                          JsonString(receipt.epoch));
  }
  if (with_receivers) {
    if (result.size() > 1) result += ',';
    result += fmt::format("\"receivers\":{}", receipt.receivers);
  }
  return ResultJson(result + "}");
}

Api::Api(Wiring wiring)
    : wiring_(std::move(wiring)),
      sequencer_(wiring_.sequencer),
      sites_(wiring_.sites),
      identities_(wiring_.identities) {}

Api::Method Api::FindMethod(std::string_view name, bool is_link) {
  static const std::map<std::string_view, Method> kMethods = {
      {"publish", &Api::Publish},
      {"broadcast", &Api::Broadcast},
      {"batch", &Api::Batch},
      {"rpc", &Api::Rpc},
      {"info", &Api::Info},
      {"presence", &Api::Presence},
      {"presence_stats", &Api::PresenceStatsOf},
      {"history", &Api::History},
      {"history_remove", &Api::RemoveHistory},
      {"channels", &Api::Channels},
      {"subscribe", &Api::Subscribe},
      {"unsubscribe", &Api::Unsubscribe},
      {"disconnect", &Api::Disconnect},
      {"refresh", &Api::Refresh},
      {"token", &Api::Token},
      {"revoke_token", &Api::RevokeToken},
      {"invalidate_user_tokens", &Api::InvalidateUserTokens},
      {"block_user", &Api::BlockUser},
      {"unblock_user", &Api::UnblockUser},
      {"site", &Api::SiteCall},
  };
  const auto found = kMethods.find(name);
  if (found == kMethods.end()) return nullptr;
  return name == "site" && !is_link ? nullptr : found->second;
}

std::string Api::Call(const Caller& caller, std::string_view method,
                      std::string_view params, bool* known) {
  const Method call = FindMethod(method, caller.is_link);
  *known = call != nullptr;
  if (!*known) return ErrorJson(kErrorMethodNotFound);
  ++calls_[std::string(method)];
  const Result<JsonFields> fields =
      JsonFields::Parse(params.empty() ? "{}" : params);
  if (!fields.ok()) return BadRequest(fields.error());
  // What concerns no site: the node itself, and sites.
  const bool needs_site = method != "info" && method != "site";
  if (needs_site && caller.site == nullptr) return NoSite(caller);
  return (this->*call)(caller, *fields);
}

std::string Api::Batch(const Caller& caller, const JsonFields& params) {
  const auto raw = params.Raw("commands");
  const Error wrong{ErrorCode::kInvalid,
                    "\"commands\" must be a list of objects such as "
                    "{\"publish\": {\"channel\": \"chat:1\", \"data\": {}}}"};
  if (!raw.has_value()) return BadRequest(wrong);
  const auto commands = JsonFields::ParseArray(*raw);
  if (!commands.ok()) return BadRequest(wrong);
  if (commands->size() > kMaxBatchCommands) {
    return ErrorJson(
        kErrorLimitExceeded.code,
        fmt::format("a batch has at most {} commands", kMaxBatchCommands));
  }
  std::string replies;
  for (const std::string& command : *commands) {
    const Result<JsonFields> fields = JsonFields::Parse(command);
    if (!fields.ok() || fields->all().size() != 1) return BadRequest(wrong);
    const auto& [method, body] = fields->all()[0];
    std::string reply;
    if (method == "batch") {
      reply = ErrorJson(kErrorBadRequest.code, "a batch holds no batch");
    } else {
      bool known = false;
      reply = Call(caller, method, body, &known);
    }
    // A reply of a batch is named as its command.
    constexpr std::string_view kResult = R"({"result":)";
    if (reply.starts_with(kResult)) {
      reply = "{" + JsonString(method) + ":" + reply.substr(kResult.size());
    }
    if (!replies.empty()) replies += ',';
    replies += reply;
  }
  return "{\"result\":{\"replies\":[" + replies + "]}}";
}

std::string Api::Rpc(const Caller&, const JsonFields& params) {
  const auto method = params.String("method");
  if (!method.ok()) return BadRequest(method.error());
  static const Identity kNobody;
  const RpcAnswer answer = wiring_.rpcs->Call(
      kNobody, method->value_or(""), params.Raw("params").value_or("null"));
  if (answer.error.code != 0) return ErrorJson(answer.error);
  return ResultJson("{\"data\":" + answer.data + "}");
}

std::string Api::Publish(const Caller& caller, const JsonFields& params) {
  const Result<std::string> channel = ChannelParam(params);
  if (!channel.ok()) return BadRequest(channel.error());
  Result<EventParams> event = ParseEvent(params);
  if (!event.ok()) return BadRequest(event.error());
  return ReceiptJson(
      sequencer_->Publish(caller.site->site->id, *channel,
                          std::move(event->publication), event->how),
      caller.is_link);
}

std::string Api::Broadcast(const Caller& caller, const JsonFields& params) {
  const auto channels = params.Strings("channels");
  if (!channels.ok()) return BadRequest(channels.error());
  if (!channels->has_value() || (*channels)->empty()) {
    return ErrorJson(kErrorBadRequest.code,
                     "\"channels\" must name one channel at least");
  }
  Result<EventParams> event = ParseEvent(params);
  if (!event.ok()) return BadRequest(event.error());
  std::string responses;
  for (const std::string& channel : **channels) {
    if (!responses.empty()) responses += ',';
    responses +=
        IsChannelName(channel)
            ? ReceiptJson(sequencer_->Publish(caller.site->site->id, channel,
                                              event->publication, event->how),
                          caller.is_link)
            : ErrorJson(kErrorBadRequest);
  }
  return ResultJson("{\"responses\":[" + responses + "]}");
}

std::string Api::Info(const Caller& caller, const JsonFields&) {
  // Where to connect as a browser would; for tools on this machine.
  std::string local;
  if (caller.is_link && wiring_.listen) {
    for (const std::string& address : wiring_.listen()) {
      local += (local.empty() ? "" : ",") + JsonString(address);
    }
    local = ",\"listen\":[" + local + "]";
    if (caller.site != nullptr && !caller.site->document.hosts.empty()) {
      local += fmt::format(",\"site\":{{\"key\":{},\"host\":{}}}",
                           JsonString(caller.site->site->key),
                           JsonString(caller.site->document.hosts[0]));
    }
  }
  const NodeInfo node = wiring_.node_info();
  const IdentityService::Stats identity = identities_->stats();
  return ResultJson(fmt::format(
      "{{\"nodes\":[{{\"uid\":{},\"name\":\"drupalrtd\",\"version\":\"{}\","
      "\"num_clients\":{},\"num_subs\":{},\"num_channels\":{},"
      "\"uptime\":{},\"num_connections\":{},\"num_links\":{},"
      "\"num_publications\":{},\"num_users\":{}}}],\"sites\":{},\"identity\":{{"
      "\"lookups\":{},"
      "\"cache_hits\":{},\"coalesced\":{},\"queries\":{},\"role_loads\":{},"
      "\"unavailable\":{}}},\"sweep\":{{\"sweeps\":{},\"connections\":{},"
      "\"changes\":{},\"failures\":{},\"last_ms\":{},\"queries\":{}}}{}}}",
      JsonString(node.node), RT_VERSION, node.clients, node.subscriptions,
      sequencer_->channels(), node.uptime_s, node.connections, node.links,
      sequencer_->counters().publications, node.users,
      sites_->current()->sites().size(), identity.lookups, identity.cache_hits,
      identity.coalesced, identity.queries, identity.role_loads,
      identity.unavailable, node.sweep.sweeps, node.sweep.connections,
      node.sweep.changes, node.sweep.failures, node.sweep.last_ms,
      identity.sweep_queries, local));
}

std::string Api::SiteCall(const Caller& caller, const JsonFields& params) {
  for (const auto& [key, value] : params.all()) {
    static constexpr std::string_view kKnown[] = {"document", "remove",
                                                  "notice", "key", "secret"};
    if (std::find(std::begin(kKnown), std::end(kKnown), key) ==
        std::end(kKnown)) {
      return ErrorJson(kErrorBadRequest.code,
                       "\"" + key +
                           "\" is none of document, remove, notice, key, "
                           "secret");
    }
  }
  if (const auto document = params.Raw("document")) {
    return RegisterSite(caller, *document, params);
  }
  if (const auto notice = params.Raw("notice")) {
    return Notice(caller, *notice, params);
  }
  const auto remove = params.String("remove");
  if (!remove.ok()) return BadRequest(remove.error());
  if (remove->has_value()) return RemoveSite(caller, **remove, params);
  return ListSites(caller);
}

std::string Api::RegisterSite(const Caller& caller, std::string_view document,
                              const JsonFields& params) {
  const auto secret = params.String("secret");
  if (!secret.ok()) return BadRequest(secret.error());
  // Who knows the secret in force may replace it; as a rule the document
  // carries that very one.
  std::string proof = secret->value_or(caller.secret);
  if (proof.empty()) {
    const Result<JsonFields> fields = JsonFields::Parse(document);
    if (fields.ok()) {
      if (const auto own = fields->String("secret"); own.ok()) {
        proof = own->value_or("");
      }
    }
  }
  const Result<BrokerSitePtr> made =
      sites_->Register(document, caller.uid, proof);
  if (!made.ok()) {
    return ErrorJson(made.error().code == ErrorCode::kDenied
                         ? kErrorPermissionDenied.code
                         : kErrorBadRequest.code,
                     made.error().message);
  }
  const BrokerSite& site = **made;
  return ResultJson(fmt::format(
      "{{\"key\":{},\"native_login\":{},\"reason\":{}}}",
      JsonString(site.site->key), site.native_login.ok(),
      JsonString(site.native_login.ok() ? ""
                                        : site.native_login.error().message)));
}

std::string Api::RemoveSite(const Caller& caller, const std::string& key,
                            const JsonFields& params) {
  const auto secret = params.String("secret");
  if (!secret.ok()) return BadRequest(secret.error());
  const Status removed =
      sites_->Remove(key, caller.uid, secret->value_or(caller.secret));
  if (removed.ok()) return ResultJson("{}");
  return ErrorJson(removed.error().code == ErrorCode::kNotFound
                       ? kErrorBadRequest.code
                       : kErrorPermissionDenied.code,
                   removed.error().message);
}

std::string Api::Notice(const Caller& caller, std::string_view notice,
                        const JsonFields& params) {
  const auto key = params.String("key");
  if (!key.ok()) return BadRequest(key.error());
  BrokerSitePtr site = caller.site;
  if (key->has_value()) site = sites_->current()->FindKey(**key);
  if (site == nullptr) return NoSite(caller);
  const auto secret = params.String("secret");
  if (!secret.ok()) return BadRequest(secret.error());
  const Status mine =
      SiteRegistry::Admits(*site, caller.uid, secret->value_or(caller.secret));
  if (!mine.ok()) {
    return ErrorJson(kErrorPermissionDenied.code, mine.error().message);
  }
  const Result<SiteNotice> parsed = ParseNotice(notice);
  if (!parsed.ok()) return BadRequest(parsed.error());
  const std::string& name = site->site->key;
  for (const uint32_t uid : parsed->users) identities_->DropUser(name, uid);
  if (parsed->roles) identities_->DropRoles(name);
  for (const std::string& session : parsed->sessions) {
    identities_->Drop(name, session);
  }
  wiring_.on_notice(site->site->id, *parsed);
  return ResultJson("{}");
}

std::string Api::ListSites(const Caller& caller) {
  std::string list;
  const std::vector<std::string> mine = sites_->KeysOf(caller.uid);
  for (const std::string& key : mine) {
    const BrokerSitePtr site = sites_->current()->FindKey(key);
    if (!list.empty()) list += ',';
    std::string hosts;
    for (const std::string& host : site->document.hosts) {
      if (!hosts.empty()) hosts += ',';
      hosts += JsonString(host);
    }
    const IdentityService::Health health = identities_->HealthOf(key);
    list += fmt::format(
        "{{\"key\":{},\"hosts\":[{}],\"native_login\":{},\"reason\":{},"
        "\"read\":{},\"trouble\":{}}}",
        JsonString(key), hosts, site->native_login.ok(),
        JsonString(
            site->native_login.ok() ? "" : site->native_login.error().message),
        health.read, JsonString(health.trouble));
    // Whoever asks again soon hears how it is now.
    if (site->login != nullptr) identities_->Probe(site->login);
  }
  return ResultJson("{\"sites\":[" + list + "]}");
}

}  // namespace rt
