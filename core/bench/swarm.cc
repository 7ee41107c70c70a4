#include "bench/swarm.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "base/check.h"
#include "bench/client_websocket.h"
#include "bench/payload.h"

namespace rt::bench {
namespace {

constexpr size_t kEventsPerTurn = 1024;
constexpr size_t kReadBytes = 1u << 20;
// Handshakes under way at the same time: enough to keep a server busy, too
// few to overflow a listener's queue.
constexpr size_t kOpening = 128;
constexpr int64_t kOpenStallNs = 20'000'000'000;
// A publish waits for its answer while subscribers are served; it is looked
// for after this many of them, or its time would be the generator's own.
constexpr int kAnswerEvents = 16;
constexpr uint64_t kPublisherTag = UINT64_MAX;

Status Control(int epoll, int operation, int fd, uint32_t events,
               uint64_t tag) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag;
  if (epoll_ctl(epoll, operation, fd, &event) == 0) return {};
  return SystemError("epoll_ctl");
}

}  // namespace

Swarm::Swarm(const Dialect& dialect, Options options)
    : dialect_(dialect),
      options_(std::move(options)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      events_(kEventsPerTurn),
      buffer_(kReadBytes) {
  RT_CHECK(static_cast<bool>(epoll_));
}

Status Swarm::Open(size_t count) {
  subscribers_.reserve(count);
  int64_t progress_ns = NowNs();
  while (live_ < count) {
    while (subscribers_.size() < count &&
           subscribers_.size() - live_ < kOpening) {
      Status status = Begin();
      if (!status.ok()) return status;
    }
    const size_t before = live_;
    Status status = Turn(100);
    if (!status.ok()) return status;
    const int64_t now = NowNs();
    if (live_ != before) progress_ns = now;
    if (now - progress_ns > kOpenStallNs) {
      return Error{ErrorCode::kUnavailable, "only " + std::to_string(live_) +
                                                " of " + std::to_string(count) +
                                                " subscribers came up"};
    }
  }
  return {};
}

Status Swarm::Watch(Publisher* publisher) {
  publisher_ = publisher;
  return Control(epoll_.get(), EPOLL_CTL_ADD, publisher->fd(), EPOLLIN,
                 kPublisherTag);
}

Status Swarm::Turn(int timeout_ms) {
  if (publisher_ != nullptr) {
    Status status = publisher_->Flush();
    if (status.ok() && publisher_->blocked() != publisher_blocked_) {
      publisher_blocked_ = !publisher_blocked_;
      const uint32_t wanted = publisher_blocked_ ? EPOLLIN | EPOLLOUT : EPOLLIN;
      status = Control(epoll_.get(), EPOLL_CTL_MOD, publisher_->fd(), wanted,
                       kPublisherTag);
    }
    if (!status.ok()) return status;
  }
  const int ready = epoll_wait(epoll_.get(), events_.data(),
                               static_cast<int>(events_.size()), timeout_ms);
  if (ready < 0 && errno != EINTR) return SystemError("epoll_wait");
  for (int i = 0; i < ready; ++i) {
    const epoll_event& event = events_[static_cast<size_t>(i)];
    Status status;
    if (event.data.u64 != kPublisherTag) {
      status = OnReady(event.data.u64, event.events);
    } else if ((event.events & ~uint32_t{EPOLLOUT}) != 0) {
      status = publisher_->OnReadable();
    }
    if (status.ok() && i % kAnswerEvents == 0 && publisher_ != nullptr &&
        publisher_->unanswered() != 0) {
      status = publisher_->OnReadable();
    }
    if (!status.ok()) return status;
  }
  return {};
}

Status Swarm::Begin() {
  const size_t index = subscribers_.size();
  Result<Descriptor> fd = ConnectTcp(options_.server, index);
  if (!fd.ok()) return fd.error();
  subscribers_.emplace_back();
  subscribers_.back().fd = std::move(fd).value();
  return Control(epoll_.get(), EPOLL_CTL_ADD, subscribers_.back().fd.get(),
                 EPOLLOUT, index);
}

Status Swarm::OnReady(size_t index, uint32_t events) {
  Subscriber& subscriber = subscribers_[index];
  if (subscriber.state != State::kConnecting) return OnReadable(index);
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
    return Wrong(index, "can't connect");
  }
  subscriber.state = State::kHandshake;
  const std::string cookie = options_.cookie ? options_.cookie(index) : "";
  Status status =
      Send(index, HandshakeRequest(dialect_.Path(ChannelOf(index)), cookie));
  if (!status.ok()) return status;
  return Control(epoll_.get(), EPOLL_CTL_MOD, subscriber.fd.get(), EPOLLIN,
                 index);
}

