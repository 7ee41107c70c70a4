#include "net/connection.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/loop.h"
#include "net/tls_stream.h"
#include "wire/proxy_header.h"

namespace rt {

namespace {
// Between the end of our side and the end of the peer's.
constexpr int64_t kLingerMs = 1'000;
// Buffers in one system call.
constexpr size_t kMaxBuffersPerWrite = 64;
// Plain bytes that are sealed at a time. What is sealed has to go out, and is
// this peer's alone; what is not can be dropped, and is shared.
constexpr size_t kMaxSealedBytes = 64 * 1024;
}  // namespace

// What the kernel did not take at once, until it does.
struct Connection::WriteRequest {
  uv_write_t request;
  Connection* connection;
  std::vector<BufferRef> buffers;
  size_t bytes;
};

// What stands between the socket and the handler.
struct Connection::Front {
  std::unique_ptr<ProxyHeaderReader> proxy;  // while it is awaited
  bool proxied = false;                      // it has come
  IpAddress told;                            // by it
  std::unique_ptr<TlsStream> tls;            // null: none
  size_t begun = 0;  // bytes of the queue's first that are sealed already
};

Connection::Connection(Loop* loop, ConnectionOwner* owner, Kind kind,
                       size_t max_queued_bytes)
    : kind_(kind),
      max_queued_bytes_(max_queued_bytes),
      loop_(loop),
      owner_(owner) {
  if (kind == Kind::kTcp) {
    RT_CHECK(uv_tcp_init(loop->uv(), &handle_.tcp) == 0);
  } else {
    RT_CHECK(uv_pipe_init(loop->uv(), &handle_.pipe, 0) == 0);
  }
  handle_.any.data = this;
}

Connection::~Connection() { RT_CHECK(closing_); }

bool Connection::Accept(uv_stream_t* server) {
  if (uv_accept(server, stream()) != 0) return false;
  if (kind_ == Kind::kTcp) uv_tcp_nodelay(&handle_.tcp, 1);
  fd_ = fd();
  return true;
}

void Connection::ExpectProxyHeader() {
  if (front_ == nullptr) front_ = std::make_unique<Front>();
  front_->proxy = std::make_unique<ProxyHeaderReader>();
}

void Connection::StartTls(TlsContextPtr context) {
  if (front_ == nullptr) front_ = std::make_unique<Front>();
  front_->tls = std::make_unique<TlsStream>(std::move(context));
  sealed_ = true;
}

void Connection::Start(std::unique_ptr<ConnectionHandler> handler) {
  handler_ = std::move(handler);
  ResumeReading();
}

void Connection::ResumeReading() {
  if (closing_) return;
  const int started = uv_read_start(
      stream(),
      [](uv_handle_t* handle, size_t, uv_buf_t* buffer) {
        auto* self = static_cast<Connection*>(handle->data);
        *buffer = uv_buf_init(self->loop_->read_buffer(), kReadBufferBytes);
      },
      [](uv_stream_t* from, ssize_t got, const uv_buf_t*) {
        static_cast<Connection*>(from->data)->OnRead(got);
      });
  if (started != 0 && started != UV_EALREADY) Abort();
}

void Connection::PauseReading() {
  if (!closing_) uv_read_stop(stream());
}

void Connection::ReplaceHandler(std::unique_ptr<ConnectionHandler> handler) {
  RT_CHECK(retired_ == nullptr);
  retired_ = std::exchange(handler_, std::move(handler));
  // Who replaces it outside of a read is called by it, too.
  if (!in_read_) MarkDirty();
}

void Connection::OnRead(ssize_t got) {
  if (closing_ || got == 0) return;
  if (got == UV_EOF) {
    if (ended_) return Abort();
    if (sealed_ && front_->tls->over()) return;  // it was told already
    return handler_->OnPeerEnd();
  }
  if (got < 0) return Abort();
  // Once our side has ended, what the peer still says is read and dropped.
  if (ended_) return;
  in_read_ = true;
  Receive(loop_->read_buffer(), static_cast<size_t>(got));
  in_read_ = false;
  retired_.reset();
}

void Connection::Receive(char* bytes, size_t length) {
  if (front_ == nullptr) return handler_->OnBytes(bytes, length);
  std::string_view rest(bytes, length);
  if (front_->proxy != nullptr && !TakeProxyHeader(&rest)) return;
  if (sealed_) return OpenSealed(rest);
  handler_->OnBytes(bytes + (length - rest.size()), rest.size());
}

bool Connection::TakeProxyHeader(std::string_view* bytes) {
  ProxyHeaderReader& reader = *front_->proxy;
  if (reader.state() == ProxyHeaderReader::State::kFailed) return false;
  size_t used = 0;
  const auto state = reader.Read(*bytes, &used);
  bytes->remove_prefix(used);
  if (state == ProxyHeaderReader::State::kFailed) {
    Log(LogLevel::kInfo, "no good PROXY header from {}: closed",
        peer_address().ToString());
    handler_->OnPeerEnd();
    return false;
  }
  if (state == ProxyHeaderReader::State::kMore) return false;
  front_->told = reader.source();
  front_->proxied = true;
  front_->proxy.reset();
  return !bytes->empty();
}

void Connection::OpenSealed(std::string_view bytes) {
  TlsStream& tls = *front_->tls;
  if (tls.over()) return;
  tls.Feed(bytes);
  while (!closing_ && !ended_) {
    const size_t got = tls.Open(loop_->plain_buffer(), kPlainBufferBytes);
    if (got == 0) break;
    handler_->OnBytes(loop_->plain_buffer(), got);
    retired_.reset();
  }
  tls.Feed({});
  if (closing_) return;
  // Who makes us answer and reads nothing is up to no good.
  if (tls.output_bytes() > kMaxSealedBytes) return Abort();
  if (tls.output_bytes() > 0) MarkDirty();
  if (!tls.over()) return;
  if (tls.state() == TlsStream::State::kFailed) {
    Log(LogLevel::kDebug, "TLS with {} failed: {}", peer_address().ToString(),
        tls.failure());
  }
  handler_->OnPeerEnd();
}

void Connection::Enqueue(BufferRef bytes) {
  if (closing_ || ending_ || bytes->size() == 0) return;
  queued_bytes_ += bytes->size();
  queue_.push_back(std::move(bytes));
  MarkDirty();
}

void Connection::MarkDirty() {
  if (dirty_ || closing_) return;
  dirty_ = true;
  loop_->MarkDirty(this);
}

void Connection::Flush() {
  dirty_ = false;
  retired_.reset();
  if (closing_) return;
  if (!ending_ && handler_ != nullptr) handler_->BeforeFlush();
  dirty_ = false;
  if (closing_) return;
  WriteQueued();
  TellIfSlow();
}

void Connection::TellIfSlow() {
  if (closing_ || slow_told_ || queued_bytes_ <= max_queued_bytes_) return;
  slow_told_ = true;
  handler_->OnSlow();
}

void Connection::SendNow(const BufferRef& bytes) {
  if (!queue_.empty() || under_way_ != nullptr || dirty_ || closing_ ||
      ending_ || sealed_) {
    return Enqueue(bytes);
  }
  const ssize_t sent =
      ::send(fd_, bytes->data(), bytes->size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent == static_cast<ssize_t>(bytes->size())) return;
  if (sent < 0 && errno != EAGAIN && errno != EINTR) return Abort();
  torn_ = sent > 0;
  KeepRest(bytes, sent < 0 ? 0 : static_cast<size_t>(sent));
}

void Connection::KeepRest(const BufferRef& bytes, size_t sent) {
  Enqueue(sent == 0 ? bytes : Buffer::Copy(bytes->view().substr(sent)));
}

void Connection::WriteQueued() {
  if (sealed_) return WriteSealed();
  while (under_way_ == nullptr && !queue_.empty() && !closing_) {
    uv_buf_t buffers[kMaxBuffersPerWrite];
    const size_t count = std::min(queue_.size(), kMaxBuffersPerWrite);
    size_t bytes = 0;
    for (size_t i = 0; i < count; ++i) {
      buffers[i] = uv_buf_init(queue_[i]->mutable_data(),
                               static_cast<unsigned>(queue_[i]->size()));
      bytes += queue_[i]->size();
    }
    const int wrote =
        uv_try_write(stream(), buffers, static_cast<unsigned>(count));
    if (wrote < 0 && wrote != UV_EAGAIN) return Abort();
    size_t done = wrote < 0 ? 0 : static_cast<size_t>(wrote);
    torn_ = false;  // gone, or under way, which nothing drops
    queued_bytes_ -= done;
    if (done == bytes) {
      if (count == queue_.size()) {
        queue_.clear();
      } else {
        queue_.erase(queue_.begin(),
                     queue_.begin() + static_cast<ptrdiff_t>(count));
      }
      continue;
    }
    // The rest goes when the socket has room again.
    auto request = std::make_unique<WriteRequest>();
    request->bytes = bytes - done;
    size_t first = 0;
    while (done >= buffers[first].len) done -= buffers[first++].len;
    buffers[first].base += done;
    buffers[first].len -= done;
    const auto from = queue_.begin();
    request->buffers.assign(
        std::make_move_iterator(from + static_cast<ptrdiff_t>(first)),
        std::make_move_iterator(from + static_cast<ptrdiff_t>(count)));
    queue_.erase(from, from + static_cast<ptrdiff_t>(count));
    if (!WriteLater(std::move(request), buffers + first, count - first)) return;
  }
  FinishIfDrained();
}

bool Connection::WriteLater(std::unique_ptr<WriteRequest> request,
                            uv_buf_t* buffers, size_t count) {
  request->connection = this;
  const int queued =
      uv_write(&request->request, stream(), buffers,
               static_cast<unsigned>(count), [](uv_write_t* w, int status) {
                 auto* back = reinterpret_cast<WriteRequest*>(w);
                 back->connection->OnWritten(back, status);
               });
  if (queued != 0) {
    Abort();
    return false;
  }
  under_way_ = request.release();
  return true;
}

void Connection::WriteSealed() {
  TlsStream& tls = *front_->tls;
  while (under_way_ == nullptr && !closing_) {
    SealQueued();
    if (ending_ && queue_.empty()) tls.SealEnd();
    const std::string wire = tls.TakeOutput();
    if (wire.empty() || closing_) break;
    uv_buf_t buffer = uv_buf_init(const_cast<char*>(wire.data()),
                                  static_cast<unsigned>(wire.size()));
    const int wrote = uv_try_write(stream(), &buffer, 1);
    if (wrote < 0 && wrote != UV_EAGAIN) return Abort();
    const size_t done = wrote < 0 ? 0 : static_cast<size_t>(wrote);
    if (done == wire.size()) continue;
    auto request = std::make_unique<WriteRequest>();
    std::string_view left = wire;
    left.remove_prefix(done);
    request->buffers.push_back(Buffer::Copy(left));
    Buffer& rest = *request->buffers.front();
    request->bytes = rest.size();
    queued_bytes_ += rest.size();
    buffer =
        uv_buf_init(rest.mutable_data(), static_cast<unsigned>(rest.size()));
    if (!WriteLater(std::move(request), &buffer, 1)) return;
  }
  FinishIfDrained();
}

void Connection::SealQueued() {
  TlsStream& tls = *front_->tls;
  if (tls.state() == TlsStream::State::kFailed) {
    // Nothing can follow what broke.
    queued_bytes_ = under_way_ == nullptr ? 0 : under_way_->bytes;
    front_->begun = 0;
    torn_ = false;
    queue_.clear();
  }
  if (queue_.empty() || !tls.can_seal()) return;
  std::vector<std::string_view> pieces;
  size_t room = kMaxSealedBytes;
  size_t whole = 0;
  while (whole < queue_.size() && room > 0) {
    const std::string_view rest = queue_[whole]->view().substr(front_->begun);
    pieces.push_back(rest.substr(0, room));
    room -= pieces.back().size();
    front_->begun += pieces.back().size();
    if (front_->begun < queue_[whole]->size()) break;
    front_->begun = 0;
    ++whole;
  }
  tls.Seal(pieces);
  if (tls.state() == TlsStream::State::kFailed) Abort();
  queued_bytes_ -= kMaxSealedBytes - room;
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<ptrdiff_t>(whole));
  torn_ = front_->begun > 0;
}

