// Session's handling of commands: what each checks, and what it answers.
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
}  // namespace

void Session::OnCommands(std::string_view message) {
  if (state_ == State::kClosed) return;
  const Status decoded = codec_->Decode(message, [this](Command&& command) {
    return Handle(std::move(command));
  });
  if (!decoded.ok()) Disconnect(kDisconnectBadRequest);
}

bool Session::Handle(Command command) {
  switch (state_) {
    case State::kClosed:
      return false;
    case State::kNew:
      if (command.kind == Command::Kind::kConnect) {
        return HandleConnect(std::move(command));
      }
      Disconnect(kDisconnectBadRequest);
      return false;
    case State::kAuthenticating:
    case State::kJoining:
      if (command.kind == Command::Kind::kConnect ||
          before_->queued.size() >= kMaxQueuedCommands) {
        Disconnect(kDisconnectBadRequest);
        return false;
      }
      before_->queued.push_back(std::move(command));
      return true;
    case State::kConnected:
      break;
  }
  return HandleConnected(std::move(command));
}

bool Session::HandleConnected(Command command) {
  using Kind = Command::Kind;
  if (command.kind == Kind::kPong) return HandlePong();
  if (command.kind == Kind::kSend) {
    Disconnect(kDisconnectNotAvailable);
    return false;
  }
  if (command.id == 0) {
    Disconnect(kDisconnectBadRequest);
    return false;
  }
  switch (command.kind) {
    case Kind::kSubscribe:
      return HandleSubscribe(command.id, std::move(command.subscribe));
    case Kind::kUnsubscribe:
      return HandleUnsubscribe(command.id, command.channel);
    case Kind::kPublish:
      return HandlePublish(command.id, std::move(command.publish));
    case Kind::kPresence:
    case Kind::kPresenceStats:
    case Kind::kHistory:
    case Kind::kSubRefresh: {
      const std::string& channel = command.kind == Kind::kHistory
                                       ? command.history.channel
                                       : command.channel;
      if (channel.empty()) break;
      ReplyError(command.id, command.kind == Kind::kSubRefresh
                                 ? kErrorPermissionDenied
                                 : kErrorNotAvailable);
      return true;
    }
    case Kind::kRpc:
      ReplyError(command.id, kErrorNotAvailable);
      return true;
    default:
      break;  // a second connect, a refresh nobody asked for, no body at all
  }
  Disconnect(kDisconnectBadRequest);
  return false;
}

ProtocolError Session::CheckSubscribe(const SubscribeRequest& request) {
  const std::string& channel = request.channel;
  if (channel.size() > host_->limits().max_channel_bytes) {
    return kErrorBadRequest;
  }
  if (IsSubscribed(channel) || IsPending(channel)) {
    return kErrorAlreadySubscribed;
  }
  const auto under_way = static_cast<size_t>(
      std::count_if(pending_.begin(), pending_.end(),
                    [](const auto& one) { return !one.channel.empty(); }));
  if (subscription_count_ + under_way >= host_->limits().max_channels) {
    return kErrorLimitExceeded;
  }
  const NamespaceOptions* options = site_->namespaces.Find(channel);
  if (options == nullptr) return kErrorUnknownChannel;
  if (!IsChannelName(channel)) return kErrorBadRequest;
  if (request.type != 0) return kErrorPermissionDenied;
  if (!site_->namespaces.Allows(*options, ChannelAction::kSubscribe, *identity_,
                                channel)) {
    Log(LogLevel::kDebug, "subscribe to {} refused: needs {}", channel,
        options->subscribe.Describe());
    return kErrorPermissionDenied;
  }
  if (request.has_tags_filter) return kErrorBadRequest;
  return {};
}

bool Session::MaySubscribe(std::string_view channel) const {
  const NamespaceOptions* options = site_->namespaces.Find(channel);
  return options != nullptr &&
         site_->namespaces.Allows(*options, ChannelAction::kSubscribe,
                                  *identity_, channel);
}

