#include "hub/sequencer.h"

#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "hub/channel_name.h"
#include "wire/fossil_delta.h"
#include "wire/json_text.h"
#include "wire/utf8.h"

namespace rt {

namespace {
// Buckets of the channel table looked at per Sweep().
constexpr size_t kSweepBuckets = 4096;
constexpr std::string_view kUserPrefix = "user:";

// Is `data` what the namespace's publication_data_format demands?
bool FitsFormat(std::string_view format, std::string_view data) {
  if (format.empty()) return true;
  const size_t first = data.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return false;
  return (format != "json_object" || data[first] == '{') && IsJson(data);
}

// What makes `target` of `base`; empty where the whole is shorter.
std::string PatchBetween(std::string_view base, std::string_view target) {
  // In JSON a patch travels as text, so it must not split characters.
  const bool text = IsUtf8(target) && IsUtf8(base);
  std::string patch = MakeFossilDelta(base, target, text);
  if (patch.size() >= target.size()) patch.clear();
  return patch;
}
}  // namespace

Sequencer::Sequencer(const Clock* clock, NamespacesOf namespaces_of,
                     size_t workers, HubOutlet* outlet)
    : clock_(clock),
      namespaces_of_(std::move(namespaces_of)),
      outlet_(outlet),
      queued_(workers),
      receipts_(kMaxIdempotencyKeys) {
  RT_CHECK(workers > 0);
}

Sequencer::Receipt Sequencer::Publish(uint32_t site_id,
                                      std::string_view channel,
                                      Publication publication,
                                      const PublishOptions& how) {
  // The personal channel `#UID` is another spelling of `user:UID`.
  if (channel.starts_with('#')) {
    return Publish(site_id, "user:" + std::string(channel.substr(1)),
                   std::move(publication), how);
  }
  if (how.idempotency_key.empty()) {
    return Count(site_id, how,
                 PublishNow(site_id, channel, std::move(publication), how));
  }
  const int64_t now_ms = clock_->monotonic_ms();
  // Channels have no line feeds, so the two parts cannot run into each other.
  const std::string key =
      ChannelKey(site_id, channel) + "\n" + how.idempotency_key;
  if (const Receipt* before = receipts_.Find(key, now_ms)) return *before;
  Receipt receipt = Count(
      site_id, how, PublishNow(site_id, channel, std::move(publication), how));
  if (receipt.error.code == 0) receipts_.Put(key, now_ms, receipt);
  return receipt;
}

Sequencer::Receipt Sequencer::Count(uint32_t site_id, const PublishOptions& how,
                                    Receipt receipt) {
  if (receipt.error.code == 0 && how.counted) {
    SiteCounters& site = site_counters_[site_id];
    ++site.publications;
    site.deliveries += receipt.receivers;
  }
  return receipt;
}

Sequencer::SiteCounters Sequencer::counters(uint32_t site_id) const {
  const auto found = site_counters_.find(site_id);
  return found == site_counters_.end() ? SiteCounters() : found->second;
}

Sequencer::Receipt Sequencer::PublishNow(uint32_t site_id,
                                         std::string_view channel,
                                         Publication publication,
                                         const PublishOptions& how) {
  Receipt receipt;
  const NamespaceOptions* options = OptionsOf(site_id, channel);
  if (options == nullptr) {
    receipt.error = kErrorUnknownChannel;
    return receipt;
  }
  if (!FitsFormat(options->publication_data_format, publication.data)) {
    receipt.error = kErrorBadRequest;
    return receipt;
  }
  if (!options->has_history() || how.skip_history) {
    ++counters_.publications;
    receipt.receivers = FanOutTo(site_id, channel, *options, publication, how);
    if (channel.starts_with(kUserPrefix)) {
      const std::string personal =
          "#" + std::string(channel.substr(kUserPrefix.size()));
      receipt.receivers +=
          FanOutTo(site_id, personal, *options, publication, how);
    }
    return receipt;
  }
  Channel& state = Touch(site_id, channel);
  Stream& stream = StreamOf(&state);
  receipt.epoch = stream.epoch();
  if (stream.IsStale(how.version, how.version_epoch)) {
    receipt.offset = stream.top();
    return receipt;
  }
  ++counters_.publications;
  stream.Place(&publication);
  receipt.offset = publication.offset;
  receipt.receivers = state.subscribers;
  EncodedPushPtr push = Prepare(&state, *options, std::move(publication), how);
  FanOut(state, push);
  stream.Append(*options, clock_->monotonic_ms(), std::move(push));
  return receipt;
}

uint64_t Sequencer::FanOutTo(uint32_t site_id, std::string_view channel,
                             const NamespaceOptions& options,
                             const Publication& publication,
                             const PublishOptions& how) {
  const auto found = channels_.find(ChannelKey(site_id, channel));
  // Nobody listens and nothing is kept: there is nothing to encode.
  if (found == channels_.end() || found->second.subscribers == 0) return 0;
  FanOut(found->second, Prepare(&found->second, options, publication, how));
  return found->second.subscribers;
}

EncodedPush::Routing Sequencer::RoutingOf(const Channel& channel) const {
  EncodedPush::Routing routing;
  routing.key = *channel.key;
  routing.channel_at = routing.key.size() - ChannelOfKey(routing.key).size();
  if (channel.stream != nullptr) routing.stream = channel.stream->id();
  return routing;
}

EncodedPushPtr Sequencer::Prepare(Channel* channel,
                                  const NamespaceOptions& options,
                                  Publication publication,
                                  const PublishOptions& how) {
  EncodedPush::Routing routing = RoutingOf(*channel);
  routing.exclude = how.exclude;
  std::string patch;
  const bool wanted =
      channel->delta_subscribers > 0 && (how.delta || options.delta_publish);
  if (wanted && channel->last != nullptr) {
    patch = PatchBetween(channel->last->publication().data, publication.data);
    if (!patch.empty()) ++counters_.patches;
  }
  auto push = std::make_shared<const EncodedPush>(
      std::move(routing), std::move(publication), std::move(patch));
  if (options.allows_delta()) channel->last = push;
  return push;
}

void Sequencer::FanOut(const Channel& channel, const EncodedPushPtr& push) {
  if (channel.subscribers == 0) return;
  for (WorkerId worker = 0; worker < queued_.size(); ++worker) {
    if (channel.by_worker[worker] > 0) queued_[worker].push_back(push);
  }
}

void Sequencer::Execute(HubOrder order) {
  RT_CHECK(order.worker < queued_.size());
  if (auto* subscribe = std::get_if<SubscribeOrder>(&order.body)) {
    DoSubscribe(order.worker, std::move(*subscribe));
  } else if (auto* gone = std::get_if<UnsubscribeOrder>(&order.body)) {
    DoUnsubscribe(order.worker, *gone);
  } else if (auto* publish = std::get_if<PublishOrder>(&order.body)) {
    DoPublish(order.worker, std::move(*publish));
  } else {
    DoQuery(order.worker, std::get<QueryOrder>(order.body));
  }
}

void Sequencer::DoPublish(WorkerId worker, PublishOrder order) {
  PublishAnswer answer;
  answer.ticket = order.ticket;
  answer.error =
      Publish(order.site_id, order.channel, std::move(order.publication)).error;
  // Behind the publication itself, which went into the same queue.
  queued_[worker].push_back(answer);
}

void Sequencer::Post(WorkerId worker, WorkerTask task) {
  queued_[worker].push_back(std::move(task));
}

void Sequencer::PostToAll(const std::function<WorkerTask(WorkerId)>& make) {
  for (WorkerId worker = 0; worker < queued_.size(); ++worker) {
    queued_[worker].push_back(make(worker));
  }
}

void Sequencer::Flush() {
  for (WorkerId worker = 0; worker < queued_.size(); ++worker) {
    if (!queued_[worker].empty()) outlet_->Deliver(worker, &queued_[worker]);
  }
}

void Sequencer::DropSite(uint32_t site_id) {
  site_counters_.erase(site_id);
  std::erase_if(channels_, [site_id](const auto& entry) {
    return std::memcmp(entry.first.data(), &site_id, sizeof site_id) == 0;
  });
}

void Sequencer::Sweep() {
  const int64_t now_ms = clock_->monotonic_ms();
  ExpireLost(now_ms);
  // One stretch of buckets per call, from where the last one ended.
  auto at =
      sweep_from_.empty() ? channels_.begin() : channels_.find(sweep_from_);
  if (at == channels_.end()) at = channels_.begin();
  for (size_t seen = 0; seen < kSweepBuckets && at != channels_.end(); ++seen) {
    Channel& channel = at->second;
    ExpireStream(&channel, now_ms);
    at = IsIdle(channel) ? channels_.erase(at) : std::next(at);
  }
  sweep_from_ = at == channels_.end() ? std::string() : at->first;
}

void Sequencer::ExpireStream(Channel* channel, int64_t now_ms) {
  if (channel->stream == nullptr) return;
  const NamespaceOptions* options = OptionsOfKey(*channel->key);
  if (options == nullptr || !options->has_history()) {
    return LoseStream(channel);
  }
  channel->stream->Expire(*options, now_ms);
  if (channel->subscribers == 0 &&
      channel->stream->Forgotten(*options, now_ms)) {
    channel->stream.reset();
  }
}

uint64_t Sequencer::subscribers(uint32_t site_id,
                                std::string_view channel) const {
  const auto found = channels_.find(ChannelKey(site_id, channel));
  return found == channels_.end() ? 0 : found->second.subscribers;
}

Sequencer::Channel& Sequencer::Touch(uint32_t site_id,
                                     std::string_view channel) {
  const auto [at, made] =
      channels_.try_emplace(ChannelKey(site_id, channel), queued_.size());
  if (made) at->second.key = &at->first;
  return at->second;
}

bool Sequencer::IsIdle(const Channel& channel) {
  return channel.subscribers == 0 && channel.stream == nullptr &&
         (channel.roster == nullptr || channel.roster->empty());
}

void Sequencer::EraseIfIdle(const std::string& key) {
  const auto found = channels_.find(key);
  if (found != channels_.end() && IsIdle(found->second)) {
    channels_.erase(found);
  }
}

Stream& Sequencer::StreamOf(Channel* channel) {
  if (channel->stream == nullptr) {
    channel->stream =
        std::make_unique<Stream>(++last_stream_, clock_->monotonic_ms());
  }
  return *channel->stream;
}

void Sequencer::LoseStream(Channel* channel) {
  channel->stream.reset();
  for (WorkerId worker = 0; worker < queued_.size(); ++worker) {
    if (channel->by_worker[worker] == 0) continue;
    queued_[worker].push_back(StreamLost{*channel->key});
  }
}

const NamespaceOptions* Sequencer::OptionsOf(uint32_t site_id,
                                             std::string_view channel) const {
  const Namespaces* namespaces = namespaces_of_(site_id);
  return namespaces == nullptr ? nullptr : namespaces->Find(channel);
}

const NamespaceOptions* Sequencer::OptionsOfKey(std::string_view key) const {
  return OptionsOf(SiteOfKey(key), ChannelOfKey(key));
}

}  // namespace rt
