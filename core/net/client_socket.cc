#include "net/client_socket.h"

#include <utility>

#include "base/limits.h"
#include "wire/client_protocol_codec.h"

namespace rt {

namespace {

const ClientProtocolCodec* CodecFor(const ClientSocket::Options& options) {
  if (options.unidirectional) return &UniJsonCodec();
  return options.encoding == Encoding::kJson ? &JsonCodec() : &ProtobufCodec();
}

}  // namespace

ClientSocket::ClientSocket(Connection* connection, const Options& options,
                           SessionHost* host, SitePtr site, Handshake handshake)
    : WebSocketConnection(connection, options.limits, options.deflate),
      native_pings_(options.native_pings),
      codec_(CodecFor(options)) {
  framing_.encoding = options.encoding;
  framing_.unidirectional = options.unidirectional;
  if (options.deflate.has_value()) {
    framing_.deflate_bits = options.deflate->server_window_bits;
    framing_.deflate_effort = options.deflate_effort;
  }
  session_ =
      std::make_unique<Session>(host, static_cast<Transport*>(this), codec_,
                                std::move(site), std::move(handshake));
}

ClientSocket::~ClientSocket() = default;

TransportKind ClientSocket::kind() const {
  return framing_.unidirectional ? TransportKind::kUniWebSocket
                                 : TransportKind::kWebSocket;
}

bool ClientSocket::OnText(std::string_view message) {
  // Each encoding has its kind of frames.
  if (framing_.encoding != Encoding::kJson) {
    session_->Disconnect(kDisconnectBadRequest);
  } else {
    session_->OnCommands(message);
  }
  return true;
}

bool ClientSocket::OnBinary(std::string_view message) {
  if (framing_.encoding != Encoding::kProtobuf) {
    session_->Disconnect(kDisconnectBadRequest);
  } else {
    session_->OnCommands(message);
  }
  return true;
}

void ClientSocket::OnPongFrame() {
  if (native_pings_) session_->OnNativePong();
}

void ClientSocket::OnGone() {
  // The session's places and timers go now, not when the socket has closed.
  session_->Disconnect(kDisconnectConnectionClosed, false);
}

void ClientSocket::OnSlow() { session_->Disconnect(kDisconnectSlow, false); }

void ClientSocket::SendNativePing() {
  if (close_sent()) return;
  BeforeFlush();
  std::string frame;
  AppendWebSocketFrame(WebSocketOpcode::kPing, {}, &frame);
  connection()->Enqueue(frame);
}

void ClientSocket::SendReply(std::string_view reply) {
  if (close_sent()) return;
  if (replies_ == nullptr) replies_ = std::make_unique<ReplyQueue>();
  replies_->Add(reply);
  connection()->MarkDirty();
}

void ClientSocket::SendFramed(const BufferRef& framed, bool last) {
  if (close_sent()) return;
  if (last && replies_ == nullptr) return connection()->SendNow(framed);
  BeforeFlush();
  connection()->Enqueue(framed);
}

size_t ClientSocket::backlog() const { return connection()->queued_bytes(); }

void ClientSocket::BeforeFlush() {
  if (replies_ == nullptr) return;
  const std::unique_ptr<ReplyQueue> due = std::move(replies_);
  connection()->Enqueue(due->Take(framing_));
}

void ClientSocket::Close(const DisconnectCode& why, bool flush) {
  if (!flush) replies_.reset();
  if (framing_.unidirectional && flush && !close_sent()) {
    std::string push;
    codec_->AppendDisconnectPush(why.code, why.reason, &push);
    SendReply(push);
  }
  StartClose(why.code, why.reason, flush);
}

}  // namespace rt