bool Session::HandleSubscribe(uint32_t id, SubscribeRequest request) {
  const bool known_delta = request.delta.empty() || request.delta == "fossil";
  if (request.channel.empty() || !known_delta) {
    Disconnect(kDisconnectBadRequest);
    return false;
  }
  if (const ProtocolError error = CheckSubscribe(request); error.code != 0) {
    ReplyError(id, error);
    return true;
  }
  SubscribeOrder order;
  order.ticket = MakeTicket(id, request.channel);
  order.site_id = site_->id;
  order.channel = std::move(request.channel);
  order.positioned = request.positioned;
  order.recoverable = request.recoverable;
  order.recover = request.recover;
  order.offset = request.offset;
  order.epoch = std::move(request.epoch);
  order.reject_unrecovered = (request.flag & kRejectUnrecovered) != 0;
  host_->Order({0, std::move(order)});
  return true;
}

void Session::OnAnswer(SubscribeAnswer answer) {
  PendingCommand pending = TakePending(answer.ticket);
  if (state_ == State::kJoining) {
    if (answer.error.code != 0) return Disconnect(kDisconnectServerError);
    AddSubscription(answer.channel_key);
    ConnectResult result;
    result.subs.emplace(std::move(pending.channel), std::move(answer.result));
    return FinishConnect(std::move(result));
  }
  if (state_ != State::kConnected) {
    if (answer.error.code == 0) {
      host_->Order({0, UnsubscribeOrder{std::move(answer.channel_key)}});
    }
    return;
  }
  if (answer.error.code != 0) {
    ReplyError(pending.id, answer.error);
  } else if (!MaySubscribe(pending.channel)) {
    // Its rights have changed meanwhile.
    host_->Order({0, UnsubscribeOrder{std::move(answer.channel_key)}});
    ReplyError(pending.id, kErrorPermissionDenied);
  } else {
    AddSubscription(answer.channel_key);
    std::string reply;
    codec_->AppendSubscribe(pending.id, answer.result, &reply);
    transport_->SendReply(reply);
  }
  for (const uint32_t id : pending.unsubscribes) {
    if (!HandleUnsubscribe(id, pending.channel)) return;
  }
}

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

ProtocolError Session::CheckPublish(const PublishRequest& request) {
  if (request.channel.size() > host_->limits().max_channel_bytes) {
    return kErrorBadRequest;
  }
  const NamespaceOptions* options = site_->namespaces.Find(request.channel);
  if (options == nullptr) return kErrorUnknownChannel;
  if (!request.has_data || !IsChannelName(request.channel)) {
    return kErrorBadRequest;
  }
  const bool subscribed = IsSubscribed(request.channel);
  if (!site_->namespaces.Allows(*options, ChannelAction::kPublish, *identity_,
                                request.channel, subscribed)) {
    Log(LogLevel::kDebug, "publish to {} refused: needs {}", request.channel,
        options->publish.Describe());
    return kErrorPermissionDenied;
  }
  if (host_->congested() || pending_.size() >= kMaxQueuedCommands) {
    return kErrorTooManyRequests;
  }
  return {};
}

bool Session::HandlePublish(uint32_t id, PublishRequest request) {
  if (request.channel.empty()) {
    Disconnect(kDisconnectBadRequest);
    return false;
  }
  if (const ProtocolError error = CheckPublish(request); error.code != 0) {
    ReplyError(id, error);
    return true;
  }
  PublishOrder order;
  order.ticket = MakeTicket(id, {});
  order.site_id = site_->id;
  order.channel = std::move(request.channel);
  order.publication.data = std::move(request.data);
  order.publication.info = MakeInfo();
  host_->Order({0, std::move(order)});
  return true;
}

void Session::OnAnswer(const PublishAnswer& answer) {
  const PendingCommand pending = TakePending(answer.ticket);
  if (state_ != State::kConnected) return;
  if (answer.error.code != 0) {
    ReplyError(pending.id, answer.error);
  } else {
    ReplyEmpty(pending.id, Command::Kind::kPublish);
  }
}

void Session::ReplyError(uint32_t id, const ProtocolError& error) {
  std::string reply;
  codec_->AppendError(id, error, &reply);
  transport_->SendReply(reply);
}

void Session::ReplyEmpty(uint32_t id, Command::Kind kind) {
  std::string reply;
  codec_->AppendEmpty(id, kind, &reply);
  transport_->SendReply(reply);
}

}  // namespace rt
