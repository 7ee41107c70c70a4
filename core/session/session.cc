#include "session/session.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "hub/channel_name.h"
#include "wire/client_protocol_codec.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

std::string ConnInfo(const Identity& identity) {
  if (!identity.logged_in()) return {};
  std::string json = "{\"name\":";
  AppendJsonString(identity.name, &json);
  json += '}';
  return json;
}

std::string UserOf(const Identity& identity) {
  return identity.logged_in() ? std::to_string(identity.uid) : std::string();
}

}  // namespace

Session::Session(SessionHost* host, Transport* transport,
                 const ClientProtocolCodec* codec, SitePtr site,
                 Handshake handshake)
    : transport_(transport),
      https_(handshake.https),
      host_(host),
      codec_(codec),
      id_(host->Register(this)),
      site_(std::move(site)),
      before_(std::make_unique<BeforeConnect>()),
      client_(RandomUuidBytes()) {
  before_->handshake = std::move(handshake);
  host_->timers().Set(this, host_->clock().monotonic_ms(),
                      host_->limits().stale_ms);
}

Session::~Session() {
  RemoveAllSubscriptions();
  host_->Unregister(id_);
}

std::string Session::client_id() const { return FormatUuid(client_); }

ClientInfo Session::MakeInfo() const {
  ClientInfo info;
  info.user = UserOf(*identity_);
  info.client = client_id();
  info.conn_info = ConnInfo(*identity_);
  return info;
}

bool Session::HandleConnect(Command command) {
  if (state_ != State::kNew || command.id == 0) {
    Disconnect(kDisconnectBadRequest);
    return false;
  }
  before_->connect_id = command.id;
  state_ = State::kAuthenticating;
  host_->Authenticate(id_, site_, before_->handshake, command.connect);
  return state_ != State::kClosed;
}

void Session::OnAuthenticated(Result<IdentityPtr> identity) {
  if (state_ != State::kAuthenticating) return;
  if (!identity.ok()) {
    switch (identity.error().code) {
      case ErrorCode::kUnavailable:
      case ErrorCode::kLimit:
        return Disconnect(kDisconnectServerError);
      case ErrorCode::kDenied:
        return Disconnect(kDisconnectInvalidToken);
      default:
        return Disconnect(kDisconnectBadRequest);
    }
  }
  identity_ = std::move(identity).value();
  if (!identity_->logged_in() && !site_->anonymous) {
    return Disconnect(kDisconnectBadRequest);
  }
  if (identity_->logged_in()) return JoinOwnChannel();
  FinishConnect({});
}

void Session::JoinOwnChannel() {
  state_ = State::kJoining;
  SubscribeOrder order;
  order.channel = "user:" + UserOf(*identity_);
  order.site_id = site_->id;
  order.ticket = MakeTicket(0, order.channel);
  host_->Order({0, std::move(order)});
}

void Session::FinishConnect(ConnectResult result) {
  state_ = State::kConnected;
  result.client = client_id();
  result.version = RT_VERSION;
  const SessionLimits& limits = host_->limits();
  if (limits.ping_interval_ms > 0) {
    result.ping_seconds = static_cast<uint32_t>(limits.ping_interval_ms / 1000);
    result.pong = true;
    // The first one anywhere in the second half of the interval, so that a
    // crowd that came at once does not ping at once.
    const int64_t half = limits.ping_interval_ms / 2;
    next_ping_ms_ =
        host_->clock().monotonic_ms() + half +
        static_cast<int64_t>(RandomBelow(static_cast<uint64_t>(half) + 1));
  }
  std::string reply;
  codec_->AppendConnect(before_->connect_id, result, &reply);
  transport_->SendReply(reply);
  std::vector<Command> queued = std::move(before_->queued);
  before_.reset();
  SchedulePing();
  for (Command& command : queued) {
    if (!Handle(std::move(command))) return;
  }
}

