// Session's subscriptions: who may, how they begin, are refreshed and end.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "hub/channel_name.h"
#include "session/session.h"
#include "wire/client_protocol_codec.h"

namespace rt {

namespace {
// SubscribeRequest::flag: a failed recovery is an error.
constexpr int64_t kRejectUnrecovered = 2;
constexpr char kPrivatePrefix = '$';
}  // namespace

// --- Subscribing ------------------------------------------------------------

ProtocolError Session::CheckSubscribe(const SubscribeRequest& request) {
  const std::string& channel = request.channel;
  if (channel.size() > host_->limits().max_channel_bytes) {
    return kErrorBadRequest;
  }
  if (IsSubscribed(channel) || IsPending(channel)) {
    return kErrorAlreadySubscribed;
  }
  if (subscription_count_ + joining_count() >= MaxChannels()) {
    return kErrorLimitExceeded;
  }
  const NamespaceOptions* options = site_->namespaces.Find(channel);
  if (options == nullptr) return kErrorUnknownChannel;
  if (!IsChannelName(channel)) return kErrorBadRequest;
  if (request.type != 0) return kErrorPermissionDenied;
  return {};
}

ProtocolError Session::Authorize(const SubscribeRequest& request,
                                 const NamespaceOptions& options,
                                 TokenSubscription* like, Joining* joining) {
  if (!request.token.empty()) return AuthorizeByToken(request, like, joining);
  if (request.channel[0] == kPrivatePrefix ||
      !site_->namespaces.Allows(options, ChannelAction::kSubscribe, *identity_,
                                request.channel)) {
    Log(LogLevel::kDebug, "subscribe to {} refused: needs {}", request.channel,
        options.subscribe.Describe());
    return kErrorPermissionDenied;
  }
  return {};
}

ProtocolError Session::AuthorizeByToken(const SubscribeRequest& request,
                                        TokenSubscription* like,
                                        Joining* joining) {
  const TokenVerifier* tokens = site_->subscription_verifier();
  if (tokens == nullptr) return kErrorPermissionDenied;
  const auto verdict = tokens->VerifySubscription(
      request.token, host_->clock().wall_ms() / 1000);
  if (verdict.fault == TokenFault::kExpired) return kErrorTokenExpired;
  if (verdict.fault != TokenFault::kNone) {
    Log(LogLevel::kInfo, "subscribe to {} refused: {}", request.channel,
        verdict.why);
    return kErrorPermissionDenied;
  }
  const SubscriptionClaims& claims = verdict.claims;
  if (!IsMeant(claims, request.channel)) {
    Disconnect(kDisconnectInvalidToken);
    return kErrorPermissionDenied;
  }
  if (host_->Revoked(site_->id, claims.user, claims.id, claims.issued_at_s)) {
    return kErrorPermissionDenied;
  }
  like->info = claims.info;
  like->overrides = claims.overrides;
  joining->granted = true;
  joining->expire_at_s = claims.expire_at_s;
  joining->client_refreshes = claims.expire_at_s > 0;
  return {};
}

bool Session::IsMeant(const SubscriptionClaims& claims,
                      std::string_view channel) const {
  return claims.user == identity_->user() && claims.channel == channel &&
         (claims.client.empty() || claims.client == client_id());
}

size_t Session::MaxChannels() const {
  return static_cast<size_t>(
      LowerLimit(static_cast<int64_t>(host_->limits().max_channels),
                 site_->limits.channel_limit));
}

bool Session::MaySubscribe(std::string_view channel) const {
  const NamespaceOptions* options = site_->namespaces.Find(channel);
  if (options == nullptr) return false;
  if (site_->namespaces.Allows(*options, ChannelAction::kSubscribe, *identity_,
                               channel)) {
    return true;
  }
  const std::string_view rest = SplitChannel(channel).rest;
  return std::any_of(site_->subscriptions.begin(), site_->subscriptions.end(),
                     [&](const ServerSubscription& one) {
                       return one.channel == channel &&
                              one.who.Allows(*identity_, rest);
                     });
}

bool Session::HandleSubscribe(uint32_t id, SubscribeRequest request) {
  const bool known_delta = request.delta.empty() || request.delta == "fossil";
  if (request.channel.empty() || !known_delta) {
    Disconnect(kDisconnectBadRequest);
    return false;
  }
  if (const ProtocolError error = CheckSubscribe(request); error.code != 0) {
    return ReplyError(id, error);
  }
  const NamespaceOptions& options = *site_->namespaces.Find(request.channel);
  auto joining = std::make_unique<Joining>();
  TokenSubscription like;
  const ProtocolError refused =
      Authorize(request, options, &like, joining.get());
  if (state_ != State::kConnected) return false;
  if (refused.code != 0) return ReplyError(id, refused);
  if (request.tags_filter.has_value()) {
    if (!options.allow_tags_filter || !IsValidFilter(*request.tags_filter)) {
      return ReplyError(id, kErrorBadRequest);
    }
    joining->filter =
        std::make_shared<const FilterNode>(std::move(*request.tags_filter));
  }
  Join(id, request, options, like, std::move(joining));
  return true;
}

void Session::Join(uint32_t id, const SubscribeRequest& request,
                   const NamespaceOptions& options,
                   const TokenSubscription& like,
                   std::unique_ptr<Joining> joining) {
  const SubscriptionOverrides& overrides = like.overrides;
  SubscribeOrder order;
  order.site_id = site_->id;
  order.channel = request.channel;
  order.positioned = request.positioned;
  order.recoverable = request.recoverable;
  order.force_positioning = overrides.force_positioning.value_or(false);
  order.force_recovery = overrides.force_recovery.value_or(false);
  order.recover = request.recover;
  order.offset = request.offset;
  order.epoch = request.epoch;
  order.reject_unrecovered = (request.flag & kRejectUnrecovered) != 0;
  order.announced = overrides.join_leave.value_or(options.join_leave);
  order.present =
      overrides.presence.value_or(options.presence) || order.announced;
  // Patches and filters exclude each other: a patch needs the one before.
  order.delta = request.delta == "fossil" && options.allows_delta() &&
                joining->filter == nullptr;
  if (order.present) {
    order.client = client_;
    order.info = MakeInfo();
    order.info.chan_info = like.info;
  }
  joining->delta = order.delta;
  joining->present = order.present;
  joining->joins =
      order.announced &&
      (request.join_leave ||
       overrides.force_push_join_leave.value_or(options.force_push_join_leave));
  joining->data = like.data;
  order.ticket = MakeTicket(id, request.channel, std::move(joining));
  host_->Order({0, std::move(order)});
}

void Session::OnAnswer(SubscribeAnswer answer) {
  PendingCommand pending = TakePending(answer.ticket);
  const Joining& joining = *pending.joining;
  const auto undo = [&] {
    if (answer.error.code != 0) return;
    const bool lost = state_ != State::kConnected;
    host_->Order({0, std::move(answer).Undo(lost)});
  };
  if (state_ == State::kJoining) {
    if (answer.error.code != 0) return RefuseConnect(answer.error);
    AddSubscription(answer, joining);
    if (!PutInForm(joining, &answer.result)) return OnUnreadable();
    before_->subs.emplace(std::move(pending.channel), std::move(answer.result));
    if (--before_->awaited == 0) FinishConnect();
    return;
  }
  if (state_ != State::kConnected) return undo();
  if (answer.error.code != 0) {
    if (pending.id != 0 && !ReplyError(pending.id, answer.error)) return;
  } else if (!joining.granted && !MaySubscribe(pending.channel)) {
    // Its rights have changed meanwhile.
    undo();
    if (pending.id != 0 && !ReplyError(pending.id, kErrorPermissionDenied)) {
      return;
    }
  } else {
    const std::vector<uint32_t> unsubscribes = std::move(pending.unsubscribes);
    const std::string channel = pending.channel;
    FinishJoin(std::move(pending), std::move(answer));
    for (const uint32_t id : unsubscribes) {
      if (state_ != State::kConnected || !HandleUnsubscribe(id, channel)) {
        return;
      }
    }
    return;
  }
  for (const uint32_t id : pending.unsubscribes) {
    if (!HandleUnsubscribe(id, pending.channel)) return;
  }
}

void Session::FinishJoin(PendingCommand pending, SubscribeAnswer answer) {
  const Joining& joining = *pending.joining;
  AddSubscription(answer, joining);
  SubscribeResult& result = answer.result;
  if (!PutInForm(joining, &result)) return OnUnreadable();
  if (joining.client_refreshes) {
    result.expires = true;
    result.ttl = SecondsUntil(joining.expire_at_s);
  }
  std::string reply;
  if (pending.id == 0) {
    codec_->AppendSubscribePush(pending.channel, result, &reply);
  } else {
    codec_->AppendSubscribe(pending.id, result, &reply);
  }
  Send(reply);
  if (pending.id != 0) return;
  // A push of a subscription has no room for what was missed.
  for (const PublicationInForm& one : result.publications) {
    Send(unidirectional() ? one.push->BareReply() : one.push->Reply(one.form));
  }
}

bool Session::PutInForm(const Joining& joining, SubscribeResult* result) const {
  const bool json = codec_->encoding() == Encoding::kJson;
  result->delta = joining.delta;
  result->data = joining.data;
  if (joining.filter != nullptr) {
    std::erase_if(result->publications, [&](const PublicationInForm& one) {
      return !Matches(*joining.filter, one.push->publication().tags);
    });
  }
  for (PublicationInForm& one : result->publications) {
    if (json && !one.push->is_json()) return false;
    // Whole, each of them: only the channel knows what a patch applies to.
    one.form = !json           ? PushForm::kProtobuf
               : joining.delta ? PushForm::kJsonText
                               : PushForm::kJson;
  }
  return true;
}

void Session::AddSubscription(const SubscribeAnswer& answer,
                              const Joining& joining) {
  auto subscription = std::make_unique<Subscription>();
  subscription->server_side = joining.server_side;
  subscription->granted = joining.granted;
  subscription->positioned = answer.result.positioned;
  subscription->delta = joining.delta;
  subscription->present = joining.present;
  if (joining.expire_at_s > 0) {
    subscription->extra = std::make_unique<Extra>();
    subscription->extra->client_refreshes = joining.client_refreshes;
    subscription->extra->expire_at_ms =
        DeadlineOf(joining.expire_at_s, joining.client_refreshes);
  }
  SubscriberTable::Options options;
  options.framing = transport_->framing();
  options.joins = joining.joins;
  options.delta = joining.delta;
  options.has_base = answer.has_base;
  options.filter = joining.filter;
  const NamespaceOptions* name_space =
      site_->namespaces.Find(ChannelOfKey(answer.channel_key));
  options.latest_only = name_space != nullptr && name_space->latest_only;
  host_->subscribers().Add(answer, options, this, &subscription->place);
  const bool expires = subscription->extra != nullptr;
  subscription->next = std::move(subscriptions_);
  subscriptions_ = std::move(subscription);
  ++subscription_count_;
  if (expires) Schedule();
}

// --- Refreshing -------------------------------------------------------------

bool Session::HandleSubRefresh(uint32_t id, const std::string& channel,
                               const std::string& token) {
  if (channel.empty()) {
    Disconnect(kDisconnectBadRequest);
    return false;
  }
  Subscription* subscription = FindSubscription(channel)->get();
  if (subscription == nullptr) return ReplyError(id, kErrorPermissionDenied);
  if (subscription->extra == nullptr ||
      !subscription->extra->client_refreshes) {
    Disconnect(kDisconnectBadRequest);
    return false;
  }
  if (token.empty()) return ReplyError(id, kErrorBadRequest);
  const auto verdict = site_->subscription_verifier()->VerifySubscription(
      token, host_->clock().wall_ms() / 1000);
  if (verdict.fault == TokenFault::kExpired) {
    Disconnect(kDisconnectSubscriptionExpired);
    return false;
  }
  const SubscriptionClaims& claims = verdict.claims;
  if (verdict.fault != TokenFault::kNone || !IsMeant(claims, channel) ||
      host_->Revoked(site_->id, claims.user, claims.id, claims.issued_at_s)) {
    Disconnect(kDisconnectInvalidToken);
    return false;
  }
  SubRefreshResult result;
  result.expires = claims.expire_at_s > 0;
  if (result.expires) result.ttl = SecondsUntil(claims.expire_at_s);
  subscription->extra->client_refreshes = result.expires;
  subscription->extra->expire_at_ms = DeadlineOf(claims.expire_at_s, true);
  Schedule();
  std::string reply;
  codec_->AppendSubRefresh(id, result, &reply);
  Send(reply);
  return true;
}

// --- Unsubscribing ----------------------------------------------------------

bool Session::HandleUnsubscribe(uint32_t id, const std::string& channel) {
  if (channel.empty()) {
    Disconnect(kDisconnectBadRequest);
    return false;
  }
  // A subscribe under way is answered first, then undone.
  for (PendingCommand& pending : pending_) {
    if (pending.channel != channel) continue;
    if (pending.unsubscribes.size() >= kMaxQueuedCommands) {
      Disconnect(kDisconnectBadRequest);
      return false;
    }
    pending.unsubscribes.push_back(id);
    return true;
  }
  if (IsSubscribed(channel)) RemoveSubscription(FindSubscription(channel));
  ReplyEmpty(id, Command::Kind::kUnsubscribe);
  return true;
}

void Session::RemoveSubscription(std::unique_ptr<Subscription>* link,
                                 bool lost) {
  const std::unique_ptr<Subscription> gone = std::move(*link);
  *link = std::move(gone->next);
  --subscription_count_;
  UnsubscribeOrder order;
  order.channel_key = SubscriberTable::KeyOf(gone->place);
  order.delta = gone->delta;
  order.present = gone->present;
  order.lost = lost;
  order.client = client_;
  host_->subscribers().Remove(&gone->place);
  host_->Order({0, std::move(order)});
}

void Session::RemoveAllSubscriptions() {
  while (subscriptions_ != nullptr) RemoveSubscription(&subscriptions_, true);
}

// --- Book-keeping -----------------------------------------------------------

Ticket Session::MakeTicket(uint32_t id, std::string channel,
                           std::unique_ptr<Joining> joining) {
  PendingCommand pending;
  pending.sequence = next_sequence_++;
  pending.id = id;
  pending.channel = std::move(channel);
  pending.joining = std::move(joining);
  const Ticket ticket = id_ << kSequenceBits | pending.sequence;
  pending_.push_back(std::move(pending));
  return ticket;
}

Session::PendingCommand Session::TakePending(Ticket ticket) {
  const auto sequence = static_cast<uint16_t>(ticket);
  const auto found = std::find_if(
      pending_.begin(), pending_.end(),
      [sequence](const PendingCommand& p) { return p.sequence == sequence; });
  RT_CHECK(found != pending_.end());
  PendingCommand pending = std::move(*found);
  pending_.erase(found);
  if (pending_.empty()) pending_.shrink_to_fit();
  return pending;
}

std::unique_ptr<Session::Subscription>* Session::FindSubscription(
    std::string_view channel) {
  auto* link = &subscriptions_;
  while (*link != nullptr &&
         ChannelOfKey(SubscriberTable::KeyOf((*link)->place)) != channel) {
    link = &(*link)->next;
  }
  return link;
}

bool Session::IsPending(std::string_view channel) const {
  return std::any_of(
      pending_.begin(), pending_.end(),
      [channel](const PendingCommand& p) { return p.channel == channel; });
}

size_t Session::joining_count() const {
  return static_cast<size_t>(
      std::count_if(pending_.begin(), pending_.end(),
                    [](const auto& one) { return one.joining != nullptr; }));
}

}  // namespace rt
