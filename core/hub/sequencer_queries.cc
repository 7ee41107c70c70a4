// Sequencer's part that answers questions: presence, history, channels.
#include <fnmatch.h>

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "hub/channel_name.h"
#include "hub/sequencer.h"

namespace rt {

void Sequencer::DoQuery(WorkerId worker, const QueryOrder& order) {
  QueryAnswer answer;
  answer.ticket = order.ticket;
  switch (order.kind) {
    case QueryOrder::Kind::kPresence: {
      PresenceResult result;
      answer.error = Presence(order.site_id, order.channel, &result);
      answer.result = std::move(result);
      break;
    }
    case QueryOrder::Kind::kPresenceStats: {
      PresenceStats result;
      answer.error = Stats(order.site_id, order.channel, &result);
      answer.result = result;
      break;
    }
    case QueryOrder::Kind::kHistory: {
      HistoryResult result;
      answer.error =
          History(order.site_id, order.channel, order.history, &result);
      answer.result = std::move(result);
      break;
    }
  }
  queued_[worker].push_back(std::move(answer));
}

const Sequencer::Channel* Sequencer::FindChannel(
    uint32_t site_id, std::string_view channel) const {
  const auto found = channels_.find(ChannelKey(site_id, channel));
  return found == channels_.end() ? nullptr : &found->second;
}

ProtocolError Sequencer::Presence(uint32_t site_id, std::string_view channel,
                                  PresenceResult* result) const {
  const NamespaceOptions* options = OptionsOf(site_id, channel);
  if (options == nullptr) return kErrorUnknownChannel;
  if (!options->presence) return kErrorNotAvailable;
  const Channel* found = FindChannel(site_id, channel);
  if (found != nullptr && found->roster != nullptr) {
    *result = found->roster->All();
  }
  return {};
}

ProtocolError Sequencer::Stats(uint32_t site_id, std::string_view channel,
                               PresenceStats* result) const {
  const NamespaceOptions* options = OptionsOf(site_id, channel);
  if (options == nullptr) return kErrorUnknownChannel;
  if (!options->presence) return kErrorNotAvailable;
  const Channel* found = FindChannel(site_id, channel);
  if (found != nullptr && found->roster != nullptr) {
    *result = found->roster->Stats();
  }
  return {};
}

ProtocolError Sequencer::History(uint32_t site_id, std::string_view channel,
                                 const HistoryRequest& request,
                                 HistoryResult* result) {
  const NamespaceOptions* options = OptionsOf(site_id, channel);
  if (options == nullptr) return kErrorUnknownChannel;
  if (!options->has_history()) return kErrorNotAvailable;
  if (request.reverse && request.has_since && request.since_offset == 0) {
    return kErrorBadRequest;
  }
  Stream& stream = StreamOf(&Touch(site_id, channel));
  stream.Expire(*options, clock_->monotonic_ms());
  if (request.has_since && !request.since_epoch.empty() &&
      request.since_epoch != stream.epoch()) {
    return kErrorUnrecoverablePosition;
  }
  result->epoch = stream.epoch();
  result->offset = stream.top();
  const size_t limit =
      request.limit < 0 ? kMaxHistoryLimit
                        : std::min<size_t>(static_cast<size_t>(request.limit),
                                           kMaxHistoryLimit);
  const uint64_t since = request.has_since ? request.since_offset : 0;
  for (EncodedPushPtr& push : stream.Slice(since, limit, request.reverse)) {
    result->publications.push_back({std::move(push), PushForm::kJson});
  }
  return {};
}

ProtocolError Sequencer::RemoveHistory(uint32_t site_id,
                                       std::string_view channel) {
  const NamespaceOptions* options = OptionsOf(site_id, channel);
  if (options == nullptr) return kErrorUnknownChannel;
  if (!options->has_history()) return kErrorNotAvailable;
  const auto found = channels_.find(ChannelKey(site_id, channel));
  if (found != channels_.end() && found->second.stream != nullptr) {
    found->second.stream->Clear();
  }
  return {};
}

std::map<std::string, uint64_t> Sequencer::Channels(uint32_t site_id,
                                                    std::string_view pattern,
                                                    size_t limit) const {
  std::map<std::string, uint64_t> channels;
  const std::string wanted(pattern);
  for (const auto& [key, channel] : channels_) {
    if (channels.size() >= limit) break;
    if (channel.subscribers == 0) continue;
    if (SiteOfKey(key) != site_id) continue;
    std::string name(ChannelOfKey(key));
    if (!wanted.empty() && fnmatch(wanted.c_str(), name.c_str(), 0) != 0) {
      continue;
    }
    channels.emplace(std::move(name), channel.subscribers);
  }
  return channels;
}

}  // namespace rt
