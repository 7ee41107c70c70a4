#include "session/session.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "hub/channel_name.h"
#include "wire/client_protocol_codec.h"

namespace rt {

Session::Session(SessionHost* host, Transport* transport,
                 const ClientProtocolCodec* codec, SitePtr site,
                 Handshake handshake)
    : transport_(transport),
      https_(handshake.https),
      host_(host),
      codec_(codec),
      id_(host->Register(this, site->id, handshake.counted_address())),
      site_(std::move(site)),
      before_(std::make_unique<BeforeConnect>()),
      client_(RandomUuidBytes()) {
  if (handshake.count_address) rare().address = handshake.address;
  before_->handshake = std::move(handshake);
  host_->metrics().opened.Add(MetricsIndex());
  host_->timers().Set(this, host_->clock().monotonic_ms(),
                      host_->limits().stale_ms);
}

Session::~Session() {
  RemoveAllSubscriptions();
  if (let_in_) host_->LetOut(*this);
  if (rare_ != nullptr && !rare_->name.empty()) {
    host_->UnregisterEmulated(rare_->name);
  }
  host_->metrics().closed.Add(MetricsIndex());
  host_->Unregister(id_, site_->id, address());
}

std::string Session::client_id() const { return FormatUuid(client_); }

const std::string& Session::name() const {
  static const std::string kNone;
  return rare_ == nullptr ? kNone : rare_->name;
}

const std::string& Session::address() const {
  static const std::string kNone;
  return rare_ == nullptr ? kNone : rare_->address;
}

Session::Rare& Session::rare() {
  if (rare_ == nullptr) rare_ = std::make_unique<Rare>();
  return *rare_;
}

bool Session::unidirectional() const {
  return transport_->framing().unidirectional;
}

size_t Session::MetricsIndex() const {
  return static_cast<size_t>(transport_->kind()) +
         (codec_->encoding() == Encoding::kProtobuf ? kTransportKinds : 0);
}

// --- Deadlines --------------------------------------------------------------

void Session::Schedule() {
  if (state_ != State::kConnected) return;
  int64_t due = next_ping_ms_;
  const auto take = [&due](int64_t deadline) {
    if (deadline > 0 && (due == 0 || deadline < due)) due = deadline;
  };
  if (rare_ != nullptr) {
    take(rare_->expire_at_ms);
    take(rare_->too_old_at_ms);
  }
  for (const Subscription* one = subscriptions_.get(); one != nullptr;
       one = one->next.get()) {
    if (one->extra != nullptr) take(one->extra->expire_at_ms);
  }
  if (due == 0) return Cancel();
  const int64_t now_ms = host_->clock().monotonic_ms();
  host_->timers().Set(this, now_ms, std::max<int64_t>(due - now_ms, 0));
}

void Session::OnTimer() {
  switch (state_) {
    case State::kNew:
    case State::kAuthenticating:
    case State::kJoining:
      return Disconnect(kDisconnectStale);
    case State::kRefused:
      return Disconnect(kDisconnectConnectionClosed);
    case State::kClosed:
      return;
    case State::kConnected:
      break;
  }
  const int64_t now_ms = host_->clock().monotonic_ms();
  if (!Expire(now_ms)) return;
  if (next_ping_ms_ > 0 && now_ms >= next_ping_ms_) {
    if (awaits_pong_) return Disconnect(kDisconnectNoPong);
    const SessionLimits& limits = host_->limits();
    awaits_pong_ = !unidirectional() && limits.pong_timeout_ms > 0;
    next_ping_ms_ = now_ms + (awaits_pong_ ? limits.pong_timeout_ms
                                           : limits.ping_interval_ms);
    host_->metrics().pings.Add(0);
    if (transport_->native_pings()) {
      transport_->SendNativePing();
    } else {
      std::string ping;
      codec_->AppendPing(&ping);
      Send(ping);
    }
  }
  Schedule();
}

void Session::OnNativePong() {
  // Peers may pong unasked, as a sign of life.
  if (state_ == State::kConnected && awaits_pong_) HandlePong();
}

bool Session::HandlePong() {
  if (state_ != State::kConnected || !awaits_pong_) {
    Disconnect(kDisconnectBadRequest);
    return false;
  }
  awaits_pong_ = false;
  const SessionLimits& limits = host_->limits();
  // The next one an interval after the last, whenever that was answered.
  next_ping_ms_ += limits.ping_interval_ms - limits.pong_timeout_ms;
  Schedule();
  return true;
}

bool Session::Expire(int64_t now_ms) {
  if (rare_ != nullptr) {
    if (rare_->expire_at_ms > 0 && now_ms >= rare_->expire_at_ms) {
      Disconnect(kDisconnectExpired);
      return false;
    }
    if (rare_->too_old_at_ms > 0 && now_ms >= rare_->too_old_at_ms) {
      Disconnect(kDisconnectForceReconnect);
      return false;
    }
  }
  auto* link = &subscriptions_;
  while (*link != nullptr) {
    const Subscription& one = **link;
    if (one.extra == nullptr || one.extra->expire_at_ms == 0 ||
        now_ms < one.extra->expire_at_ms) {
      link = &(*link)->next;
      continue;
    }
    if (one.server_side) {
      Disconnect(kDisconnectSubscriptionExpired);
      return false;
    }
    const std::string channel(ChannelOfKey(SubscriberTable::KeyOf(one.place)));
    RemoveSubscription(link);
    PushUnsubscribe(channel, kUnsubscribeExpired);
  }
  return true;
}

int64_t Session::DeadlineOf(int64_t expire_at_s, bool client_refreshes) const {
  if (expire_at_s <= 0) return 0;
  const int64_t left_ms = expire_at_s * 1000 - host_->clock().wall_ms();
  const int64_t grace_ms =
      client_refreshes ? host_->limits().expired_grace_ms : 0;
  return host_->clock().monotonic_ms() + std::max<int64_t>(left_ms, 0) +
         grace_ms;
}

uint32_t Session::SecondsUntil(int64_t expire_at_s) const {
  const int64_t left_ms = expire_at_s * 1000 - host_->clock().wall_ms();
  // One at least: to a client 0 is no ttl at all.
  return static_cast<uint32_t>(
      std::clamp<int64_t>(left_ms / 1000, 1, UINT32_MAX));
}

// --- What subscribers are given ---------------------------------------------

void Session::OnPublications(const BufferRef& framed, bool last) {
  if (state_ == State::kConnected) transport_->SendFramed(framed, last);
}

void Session::OnLatest(const BufferRef& framed, SubscriberTable::Place* place) {
  if (state_ != State::kConnected) return;
  if (transport_->backlog() <= kMaxLatestBacklogBytes) {
    return transport_->SendFramed(framed, false);
  }
  host_->metrics().skipped.Add(0);
  for (Subscription* one = subscriptions_.get(); one != nullptr;
       one = one->next.get()) {
    if (&one->place != place) continue;
    if (one->extra == nullptr) one->extra = std::make_unique<Extra>();
    one->extra->behind = true;
    transport_->TellWhenCaughtUp();
  }
}

void Session::OnCaughtUp() {
  if (state_ != State::kConnected) return;
  for (Subscription* one = subscriptions_.get(); one != nullptr;
       one = one->next.get()) {
    if (one->extra == nullptr || !one->extra->behind) continue;
    one->extra->behind = false;
    const BufferRef latest = SubscriberTable::Latest(one->place);
    if (latest) transport_->SendFramed(latest, false);
  }
}

void Session::OnUnreadable() { Disconnect(kDisconnectInappropriateProtocol); }

void Session::OnStreamLost(SubscriberTable::Place* place) {
  if (state_ != State::kConnected) return;
  auto* link = &subscriptions_;
  while (*link != nullptr && &(*link)->place != place) link = &(*link)->next;
  if (*link == nullptr || !(*link)->positioned) return;
  host_->metrics().lost.Add(0);
  if ((*link)->server_side) {
    return Disconnect(kDisconnectInsufficientState);
  }
  const std::string channel(ChannelOfKey(SubscriberTable::KeyOf(*place)));
  RemoveSubscription(link, true);
  PushUnsubscribe(channel, kUnsubscribeInsufficientState);
}

// --- Ends -------------------------------------------------------------------

void Session::Disconnect(const DisconnectCode& why, bool flush) {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  host_->metrics().disconnects.Add(SessionMetrics::DisconnectIndex(why.code));
  Cancel();
  RemoveAllSubscriptions();
  if (std::exchange(let_in_, false)) host_->LetOut(*this);
  before_.reset();
  transport_->Close(why, flush);
}

void Session::EndLogin() {
  Disconnect(site_->anonymous ? kDisconnectSessionEnded
                              : kDisconnectSessionEndedForGood);
}

void Session::OnSiteChanged(SitePtr site) {
  site_ = std::move(site);
  if (state_ == State::kJoining) before_->rights_changed = true;
  if (state_ != State::kConnected) return;
  if (!identity_->logged_in() && !site_->anonymous && claims_ == nullptr) {
    return EndLogin();
  }
  RecheckSubscriptions();
}

void Session::OnReauthenticated(Result<IdentityPtr> identity) {
  if (!known()) return;
  if (!identity.ok()) {
    if (identity.error().code == ErrorCode::kUnavailable) return;
    return EndLogin();
  }
  if ((*identity)->user() != identity_->user()) return EndLogin();
  identity_ = std::move(identity).value();
  if (state_ == State::kConnected) return RecheckSubscriptions();
  before_->rights_changed = true;
}

void Session::RecheckSubscriptions() {
  auto* link = &subscriptions_;
  while (*link != nullptr) {
    const std::string channel(
        ChannelOfKey(SubscriberTable::KeyOf((*link)->place)));
    // What a token granted holds until it expires.
    if ((*link)->granted || MaySubscribe(channel)) {
      link = &(*link)->next;
      continue;
    }
    RemoveSubscription(link);
    PushUnsubscribe(channel, kUnsubscribePermissionChanged);
  }
}

// --- By the API -------------------------------------------------------------

void Session::Subscribe(const ServerSubscribe& what) {
  if (state_ != State::kConnected) return;
  const NamespaceOptions* options = site_->namespaces.Find(what.channel);
  if (options == nullptr || IsSubscribed(what.channel) ||
      IsPending(what.channel)) {
    return;
  }
  if (subscription_count_ + joining_count() >= MaxChannels()) {
    return Disconnect(kDisconnectChannelLimit);
  }
  SubscribeRequest request;
  request.channel = what.channel;
  request.recover = what.recover;
  request.offset = what.offset;
  request.epoch = what.epoch;
  auto joining = std::make_unique<Joining>();
  joining->server_side = true;
  joining->granted = true;
  joining->expire_at_s = what.expire_at_s;
  Join(0, request, *options, what.like, std::move(joining));
}

void Session::Unsubscribe(std::string_view channel,
                          const UnsubscribeCode& why) {
  if (state_ != State::kConnected) return;
  auto* link = &subscriptions_;
  while (*link != nullptr) {
    const std::string name(
        ChannelOfKey(SubscriberTable::KeyOf((*link)->place)));
    if (!channel.empty() && name != channel) {
      link = &(*link)->next;
      continue;
    }
    RemoveSubscription(link);
    PushUnsubscribe(name, why);
  }
}

void Session::Refresh(int64_t expire_at_s) {
  if (state_ != State::kConnected) return;
  rare().client_refreshes = false;
  rare().expire_at_ms = DeadlineOf(expire_at_s, false);
  Schedule();
  if (!unidirectional()) return;
  std::string push;
  codec_->AppendRefreshPush(
      expire_at_s > 0, expire_at_s > 0 ? SecondsUntil(expire_at_s) : 0, &push);
  Send(push);
}

// --- Replies ----------------------------------------------------------------

bool Session::ReplyError(uint32_t id, const ProtocolError& error) {
  host_->metrics().errors.Add(SessionMetrics::ErrorIndex(error.code));
  std::string reply;
  codec_->AppendError(id, error, &reply);
  Send(reply);
  const auto rate = static_cast<double>(
      LowerLimit(host_->limits().error_rate, site_->limits.error_rate_limit));
  if (rate > 0 &&
      !rare().errors.Take(host_->clock().monotonic_ms(), rate / 60, rate)) {
    Disconnect(kDisconnectTooManyErrors);
    return false;
  }
  return true;
}

void Session::ReplyEmpty(uint32_t id, Command::Kind kind) {
  std::string reply;
  codec_->AppendEmpty(id, kind, &reply);
  Send(reply);
}

void Session::PushUnsubscribe(std::string_view channel,
                              const UnsubscribeCode& why) {
  std::string push;
  codec_->AppendUnsubscribePush(channel, why.code, why.reason, &push);
  Send(push);
}

}  // namespace rt