void Connection::OnWritten(WriteRequest* request, int status) {
  RT_CHECK(request == under_way_);
  queued_bytes_ -= request->bytes;
  under_way_ = nullptr;
  delete request;
  if (closing_) return;
  if (status != 0) return Abort();
  if (queued_bytes_ <= max_queued_bytes_ / 2) slow_told_ = false;
  WriteQueued();
  if (queued_bytes_ == 0 && tell_when_sent_ && !ending()) {
    tell_when_sent_ = false;
    handler_->OnSent();
  }
}

void Connection::FinishIfDrained() {
  if (!ending_ || ended_ || closing_) return;
  if (under_way_ != nullptr || !queue_.empty()) return;
  ended_ = true;
  // A socket closed with unread bytes in it answers with a reset, which can
  // overtake what was just sent. So: shut our side, and wait for the peer's.
  const int descriptor = fd();
  if (descriptor < 0 || ::shutdown(descriptor, SHUT_WR) != 0) return Abort();
  ResumeReading();
  SetDeadline(kLingerMs);
}

void Connection::CloseAfterFlush() {
  if (closing_ || ending_) return;
  if (handler_ != nullptr) handler_->BeforeFlush();
  ending_ = true;
  SetDeadline(kCloseTimeoutMs);
  MarkDirty();
}

