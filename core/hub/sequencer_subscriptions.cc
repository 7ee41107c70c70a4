// Sequencer's part about who is in a channel: subscribing, presence, leaving.
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "hub/channel_name.h"
#include "hub/sequencer.h"

namespace rt {

void Sequencer::DoSubscribe(WorkerId worker, SubscribeOrder order) {
  SubscribeAnswer answer;
  answer.ticket = order.ticket;
  const NamespaceOptions* options = OptionsOf(order.site_id, order.channel);
  if (options == nullptr) {
    answer.error = kErrorUnknownChannel;
    queued_[worker].push_back(std::move(answer));
    return;
  }
  Channel& channel = Touch(order.site_id, order.channel);
  answer.error = Position(*options, order, &channel, &answer.result);
  if (answer.error.code != 0) {
    EraseIfIdle(*channel.key);
    queued_[worker].push_back(std::move(answer));
    return;
  }
  Admit(worker, order, &channel, &answer);
  // Behind everything that was published before, ahead of all that follows: so
  // what is handed over here and what comes live meet without gap or overlap.
  queued_[worker].push_back(std::move(answer));
  // Its own join too comes behind the answer.
  if (order.present || order.announced) Join(order, &channel);
}

ProtocolError Sequencer::Position(const NamespaceOptions& options,
                                  const SubscribeOrder& order, Channel* channel,
                                  SubscribeResult* result) {
  if (!options.has_history()) return {};
  result->recoverable = options.force_recovery || order.force_recovery ||
                        (order.recoverable && options.allow_recovery);
  result->positioned = result->recoverable || options.force_positioning ||
                       order.force_positioning ||
                       (order.positioned && options.allow_positioning);
  if (!result->positioned) return {};
  Stream& stream = StreamOf(channel);
  stream.Expire(options, clock_->monotonic_ms());
  result->epoch = stream.epoch();
  result->offset = stream.top();
  const bool cache = options.force_recovery_mode == "cache";
  const bool recover = order.recover || (cache && options.auto_cache_recover);
  if (!recover || !result->recoverable) return {};
  result->was_recovering = true;
  const auto missed = cache ? stream.Newest(order.offset, order.epoch)
                            : stream.Since(order.offset, order.epoch);
  if (!missed.has_value()) {
    ++counters_.unrecovered;
    return order.reject_unrecovered ? kErrorUnrecoverablePosition
                                    : ProtocolError();
  }
  ++counters_.recovered;
  result->recovered = true;
  result->publications.reserve(missed->size());
  for (const EncodedPushPtr& push : *missed) {
    // The form is the subscriber's, which knows it.
    result->publications.push_back({push, PushForm::kJson});
  }
  // The client walks from where it was through the publications.
  result->offset = order.offset;
  return {};
}

void Sequencer::Admit(WorkerId worker, const SubscribeOrder& order,
                      Channel* channel, SubscribeAnswer* answer) {
  ++channel->by_worker[worker];
  ++channel->subscribers;
  ++subscriptions_;
  ++site_counters_[order.site_id].subscriptions;
  if (order.delta) ++channel->delta_subscribers;
  answer->channel_key = *channel->key;
  answer->delta = order.delta;
  answer->present = order.present || order.announced;
  answer->client = order.client;
  if (channel->stream != nullptr) {
    answer->stream = channel->stream->id();
    answer->top = channel->stream->top();
  }
  const auto& handed_over = answer->result.publications;
  answer->has_base =
      !handed_over.empty() && handed_over.back().push == channel->last;
}

void Sequencer::Join(const SubscribeOrder& order, Channel* channel) {
  if (channel->roster == nullptr) channel->roster = std::make_unique<Roster>();
  const bool news =
      channel->roster->Join(order.client, order.info, order.announced);
  if (!news || !order.announced) return;
  ++counters_.joins;
  FanOut(*channel, std::make_shared<const EncodedPush>(
                       RoutingOf(*channel), EncodedPush::Kind::kJoin,
                       *channel->roster->Find(order.client)));
}

void Sequencer::TellLeave(const Channel& channel,
                          std::optional<Roster::Member> gone) {
  // Whose join was told, whoever asked for that, has a leave too.
  if (!gone.has_value() || !gone->announced) return;
  ++counters_.leaves;
  FanOut(channel, std::make_shared<const EncodedPush>(RoutingOf(channel),
                                                      EncodedPush::Kind::kLeave,
                                                      std::move(gone->info)));
}

void Sequencer::DoUnsubscribe(WorkerId worker, const UnsubscribeOrder& order) {
  const auto found = channels_.find(order.channel_key);
  // A dropped site took its channels along.
  if (found == channels_.end() || found->second.by_worker[worker] == 0) return;
  Channel& channel = found->second;
  --channel.by_worker[worker];
  --channel.subscribers;
  --subscriptions_;
  --site_counters_[SiteOfKey(*channel.key)].subscriptions;
  if (order.delta && channel.delta_subscribers > 0) {
    --channel.delta_subscribers;
  }
  if (order.present && channel.roster != nullptr) Part(order, &channel);
  EraseIfIdle(order.channel_key);
}

void Sequencer::Part(const UnsubscribeOrder& order, Channel* channel) {
  const NamespaceOptions* options = OptionsOfKey(*channel->key);
  const int64_t grace_ms =
      options == nullptr || !order.lost ? 0 : options->presence_grace_ms;
  if (grace_ms > 0) {
    if (!channel->roster->Lose(order.client)) return;
    lost_.emplace(clock_->monotonic_ms() + grace_ms,
                  Lost{order.channel_key, order.client});
    return;
  }
  TellLeave(*channel, channel->roster->Leave(order.client));
}

void Sequencer::ExpireLost(int64_t now_ms) {
  while (!lost_.empty() && lost_.begin()->first <= now_ms) {
    const Lost lost = std::move(lost_.begin()->second);
    lost_.erase(lost_.begin());
    const auto found = channels_.find(lost.channel_key);
    if (found == channels_.end() || found->second.roster == nullptr) continue;
    TellLeave(found->second, found->second.roster->Expire(lost.client));
    EraseIfIdle(lost.channel_key);
  }
}

}  // namespace rt
