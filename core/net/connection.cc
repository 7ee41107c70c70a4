#include "net/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "net/loop.h"

namespace rt {

namespace {
// Between the end of our side and the end of the peer's.
constexpr int64_t kLingerMs = 1'000;
// Buffers in one system call.
constexpr size_t kMaxBuffersPerWrite = 64;
}  // namespace

// What the kernel did not take at once, until it does.
struct Connection::WriteRequest {
  uv_write_t request;
  Connection* connection;
  std::vector<BufferRef> buffers;
  size_t bytes;
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
    return handler_->OnPeerEnd();
  }
  if (got < 0) return Abort();
  // Once our side has ended, what the peer still says is read and dropped.
  if (ended_) return;
  in_read_ = true;
  handler_->OnBytes(loop_->read_buffer(), static_cast<size_t>(got));
  in_read_ = false;
  retired_.reset();
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
      ending_) {
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
    auto* request = new WriteRequest;
    request->connection = this;
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
    under_way_ = request;
    const int queued = uv_write(
        &request->request, stream(), buffers + first,
        static_cast<unsigned>(count - first), [](uv_write_t* w, int status) {
          auto* back = reinterpret_cast<WriteRequest*>(w);
          back->connection->OnWritten(back, status);
        });
    if (queued != 0) {
      delete std::exchange(under_way_, nullptr);
      return Abort();
    }
  }
  FinishIfDrained();
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

std::string Connection::peer_address() const {
  if (kind_ != Kind::kTcp || closing_) return {};
  sockaddr_storage address{};
  int length = sizeof address;
  char text[INET6_ADDRSTRLEN] = "";
  if (uv_tcp_getpeername(&handle_.tcp, reinterpret_cast<sockaddr*>(&address),
                         &length) != 0 ||
      uv_ip_name(reinterpret_cast<sockaddr*>(&address), text, sizeof text) !=
          0) {
    return {};
  }
  return text;
}

int Connection::fd() const {
  uv_os_fd_t descriptor = -1;
  if (uv_fileno(&handle_.any, &descriptor) != 0) return -1;
  return descriptor;
}

}  // namespace rt