Status Swarm::OnReadable(size_t index) {
  Subscriber& subscriber = subscribers_[index];
  const ssize_t n =
      recv(subscriber.fd.get(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return {};
  if (n <= 0) return Wrong(index, "was disconnected");
  read_ns_ = NowNs();
  std::string_view bytes(buffer_.data(), static_cast<size_t>(n));
  std::string joined;
  if (!subscriber.partial.empty()) {
    joined = std::exchange(subscriber.partial, {});
    joined += bytes;
    bytes = joined;
  }
  while (!bytes.empty()) {
    Result<size_t> used = Take(index, bytes);
    if (!used.ok()) return used.error();
    if (*used == 0) {
      subscriber.partial = bytes;
      break;
    }
    bytes.remove_prefix(*used);
  }
  return {};
}

Result<size_t> Swarm::Take(size_t index, std::string_view bytes) {
  if (subscribers_[index].state == State::kHandshake) {
    return TakeHandshake(index, bytes);
  }
  ServerFrame frame;
  switch (ReadServerFrame(bytes, &frame)) {
    case FrameRead::kMore:
      return size_t{0};
    case FrameRead::kBroken:
      return Wrong(index, "got a frame that no server should send");
    case FrameRead::kWhole:
      break;
  }
  Status status;
  if (frame.opcode == WebSocketOpcode::kText ||
      frame.opcode == WebSocketOpcode::kBinary) {
    status = TakeText(index, frame.payload);
  } else if (frame.opcode == WebSocketOpcode::kPing) {
    std::string pong;
    AppendClientFrame(WebSocketOpcode::kPong, frame.payload, &pong);
    status = Send(index, pong);
  } else if (frame.opcode == WebSocketOpcode::kClose) {
    std::string what = "was closed";
    if (frame.payload.size() >= 2) {
      const int code = static_cast<uint8_t>(frame.payload[0]) << 8 |
                       static_cast<uint8_t>(frame.payload[1]);
      what += " with " + std::to_string(code) + " ";
      what += frame.payload.substr(2);
    }
    status = Wrong(index, what);
  }
  if (!status.ok()) return status.error();
  return frame.size;
}

Result<size_t> Swarm::TakeHandshake(size_t index, std::string_view bytes) {
  const size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return size_t{0};
  Status status = CheckHandshakeAnswer(bytes.substr(0, end));
  if (!status.ok()) return Wrong(index, status.error().message);
  const std::string hello = dialect_.Hello(ChannelOf(index));
  if (hello.empty()) {
    BecomeLive(index);
  } else {
    subscribers_[index].state = State::kSubscribing;
    status = SendText(index, hello);
    if (!status.ok()) return status.error();
  }
  return end + 4;
}

Status Swarm::TakeText(size_t index, std::string_view text) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    Status status = TakeLine(index, text.substr(0, end));
    if (!status.ok() || end == std::string_view::npos) return status;
    text.remove_prefix(end + 1);
  }
  return {};
}

Status Swarm::TakeLine(size_t index, std::string_view line) {
  const std::optional<uint64_t> sequence = FindSequence(line, &hint_);
  if (sequence) {
    if (ledger_ == nullptr) return Wrong(index, "got a message too early");
    if (ledger_->Deliver(index, *sequence, read_ns_)) return {};
    return Error{ErrorCode::kInternal, ledger_->failure()};
  }
  switch (dialect_.Read(line)) {
    case TextMeaning::kSubscribed:
      if (subscribers_[index].state == State::kSubscribing) BecomeLive(index);
      return {};
    case TextMeaning::kPing:
      return SendText(index, dialect_.Pong());
    case TextMeaning::kNothing:
      return {};
    case TextMeaning::kRefused:
      break;
  }
  return Wrong(index, "was refused: " + std::string(line));
}

Status Swarm::SendText(size_t index, std::string_view text) {
  std::string frame;
  AppendClientFrame(WebSocketOpcode::kText, text, &frame);
  return Send(index, frame);
}

// What a browser says here is short and rare; a socket that can't take it
// belongs to a server that stopped reading.
Status Swarm::Send(size_t index, std::string_view bytes) {
  const ssize_t n = send(subscribers_[index].fd.get(), bytes.data(),
                         bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n == static_cast<ssize_t>(bytes.size())) return {};
  return Wrong(index, "can't send");
}

void Swarm::BecomeLive(size_t index) {
  subscribers_[index].state = State::kLive;
  ++live_;
}

Error Swarm::Wrong(size_t index, std::string_view what) const {
  return Error{ErrorCode::kUnavailable, "subscriber " + std::to_string(index) +
                                            " of " + std::to_string(size()) +
                                            " " + std::string(what)};
}

std::string Swarm::ChannelOf(size_t index) const {
  return ChannelName(index % options_.channels);
}

}  // namespace rt::bench
