// Session's handling of commands: what each checks, and what it answers.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "hub/channel_name.h"
#include "session/session.h"
#include "wire/client_protocol_codec.h"

namespace rt {

void Session::OnCommands(std::string_view message) {
  if (state_ == State::kClosed) return;
  host_->metrics().messages_in.Add(0);
  host_->metrics().bytes_in.Add(0, message.size());
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
        host_->metrics().commands.Add(static_cast<size_t>(command.kind));
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
    case State::kRefused:
      Disconnect(kDisconnectBadRequest);
      return false;
    case State::kConnected:
      break;
  }
  return HandleConnected(std::move(command));
}

bool Session::TakesCommand(const Command& command) {
  host_->metrics().commands.Add(static_cast<size_t>(command.kind));
  const RateLimit limit = LowerLimit(
      RateLimit{host_->limits().command_rate, host_->limits().command_burst},
      RateLimit{site_->limits.command_rate_limit, site_->limits.command_burst});
  const bool own =
      limit.rate == 0 || rare().commands.Take(host_->clock().monotonic_ms(),
                                              static_cast<double>(limit.rate),
                                              static_cast<double>(limit.burst));
  if (own && host_->TakesCommandOf(*this)) return true;
  ReplyError(command.id, kErrorTooManyRequests);
  return false;
}

bool Session::HandleConnected(Command command) {
  using Kind = Command::Kind;
  if (command.kind == Kind::kPong) return HandlePong();
  // Who only listens has said all with the connect request.
  if (unidirectional()) {
    Disconnect(kDisconnectBadRequest);
    return false;
  }
  if (command.kind == Kind::kSend) {
    Disconnect(kDisconnectNotAvailable);
    return false;
  }
  if (command.id == 0) {
    Disconnect(kDisconnectBadRequest);
    return false;
  }
  if (!TakesCommand(command)) return state_ == State::kConnected;
  switch (command.kind) {
    case Kind::kSubscribe:
      return HandleSubscribe(command.id, std::move(command.subscribe));
    case Kind::kUnsubscribe:
      return HandleUnsubscribe(command.id, command.channel);
    case Kind::kPublish:
      return HandlePublish(command.id, std::move(command.publish));
    case Kind::kPresence:
    case Kind::kPresenceStats:
      command.history.channel = std::move(command.channel);
      return HandleQuery(command.id,
                         command.kind == Kind::kPresence
                             ? QueryOrder::Kind::kPresence
                             : QueryOrder::Kind::kPresenceStats,
                         std::move(command.history));
    case Kind::kHistory:
      return HandleQuery(command.id, QueryOrder::Kind::kHistory,
                         std::move(command.history));
    case Kind::kRpc:
      return HandleRpc(command.id, command.rpc);
    case Kind::kRefresh:
      return HandleRefresh(command.id, command.token);
    case Kind::kSubRefresh:
      return HandleSubRefresh(command.id, command.channel, command.token);
    default:
      break;  // a second connect, no body at all
  }
  Disconnect(kDisconnectBadRequest);
  return false;
}

bool Session::HandleRpc(uint32_t id, const RpcRequest& request) {
  const RpcAnswer answer =
      host_->rpcs().Call(*identity_, request.method, request.data);
  if (answer.error.code != 0) return ReplyError(id, answer.error);
  std::string reply;
  codec_->AppendRpc(id, answer.data, &reply);
  Send(reply);
  return true;
}

bool Session::HandleQuery(uint32_t id, QueryOrder::Kind kind,
                          HistoryRequest request) {
  if (request.channel.empty()) {
    Disconnect(kDisconnectBadRequest);
    return false;
  }
  const bool history = kind == QueryOrder::Kind::kHistory;
  const NamespaceOptions* options = site_->namespaces.Find(request.channel);
  if (options == nullptr) return ReplyError(id, kErrorUnknownChannel);
  if (history ? !options->has_history() : !options->presence) {
    return ReplyError(id, kErrorNotAvailable);
  }
  if (!site_->namespaces.Allows(
          *options,
          history ? ChannelAction::kHistory : ChannelAction::kPresence,
          *identity_, request.channel, IsSubscribed(request.channel))) {
    return ReplyError(id, kErrorPermissionDenied);
  }
  if (pending_.size() >= kMaxQueuedCommands) {
    return ReplyError(id, kErrorTooManyRequests);
  }
  QueryOrder order;
  order.ticket = MakeTicket(id, {}, nullptr);
  order.kind = kind;
  order.site_id = site_->id;
  order.channel = request.channel;
  order.history = std::move(request);
  host_->Order({0, std::move(order)});
  return true;
}

void Session::OnAnswer(const QueryAnswer& answer) {
  const PendingCommand pending = TakePending(answer.ticket);
  if (state_ != State::kConnected) return;
  if (answer.error.code != 0) {
    ReplyError(pending.id, answer.error);
    return;
  }
  std::string reply;
  if (const auto* presence = std::get_if<PresenceResult>(&answer.result)) {
    codec_->AppendPresence(pending.id, *presence, &reply);
  } else if (const auto* stats = std::get_if<PresenceStats>(&answer.result)) {
    codec_->AppendPresenceStats(pending.id, *stats, &reply);
  } else {
    HistoryResult history = std::get<HistoryResult>(answer.result);
    const bool json = codec_->encoding() == Encoding::kJson;
    for (PublicationInForm& one : history.publications) {
      if (json && !one.push->is_json()) return OnUnreadable();
      one.form = json ? PushForm::kJson : PushForm::kProtobuf;
    }
    codec_->AppendHistory(pending.id, history, &reply);
  }
  Send(reply);
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
    return ReplyError(id, error);
  }
  PublishOrder order;
  order.ticket = MakeTicket(id, {}, nullptr);
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

bool Session::HandleRefresh(uint32_t id, const std::string& token) {
  if (rare_ == nullptr || !rare_->client_refreshes || token.empty() ||
      site_->tokens == nullptr) {
    Disconnect(kDisconnectBadRequest);
    return false;
  }
  const auto verdict =
      site_->tokens->VerifyConnection(token, host_->clock().wall_ms() / 1000);
  if (verdict.fault == TokenFault::kExpired) {
    Disconnect(kDisconnectExpired);
    return false;
  }
  const ConnectionClaims& claims = verdict.claims;
  if (verdict.fault != TokenFault::kNone || claims.user != identity_->user() ||
      host_->Revoked(site_->id, claims.user, claims.id, claims.issued_at_s)) {
    if (!verdict.why.empty()) {
      Log(LogLevel::kInfo, "refresh refused: {}", verdict.why);
    }
    Disconnect(kDisconnectInvalidToken);
    return false;
  }
  const auto same_channels = [&] {
    return std::equal(
        claims.subs.begin(), claims.subs.end(), claims_->subs.begin(),
        claims_->subs.end(),
        [](const auto& a, const auto& b) { return a.first == b.first; });
  };
  if (!same_channels()) {
    // Other subscriptions come with a new connection.
    Disconnect(kDisconnectInsufficientState);
    return false;
  }
  claims_ = std::make_shared<const ConnectionClaims>(claims);
  RefreshResult result;
  result.client = client_id();
  result.version = RT_VERSION;
  result.expires = claims.expire_at_s > 0;
  if (result.expires) result.ttl = SecondsUntil(claims.expire_at_s);
  rare_->expire_at_ms = DeadlineOf(claims.expire_at_s, true);
  rare_->client_refreshes = result.expires;
  Schedule();
  std::string reply;
  codec_->AppendRefresh(id, result, &reply);
  Send(reply);
  return true;
}

}  // namespace rt
