#include "net/client_socket.h"

#include <cstring>
#include <utility>

#include "base/limits.h"
#include "wire/client_protocol_codec.h"

namespace rt {

ClientSocket::ClientSocket(Connection* connection,
                           WebSocketReader::Limits limits, SessionHost* host,
                           SitePtr site, Handshake handshake)
    : WebSocketConnection(connection, limits), codec_(JsonCodec()) {
  session_ =
      std::make_unique<Session>(host, static_cast<Transport*>(this), &codec_,
                                std::move(site), std::move(handshake));
}

ClientSocket::~ClientSocket() = default;

bool ClientSocket::OnText(std::string_view message) {
  session_->OnCommands(message);
  return true;
}

bool ClientSocket::OnBinary(std::string_view) {
  // Binary frames are the Protobuf encoding, which was not asked for.
  session_->Disconnect(kDisconnectBadRequest);
  return true;
}

void ClientSocket::OnGone() {
  // The session's places and timers go now, not when the socket has closed.
  session_->Disconnect(kDisconnectConnectionClosed, false);
}

void ClientSocket::OnSlow() { session_->Disconnect(kDisconnectSlow, false); }

Framing ClientSocket::framing() const { return Framing::kJsonWebSocket; }

void ClientSocket::SendReply(std::string_view reply) {
  if (close_sent()) return;
  if (reply_count_ > 0 &&
      (reply_count_ >= kMaxRepliesPerMessage ||
       replies_.size() + reply.size() > kMaxJoinedMessageBytes)) {
    BeforeFlush();
  }
  codec_.AppendSeparated(reply, &replies_);
  ++reply_count_;
  connection()->MarkDirty();
}

void ClientSocket::SendFramed(const BufferRef& framed, bool last) {
  if (close_sent()) return;
  if (last && reply_count_ == 0) return connection()->SendNow(framed);
  BeforeFlush();
  connection()->Enqueue(framed);
}

void ClientSocket::BeforeFlush() {
  if (reply_count_ == 0) return;
  char header[kWebSocketMaxHeaderBytes];
  const size_t header_bytes = WriteWebSocketHeader(
      WebSocketOpcode::kText, replies_.size(), false, header);
  BufferRef frame = Buffer::Make(header_bytes + replies_.size());
  std::memcpy(frame->mutable_data(), header, header_bytes);
  std::memcpy(frame->mutable_data() + header_bytes, replies_.data(),
              replies_.size());
  replies_ = std::string();
  reply_count_ = 0;
  connection()->Enqueue(std::move(frame));
}

void ClientSocket::Close(const DisconnectCode& why, bool flush) {
  if (!flush) {
    replies_ = std::string();
    reply_count_ = 0;
  }
  StartClose(why.code, why.reason, flush);
}

}  // namespace rt