void Session::SchedulePing() {
  if (host_->limits().ping_interval_ms <= 0) return Cancel();
  const int64_t now_ms = host_->clock().monotonic_ms();
  host_->timers().Set(this, now_ms,
                      std::max<int64_t>(next_ping_ms_ - now_ms, 0));
}

void Session::OnTimer() {
  switch (state_) {
    case State::kNew:
    case State::kAuthenticating:
    case State::kJoining:
      return Disconnect(kDisconnectStale);
    case State::kClosed:
      return;
    case State::kConnected:
      break;
  }
  if (awaits_pong_) return Disconnect(kDisconnectNoPong);
  const int64_t now_ms = host_->clock().monotonic_ms();
  awaits_pong_ = true;
  next_ping_ms_ = now_ms + host_->limits().ping_interval_ms;
  std::string ping;
  codec_->AppendPing(&ping);
  transport_->SendReply(ping);
  host_->timers().Set(this, now_ms, host_->limits().pong_timeout_ms);
}

bool Session::HandlePong() {
  if (state_ != State::kConnected || !awaits_pong_) {
    Disconnect(kDisconnectBadRequest);
    return false;
  }
  awaits_pong_ = false;
  SchedulePing();
  return true;
}

void Session::OnPublications(const BufferRef& framed, bool last) {
  if (state_ == State::kConnected) transport_->SendFramed(framed, last);
}

void Session::Disconnect(const DisconnectCode& why, bool flush) {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  Cancel();
  RemoveAllSubscriptions();
  before_.reset();
  transport_->Close(why, flush);
}

void Session::EndLogin() {
  Disconnect(site_->anonymous ? kDisconnectSessionEnded
                              : kDisconnectSessionEndedForGood);
}

void Session::OnSiteChanged(SitePtr site) {
  site_ = std::move(site);
  if (state_ != State::kConnected) return;
  if (!identity_->logged_in() && !site_->anonymous) return EndLogin();
  RecheckSubscriptions();
}

void Session::OnReauthenticated(Result<IdentityPtr> identity) {
  if (!known()) return;
  if (!identity.ok()) {
    if (identity.error().code == ErrorCode::kUnavailable) return;
    return EndLogin();
  }
  if ((*identity)->uid != identity_->uid) return EndLogin();
  identity_ = std::move(identity).value();
  RecheckSubscriptions();
}

void Session::RecheckSubscriptions() {
  auto* link = &subscriptions_;
  while (*link != nullptr) {
    const std::string channel(
        ChannelOfKey(SubscriberTable::KeyOf((*link)->place)));
    if (MaySubscribe(channel)) {
      link = &(*link)->next;
      continue;
    }
    RemoveSubscription(link);
    std::string push;
    codec_->AppendUnsubscribePush(channel, kUnsubscribePermissionChanged.code,
                                  kUnsubscribePermissionChanged.reason, &push);
    transport_->SendReply(push);
  }
}

Ticket Session::MakeTicket(uint32_t id, std::string channel) {
  PendingCommand pending;
  pending.sequence = next_sequence_++;
  pending.id = id;
  pending.channel = std::move(channel);
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

void Session::AddSubscription(const std::string& channel_key) {
  auto subscription = std::make_unique<Subscription>();
  host_->subscribers().Add(channel_key, transport_->framing(), this,
                           &subscription->place);
  subscription->next = std::move(subscriptions_);
  subscriptions_ = std::move(subscription);
  ++subscription_count_;
}

void Session::RemoveSubscription(std::unique_ptr<Subscription>* link) {
  const std::unique_ptr<Subscription> gone = std::move(*link);
  *link = std::move(gone->next);
  --subscription_count_;
  UnsubscribeOrder order;
  order.channel_key = SubscriberTable::KeyOf(gone->place);
  host_->subscribers().Remove(&gone->place);
  host_->Order({0, std::move(order)});
}

void Session::RemoveAllSubscriptions() {
  while (subscriptions_ != nullptr) RemoveSubscription(&subscriptions_);
}

}  // namespace rt
