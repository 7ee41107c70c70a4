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
    if (!bytes.has_value() || !IsJson(*bytes)) {
      return Error{ErrorCode::kInvalid,
                   "\"b64data\" must be base64 of a JSON value"};
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
  StripLineBreaks(&event.publication.data);
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

std::string BadRequest(const Error& error) {
  return ErrorJson(kErrorBadRequest.code, error.message);
}

std::string NoSite(const Api::Caller& caller) {
  return ErrorJson(kErrorPermissionDenied.code,
                   caller.is_link
                       ? "no site is selected: register one, or say which by "
                         "drupalrt_site(KEY)"
                       : "this key belongs to no site");
}

std::string Ok(std::string_view result) {
  return fmt::format("{{\"result\":{}}}", result);
}

}  // namespace

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
  return Ok(result + "}");
}

Api::Api(Sequencer* sequencer, SiteRegistry* sites, IdentityService* identities,
         std::function<NodeInfo()> node_info, OnNotice on_notice)
    : sequencer_(sequencer),
      sites_(sites),
      identities_(identities),
      node_info_(std::move(node_info)),
      on_notice_(std::move(on_notice)) {}

std::string Api::Call(const Caller& caller, std::string_view method,
                      std::string_view params, bool* known) {
  *known = method == "publish" || method == "broadcast" || method == "info" ||
           (method == "site" && caller.is_link);
  if (!*known) return ErrorJson(kErrorMethodNotFound);
  const Result<JsonFields> fields =
      JsonFields::Parse(params.empty() ? "{}" : params);
  if (!fields.ok()) return BadRequest(fields.error());
  if (method == "publish") return Publish(caller, *fields);
  if (method == "broadcast") return Broadcast(caller, *fields);
  if (method == "info") return Info(caller);
  return SiteCall(caller, *fields);
}

std::string Api::Publish(const Caller& caller, const JsonFields& params) {
  if (caller.site == nullptr) return NoSite(caller);
  const Result<std::optional<std::string>> channel = params.String("channel");
  if (!channel.ok()) return BadRequest(channel.error());
  if (!channel->has_value() || !IsChannelName(**channel)) {
    return ErrorJson(kErrorBadRequest.code,
                     "\"channel\" must be 1 to 255 printable characters");
  }
  Result<EventParams> event = ParseEvent(params);
  if (!event.ok()) return BadRequest(event.error());
  return ReceiptJson(
      sequencer_->Publish(caller.site->site->id, **channel,
                          std::move(event->publication), event->how),
      caller.is_link);
}

std::string Api::Broadcast(const Caller& caller, const JsonFields& params) {
  if (caller.site == nullptr) return NoSite(caller);
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
  return Ok("{\"responses\":[" + responses + "]}");
}

std::string Api::Info(const Caller&) {
  const NodeInfo node = node_info_();
  const IdentityService::Stats identity = identities_->stats();
  return Ok(fmt::format(
      "{{\"nodes\":[{{\"uid\":{},\"name\":\"drupalrtd\",\"version\":\"{}\","
      "\"num_clients\":{},\"num_subs\":{},\"num_channels\":{},"
      "\"uptime\":{},\"num_connections\":{},\"num_links\":{},"
      "\"num_publications\":{}}}],\"sites\":{},\"identity\":{{\"lookups\":{},"
      "\"cache_hits\":{},\"coalesced\":{},\"queries\":{},\"role_loads\":{},"
      "\"unavailable\":{}}}}}",
      JsonString(node.node), RT_VERSION, node.clients, node.subscriptions,
      sequencer_->channels(), node.uptime_s, node.connections, node.links,
      sequencer_->publications(), sites_->current()->sites().size(),
      identity.lookups, identity.cache_hits, identity.coalesced,
      identity.queries, identity.role_loads, identity.unavailable));
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
  return Ok(fmt::format(
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
  if (removed.ok()) return Ok("{}");
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
  on_notice_(site->site->id, *parsed);
  return Ok("{}");
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
    list += fmt::format(
        "{{\"key\":{},\"hosts\":[{}],\"native_login\":{},\"reason\":{}}}",
        JsonString(key), hosts, site->native_login.ok(),
        JsonString(
            site->native_login.ok() ? "" : site->native_login.error().message));
  }
  return Ok("{\"sites\":[" + list + "]}");
}

}  // namespace rt
