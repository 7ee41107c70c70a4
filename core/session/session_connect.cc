// Session's way from the first command to the connect reply.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "hub/channel_name.h"
#include "session/session.h"
#include "wire/client_protocol_codec.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

std::string ConnInfo(const Identity& identity) {
  if (identity.name.empty()) return {};
  return "{\"name\":" + JsonString(identity.name) + "}";
}

// A tenth of `ms` more or less, so that a crowd that came at once does not
// leave at once.
int64_t Jittered(int64_t ms) {
  const int64_t tenth = ms / 10;
  return ms - tenth +
         static_cast<int64_t>(
             RandomBelow(static_cast<uint64_t>(2 * tenth) + 1));
}

}  // namespace

ClientInfo Session::MakeInfo() const {
  ClientInfo info;
  info.user = identity_->user();
  info.client = client_id();
  info.conn_info = claims_ != nullptr && !claims_->info.empty()
                       ? claims_->info
                       : ConnInfo(*identity_);
  return info;
}

bool Session::HandleConnect(Command command) {
  if (state_ != State::kNew || command.id == 0) {
    Disconnect(kDisconnectBadRequest);
    return false;
  }
  before_->connect_id = command.id;
  before_->wanted = std::move(command.connect.subs);
  state_ = State::kAuthenticating;
  host_->Authenticate(id_, site_, before_->handshake, command.connect);
  return state_ != State::kClosed;
}

void Session::OnAuthenticated(Result<Login> login) {
  if (state_ != State::kAuthenticating) return;
  if (!login.ok()) {
    switch (login.error().code) {
      case ErrorCode::kUnavailable:
      case ErrorCode::kLimit:
        return Disconnect(kDisconnectServerError);
      case ErrorCode::kDenied:
        return Disconnect(kDisconnectInvalidToken);
      default:
        return Disconnect(kDisconnectBadRequest);
    }
  }
  if (login->error.code != 0) return RefuseConnect(login->error);
  identity_ = std::move(login->identity);
  claims_ = std::move(login->claims);
  // A token for an anonymous visitor says that this one may.
  if (!identity_->logged_in() && !site_->anonymous && claims_ == nullptr) {
    return Disconnect(kDisconnectBadRequest);
  }
  if (const DisconnectCode refused = host_->LetIn(*this); refused.code != 0) {
    return Disconnect(refused);
  }
  let_in_ = true;
  JoinOwnChannels();
}

void Session::RefuseConnect(const ProtocolError& error) {
  if (unidirectional()) {
    // Who only listens gets no replies.
    switch (error.code) {
      case kErrorTokenExpired.code:
      case kErrorExpired.code:
        return Disconnect(kDisconnectExpired);
      case kErrorTooManyRequests.code:
        return Disconnect(kDisconnectTooManyRequests);
      case kErrorPermissionDenied.code:
        return Disconnect(kDisconnectPermissionDenied);
      default:
        return Disconnect(kDisconnectServerError);
    }
  }
  const uint32_t id = before_->connect_id;
  state_ = State::kRefused;
  RemoveAllSubscriptions();
  if (std::exchange(let_in_, false)) host_->LetOut(*this);
  before_.reset();
  host_->timers().Set(this, host_->clock().monotonic_ms(), kCloseTimeoutMs);
  ReplyError(id, error);
}

void Session::JoinOwnChannels() {
  state_ = State::kJoining;
  // Held until all were asked for, so that an answer cannot finish it early.
  ++before_->awaited;
  // A site's users have a channel of their own.
  if (identity_->uid != 0 && !site_->key.empty() &&
      !JoinAtConnect("user:" + identity_->user(), nullptr)) {
    return;
  }
  for (const ServerSubscription& one : site_->subscriptions) {
    const std::string_view rest = SplitChannel(one.channel).rest;
    if (one.who.Allows(*identity_, rest) &&
        !JoinAtConnect(one.channel, nullptr)) {
      return;
    }
  }
  if (claims_ != nullptr) {
    for (const auto& [channel, like] : claims_->subs) {
      if (!JoinAtConnect(channel, &like)) return;
    }
  }
  if (unidirectional()) JoinWanted();
  if (state_ != State::kJoining) return;
  if (--before_->awaited == 0) FinishConnect();
}

