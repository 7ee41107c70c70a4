// The API's methods about a channel. What presence and history look like is the
// client protocol's affair, and its codec's.
#include <fmt/format.h>

#include "base/digest.h"
#include "base/limits.h"
#include "broker/api.h"
#include "wire/client_protocol_codec.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

// {"presence":BODY} as {"result":BODY}.
std::string ResultOfReply(std::string_view reply) {
  const size_t colon = reply.find(':');
  return ResultJson(reply.substr(colon + 1, reply.size() - colon - 2));
}

Status ReadSince(std::string_view json, HistoryRequest* request) {
  const Error wrong{ErrorCode::kInvalid,
                    "\"since\" must be {\"offset\": N, \"epoch\": \"…\"}"};
  const Result<JsonFields> since = JsonFields::Parse(json);
  if (!since.ok()) return wrong;
  const auto offset = since->Uint("offset");
  const auto epoch = since->String("epoch");
  if (!offset.ok() || !epoch.ok()) return wrong;
  request->has_since = true;
  request->since_offset = offset->value_or(0);
  request->since_epoch = epoch->value_or("");
  return {};
}

Result<HistoryRequest> ReadHistoryRequest(const JsonFields& params) {
  HistoryRequest request;
  Result<std::string> channel = ChannelParam(params);
  if (!channel.ok()) return channel.error();
  request.channel = std::move(channel).value();
  const auto limit = IntegerParam(params, "limit");
  if (!limit.ok()) return limit.error();
  request.limit = static_cast<int32_t>(
      std::clamp<int64_t>(limit->value_or(0), -1, INT32_MAX));
  const auto reverse = params.Bool("reverse");
  if (!reverse.ok()) return reverse.error();
  request.reverse = reverse->value_or(false);
  if (const auto since = params.Raw("since")) {
    if (Status good = ReadSince(*since, &request); !good.ok()) {
      return good.error();
    }
  }
  return request;
}

// One that JSON cannot carry as it is.
EncodedPushPtr AsBase64(const EncodedPush& push) {
  Publication publication = push.publication();
  publication.data = "{\"b64data\":\"" + Base64Encode(publication.data) + "\"}";
  EncodedPush::Routing routing;
  routing.key = push.key();
  routing.channel_at = push.key().size() - push.channel().size();
  return std::make_shared<const EncodedPush>(std::move(routing),
                                             std::move(publication));
}

}  // namespace

std::string Api::Presence(const Caller& caller, const JsonFields& params) {
  const Result<std::string> channel = ChannelParam(params);
  if (!channel.ok()) return BadRequest(channel.error());
  PresenceResult result;
  const ProtocolError error =
      sequencer_->Presence(caller.site->site->id, *channel, &result);
  if (error.code != 0) return ErrorJson(error);
  std::string reply;
  JsonCodec().AppendPresence(0, result, &reply);
  return ResultOfReply(reply);
}

std::string Api::PresenceStatsOf(const Caller& caller,
                                 const JsonFields& params) {
  const Result<std::string> channel = ChannelParam(params);
  if (!channel.ok()) return BadRequest(channel.error());
  PresenceStats result;
  const ProtocolError error =
      sequencer_->Stats(caller.site->site->id, *channel, &result);
  if (error.code != 0) return ErrorJson(error);
  std::string reply;
  JsonCodec().AppendPresenceStats(0, result, &reply);
  return ResultOfReply(reply);
}

std::string Api::History(const Caller& caller, const JsonFields& params) {
  const Result<HistoryRequest> request = ReadHistoryRequest(params);
  if (!request.ok()) return BadRequest(request.error());
  HistoryResult result;
  const ProtocolError error = sequencer_->History(
      caller.site->site->id, request->channel, *request, &result);
  if (error.code != 0) return ErrorJson(error);
  for (PublicationInForm& one : result.publications) {
    if (!one.push->is_json()) one.push = AsBase64(*one.push);
  }
  std::string reply;
  JsonCodec().AppendHistory(0, result, &reply);
  return ResultOfReply(reply);
}

std::string Api::RemoveHistory(const Caller& caller, const JsonFields& params) {
  const Result<std::string> channel = ChannelParam(params);
  if (!channel.ok()) return BadRequest(channel.error());
  const ProtocolError error =
      sequencer_->RemoveHistory(caller.site->site->id, *channel);
  return error.code != 0 ? ErrorJson(error) : ResultJson("{}");
}

std::string Api::Channels(const Caller& caller, const JsonFields& params) {
  const auto pattern = params.String("pattern");
  if (!pattern.ok()) return BadRequest(pattern.error());
  std::string list;
  for (const auto& [channel, clients] : sequencer_->Channels(
           caller.site->site->id, pattern->value_or(""), kMaxListedChannels)) {
    list += fmt::format("{}{}:{{\"num_clients\":{}}}", list.empty() ? "" : ",",
                        JsonString(channel), clients);
  }
  return ResultJson("{\"channels\":{" + list + "}}");
}

}  // namespace rt
