#include "net/client_stream.h"

#include <fmt/format.h>

#include "base/limits.h"
#include "wire/client_protocol_codec.h"

namespace rt {

namespace {

bool IsUnidirectional(TransportKind kind) {
  return kind == TransportKind::kUniSse ||
         kind == TransportKind::kUniHttpStream;
}

bool IsSse(TransportKind kind) {
  return kind == TransportKind::kSse || kind == TransportKind::kUniSse;
}

const ClientProtocolCodec* CodecFor(const ClientStream::Options& options) {
  if (IsUnidirectional(options.kind)) return &UniJsonCodec();
  return options.encoding == Encoding::kJson ? &JsonCodec() : &ProtobufCodec();
}

std::string_view ContentType(const ClientStream::Options& options) {
  if (IsSse(options.kind)) return "text/event-stream; charset=utf-8";
  return options.encoding == Encoding::kJson ? "application/json"
                                             : "application/octet-stream";
}

}  // namespace

ClientStream::ClientStream(Connection* connection, const Options& options,
                           SessionHost* host, SitePtr site, Handshake handshake)
    : connection_(connection), kind_(options.kind), codec_(CodecFor(options)) {
  framing_.encoding = options.encoding;
  framing_.envelope = IsSse(kind_) ? Envelope::kEvents : Envelope::kLines;
  framing_.unidirectional = IsUnidirectional(kind_);
  framing_.chunked = options.chunked;
  SendHead(options);
  session_ =
      std::make_unique<Session>(host, static_cast<Transport*>(this), codec_,
                                std::move(site), std::move(handshake));
}

ClientStream::~ClientStream() = default;

void ClientStream::SendHead(const Options& options) {
  std::string head = fmt::format(
      "HTTP/1.1 200 OK\r\nContent-Type: {}\r\n"
      "Cache-Control: private, no-cache, no-store, must-revalidate, "
      "max-age=0\r\nPragma: no-cache\r\nX-Accel-Buffering: no\r\n",
      ContentType(options));
  for (const auto& [name, value] : options.headers) {
    head += fmt::format("{}: {}\r\n", name, value);
  }
  head += framing_.chunked ? "Transfer-Encoding: chunked\r\n\r\n"
                           : "Connection: close\r\n\r\n";
  // Something at once, so that an EventSource knows that it is open.
  if (IsSse(kind_)) head += framing_.chunked ? "2\r\n\r\n\r\n" : "\r\n";
  connection_->Enqueue(head);
}

void ClientStream::OnBytes(char*, size_t) {
  // The response does not end, so no further request can be answered.
}

void ClientStream::OnPeerEnd() {
  closed_ = true;
  session_->Disconnect(kDisconnectConnectionClosed, false);
  connection_->Abort();
}

void ClientStream::OnSlow() { session_->Disconnect(kDisconnectSlow, false); }

void ClientStream::OnDeadline() { connection_->Abort(); }

void ClientStream::SendReply(std::string_view reply) {
  if (closed_) return;
  if (replies_ == nullptr) replies_ = std::make_unique<ReplyQueue>();
  replies_->Add(reply);
  connection_->MarkDirty();
}

void ClientStream::SendFramed(const BufferRef& framed, bool last) {
  if (closed_) return;
  if (last && replies_ == nullptr) return connection_->SendNow(framed);
  BeforeFlush();
  connection_->Enqueue(framed);
}

size_t ClientStream::backlog() const { return connection_->queued_bytes(); }

void ClientStream::BeforeFlush() {
  if (replies_ == nullptr) return;
  const std::unique_ptr<ReplyQueue> due = std::move(replies_);
  connection_->Enqueue(due->Take(framing_));
}

void ClientStream::Close(const DisconnectCode& why, bool flush) {
  if (closed_) return;
  if (!flush) {
    replies_.reset();
    connection_->DropQueued();
  }
  std::string push;
  codec_->AppendDisconnectPush(why.code, why.reason, &push);
  SendReply(push);
  BeforeFlush();
  closed_ = true;
  if (framing_.chunked) connection_->Enqueue("0\r\n\r\n");
  connection_->CloseAfterFlush();
}

}  // namespace rt
