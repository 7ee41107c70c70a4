#include "hub/sequencer.h"

#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "hub/channel_name.h"
#include "wire/client_protocol_codec.h"

namespace rt {

namespace {
// Buckets of the channel table looked at per Sweep().
constexpr size_t kSweepBuckets = 4096;
constexpr std::string_view kUserPrefix = "user:";
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
    return PublishNow(site_id, channel, std::move(publication), how);
  }
  const int64_t now_ms = clock_->monotonic_ms();
  // Channels have no line feeds, so the two parts cannot run into each other.
  const std::string key =
      ChannelKey(site_id, channel) + "\n" + how.idempotency_key;
  if (const Receipt* before = receipts_.Find(key, now_ms)) return *before;
  Receipt receipt = PublishNow(site_id, channel, std::move(publication), how);
  if (receipt.error.code == 0) receipts_.Put(key, now_ms, receipt);
  return receipt;
}

Sequencer::Receipt Sequencer::PublishNow(uint32_t site_id,
                                         std::string_view channel,
                                         Publication publication,
                                         const PublishOptions& how) {
  Receipt receipt;
  const Namespaces* namespaces = namespaces_of_(site_id);
  const NamespaceOptions* options =
      namespaces == nullptr ? nullptr : namespaces->Find(channel);
  if (options == nullptr) {
    receipt.error = kErrorUnknownChannel;
    return receipt;
  }
  if (!options->has_history() || how.skip_history) {
    ++publications_;
    receipt.receivers = FanOutTo(site_id, channel, publication, how);
    if (channel.starts_with(kUserPrefix)) {
      const std::string personal =
          "#" + std::string(channel.substr(kUserPrefix.size()));
      receipt.receivers += FanOutTo(site_id, personal, publication, how);
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
  ++publications_;
  stream.Append(*options, clock_->monotonic_ms(), &publication);
  receipt.offset = publication.offset;
  receipt.receivers = state.subscribers;
  FanOut(state, publication, how);
  return receipt;
}

uint64_t Sequencer::FanOutTo(uint32_t site_id, std::string_view channel,
                             const Publication& publication,
                             const PublishOptions& how) {
  const auto found = channels_.find(ChannelKey(site_id, channel));
  // Nobody listens and nothing is kept: there is nothing to encode.
  if (found == channels_.end()) return 0;
  FanOut(found->second, publication, how);
  return found->second.subscribers;
}

void Sequencer::FanOut(const Channel& channel, const Publication& publication,
                       const PublishOptions& how) {
  if (channel.subscribers == 0) return;
  auto encoded = std::make_shared<EncodedPublication>();
  encoded->channel_key = *channel.key;
  encoded->offset = publication.offset;
  encoded->exclude = how.exclude;
  JsonCodec().AppendPublicationPush(ChannelOfKey(*channel.key), publication,
                                    &encoded->json);
  const EncodedPublicationPtr shared = std::move(encoded);
  for (WorkerId worker = 0; worker < queued_.size(); ++worker) {
    if (channel.by_worker[worker] > 0) queued_[worker].push_back(shared);
  }
}

void Sequencer::Execute(HubOrder order) {
  RT_CHECK(order.worker < queued_.size());
  if (auto* subscribe = std::get_if<SubscribeOrder>(&order.body)) {
    DoSubscribe(order.worker, std::move(*subscribe));
  } else if (auto* gone = std::get_if<UnsubscribeOrder>(&order.body)) {
    DoUnsubscribe(order.worker, *gone);
  } else {
    DoPublish(order.worker, std::move(std::get<PublishOrder>(order.body)));
  }
}

void Sequencer::DoSubscribe(WorkerId worker, SubscribeOrder order) {
  SubscribeAnswer answer;
  answer.ticket = order.ticket;
  const Namespaces* namespaces = namespaces_of_(order.site_id);
  const NamespaceOptions* options =
      namespaces == nullptr ? nullptr : namespaces->Find(order.channel);
  if (options == nullptr) {
    answer.error = kErrorUnknownChannel;
    queued_[worker].push_back(std::move(answer));
    return;
  }
  Channel& channel = Touch(order.site_id, order.channel);
  answer.error = Position(*options, order, &channel, &answer.result);
  if (answer.error.code != 0) {
    EraseIfIdle(*channel.key);
  } else {
    ++channel.by_worker[worker];
    ++channel.subscribers;
    answer.channel_key = *channel.key;
  }
  // Behind everything that was published before, ahead of all that follows: so
  // what is handed over here and what comes live meet without gap or overlap.
  queued_[worker].push_back(std::move(answer));
}

ProtocolError Sequencer::Position(const NamespaceOptions& options,
                                  const SubscribeOrder& order, Channel* channel,
                                  SubscribeResult* result) {
  if (!options.has_history()) return {};
  result->recoverable =
      options.force_recovery || (order.recoverable && options.allow_recovery);
  result->positioned = result->recoverable || options.force_positioning ||
                       (order.positioned && options.allow_positioning);
  if (!result->positioned) return {};
  Stream& stream = StreamOf(channel);
  stream.Expire(options, clock_->monotonic_ms());
  result->epoch = stream.epoch();
  result->offset = stream.top();
  if (!order.recover || !result->recoverable) return {};
  result->was_recovering = true;
  std::optional<std::vector<Publication>> missed =
      options.force_recovery_mode == "cache"
          ? stream.Newest(order.offset, order.epoch)
          : stream.Since(order.offset, order.epoch);
  if (!missed.has_value()) {
    return order.reject_unrecovered ? kErrorUnrecoverablePosition
                                    : ProtocolError();
  }
  result->recovered = true;
  result->publications = std::move(*missed);
  // The client walks from where it was through the publications.
  result->offset = order.offset;
  return {};
}

void Sequencer::DoUnsubscribe(WorkerId worker, const UnsubscribeOrder& order) {
  const auto found = channels_.find(order.channel_key);
  // A dropped site took its channels along.
  if (found == channels_.end() || found->second.by_worker[worker] == 0) return;
  --found->second.by_worker[worker];
  --found->second.subscribers;
  EraseIfIdle(order.channel_key);
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
  std::erase_if(channels_, [site_id](const auto& entry) {
    return std::memcmp(entry.first.data(), &site_id, sizeof site_id) == 0;
  });
}

void Sequencer::Sweep() {
  // One stretch of buckets per call, from where the last one ended.
  const int64_t now_ms = clock_->monotonic_ms();
  auto at =
      sweep_from_.empty() ? channels_.begin() : channels_.find(sweep_from_);
  if (at == channels_.end()) at = channels_.begin();
  for (size_t seen = 0; seen < kSweepBuckets && at != channels_.end(); ++seen) {
    Channel& channel = at->second;
    if (channel.stream != nullptr) {
      uint32_t site_id = 0;
      std::memcpy(&site_id, at->first.data(), sizeof site_id);
      const Namespaces* namespaces = namespaces_of_(site_id);
      const NamespaceOptions* options =
          namespaces == nullptr ? nullptr
                                : namespaces->Find(ChannelOfKey(at->first));
      if (options == nullptr) {
        channel.stream.reset();
      } else {
        channel.stream->Expire(*options, now_ms);
        if (channel.subscribers == 0 &&
            channel.stream->Forgotten(*options, now_ms)) {
          channel.stream.reset();
        }
      }
    }
    const bool idle = channel.subscribers == 0 && channel.stream == nullptr;
    at = idle ? channels_.erase(at) : std::next(at);
  }
  sweep_from_ = at == channels_.end() ? std::string() : at->first;
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

void Sequencer::EraseIfIdle(const std::string& key) {
  const auto found = channels_.find(key);
  if (found != channels_.end() && found->second.subscribers == 0 &&
      found->second.stream == nullptr) {
    channels_.erase(found);
  }
}

Stream& Sequencer::StreamOf(Channel* channel) {
  if (channel->stream == nullptr) {
    channel->stream = std::make_unique<Stream>(clock_->monotonic_ms());
  }
  return *channel->stream;
}

}  // namespace rt