void Connection::DropQueued() {
  const size_t kept = torn_ && !queue_.empty() ? 1 : 0;
  while (queue_.size() > kept) {
    queued_bytes_ -= queue_.back()->size();
    queue_.pop_back();
  }
}

void Connection::Abort() {
  if (closing_) return;
  closing_ = true;
  Cancel();
  uv_close(&handle_.any, [](uv_handle_t* handle) {
    auto* self = static_cast<Connection*>(handle->data);
    self->owner_->OnConnectionClosed(self);
  });
}

void Connection::SetDeadline(int64_t delay_ms) {
  if (delay_ms < 0 || closing_) return Cancel();
  loop_->timers().Set(this, loop_->clock().monotonic_ms(), delay_ms);
}

void Connection::OnTimer() {
  if (ending_) return Abort();
  handler_->OnDeadline();
}

bool Connection::unnamed() const {
  return front_ != nullptr && front_->proxied && !front_->told.known();
}

IpAddress Connection::peer_address() const {
  if (front_ != nullptr && front_->told.known()) return front_->told;
  if (kind_ != Kind::kTcp || closing_) return {};
  sockaddr_storage address{};
  int length = sizeof address;
  if (uv_tcp_getpeername(&handle_.tcp, reinterpret_cast<sockaddr*>(&address),
                         &length) != 0) {
    return {};
  }
  if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    return IpAddress::FromBytes(v6.s6_addr);
  }
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  return IpAddress::FromBytes(
      {reinterpret_cast<const uint8_t*>(&v4), sizeof v4});
}

int Connection::fd() const {
  uv_os_fd_t descriptor = -1;
  if (uv_fileno(&handle_.any, &descriptor) != 0) return -1;
  return descriptor;
}

}  // namespace rt