bool Session::JoinAtConnect(const std::string& channel,
                            const TokenSubscription* like) {
  if (IsPending(channel)) return true;
  const NamespaceOptions* options = site_->namespaces.Find(channel);
  if (options == nullptr || !IsChannelName(channel)) {
    RefuseConnect(options == nullptr ? kErrorUnknownChannel : kErrorBadRequest);
    return false;
  }
  if (joining_count() >= MaxChannels()) {
    Disconnect(kDisconnectChannelLimit);
    return false;
  }
  SubscribeRequest request;
  // Where the client was before.
  if (const auto wanted = before_->wanted.find(channel);
      wanted != before_->wanted.end()) {
    request = std::move(wanted->second);
  }
  request.channel = channel;
  auto joining = std::make_unique<Joining>();
  joining->server_side = true;
  joining->granted = like != nullptr;
  ++before_->awaited;
  Join(0, request, *options, like == nullptr ? TokenSubscription() : *like,
       std::move(joining));
  return true;
}

void Session::JoinWanted() {
  // Who only listens names its channels here; what it may not have is skipped.
  for (auto& [channel, request] : before_->wanted) {
    if (IsPending(channel)) continue;
    const NamespaceOptions* options = site_->namespaces.Find(channel);
    if (options == nullptr) return Disconnect(kDisconnectBadRequest);
    request.channel = channel;
    auto joining = std::make_unique<Joining>();
    joining->server_side = true;
    TokenSubscription like;
    if (CheckSubscribe(request).code != 0 ||
        Authorize(request, *options, &like, joining.get()).code != 0) {
      if (state_ != State::kJoining) return;
      continue;
    }
    ++before_->awaited;
    Join(0, request, *options, like, std::move(joining));
  }
}

void Session::FinishConnect() {
  state_ = State::kConnected;
  ConnectResult result;
  result.client = client_id();
  result.version = RT_VERSION;
  result.subs = std::move(before_->subs);
  const int64_t now_ms = host_->clock().monotonic_ms();
  const SessionLimits& limits = host_->limits();
  if (limits.ping_interval_ms > 0) {
    if (!transport_->native_pings()) {
      result.ping_seconds =
          static_cast<uint32_t>(limits.ping_interval_ms / 1000);
      result.pong = limits.pong_timeout_ms > 0;
    }
    // The first one anywhere in the second half of the interval, so that a
    // crowd that came at once does not ping at once.
    const int64_t half = limits.ping_interval_ms / 2;
    next_ping_ms_ =
        now_ms + half +
        static_cast<int64_t>(RandomBelow(static_cast<uint64_t>(half) + 1));
  }
  if (claims_ != nullptr && claims_->expire_at_s > 0) {
    rare().client_refreshes = !unidirectional();
    rare().expire_at_ms =
        DeadlineOf(claims_->expire_at_s, rare().client_refreshes);
    result.expires = true;
    result.ttl = SecondsUntil(claims_->expire_at_s);
  }
  if (limits.max_age_ms > 0) {
    rare().too_old_at_ms = now_ms + Jittered(limits.max_age_ms);
  }
  if (transport_->emulated() || unidirectional()) {
    rare().name = RandomUuid();
    host_->RegisterEmulated(rare().name, id_);
    result.session = rare().name;
    result.node = host_->node();
  }
  std::string reply;
  codec_->AppendConnect(before_->connect_id, result, &reply);
  Send(reply);
  std::vector<Command> queued = std::move(before_->queued);
  const bool rights_changed = before_->rights_changed;
  before_.reset();
  Schedule();
  if (rights_changed) {
    OnSiteChanged(site_);
    if (state_ != State::kConnected) return;
  }
  for (Command& command : queued) {
    if (!Handle(std::move(command))) return;
  }
}

}  // namespace rt
