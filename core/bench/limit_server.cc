#include "bench/limit_server.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/check.h"
#include "bench/socket.h"
#include "wire/websocket.h"

namespace rt::bench {
namespace {

struct Peer;

struct Channel {
  std::vector<Peer*> subscribers;
  std::string due;           // framed
  std::vector<size_t> ends;  // of each message in `due`
};

struct Peer {
  Descriptor fd;
  std::string head;                         // of the request, while it comes in
  std::string unsent;                       // what the socket did not take
  Channel* channel = nullptr;               // a subscriber's
  size_t place = 0;                         // in its channel
  std::unique_ptr<WebSocketReader> reader;  // a publisher's
};

class LimitServer final : public WebSocketEvents {
 public:
  explicit LimitServer(bool coalesce)
      : coalesce_(coalesce), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    RT_CHECK(static_cast<bool>(epoll_));
  }

  void Run(int listener, int stop);

 private:
  bool OnMessage(WebSocketOpcode opcode, std::string_view payload) override;
  bool OnPing(std::string_view) override { return true; }
  bool OnPong(std::string_view) override { return true; }
  bool OnClose(uint16_t, std::string_view) override { return false; }

  void Watch(int operation, int fd, uint32_t events, void* what);
  void Accept(int listener);
  void OnReadable(Peer* peer);
  bool OnBytes(Peer* peer, char* bytes, size_t length);
  bool OnHead(Peer* peer);
  void FanOut();
  void SendAll(Channel* channel, std::string_view bytes);
  void Send(Peer* peer, std::string_view bytes);
  void SendUnsent(Peer* peer);
  void Close(Peer* peer);

  const bool coalesce_;
  Descriptor epoll_;
  std::vector<char> buffer_ = std::vector<char>(64 * 1024);
  std::unordered_map<std::string, Channel> channels_;
  std::unordered_map<Peer*, std::unique_ptr<Peer>> peers_;
  std::vector<Channel*> due_;
  std::vector<std::unique_ptr<Peer>> closed_;  // this turn
};

void LimitServer::Watch(int operation, int fd, uint32_t events, void* what) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = what;
  RT_CHECK(epoll_ctl(epoll_.get(), operation, fd, &event) == 0);
}

void LimitServer::Run(int listener, int stop) {
  Watch(EPOLL_CTL_ADD, listener, EPOLLIN, &listener);
  Watch(EPOLL_CTL_ADD, stop, EPOLLIN, &stop);
  std::vector<epoll_event> events(1024);
  while (true) {
    const int ready = epoll_wait(epoll_.get(), events.data(),
                                 static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      const epoll_event& event = events[static_cast<size_t>(i)];
      if (event.data.ptr == &stop) return;
      if (event.data.ptr == &listener) {
        Accept(listener);
        continue;
      }
      auto* peer = static_cast<Peer*>(event.data.ptr);
      if (!peer->fd) continue;  // closed earlier in this turn
      if ((event.events & EPOLLOUT) != 0) SendUnsent(peer);
      if ((event.events & ~uint32_t{EPOLLOUT}) != 0) OnReadable(peer);
    }
    FanOut();
    closed_.clear();
  }
}

void LimitServer::Accept(int listener) {
  while (true) {
    const int fd =
        accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    auto owned = std::make_unique<Peer>();
    Peer* peer = owned.get();
    peer->fd = Descriptor(fd);
    peers_.emplace(peer, std::move(owned));
    Watch(EPOLL_CTL_ADD, fd, EPOLLIN, peer);
  }
}

void LimitServer::OnReadable(Peer* peer) {
  const ssize_t n = recv(peer->fd.get(), buffer_.data(), buffer_.size(), 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0 || !OnBytes(peer, buffer_.data(), static_cast<size_t>(n)))
    Close(peer);
}

bool LimitServer::OnBytes(Peer* peer, char* bytes, size_t length) {
  if (peer->reader) return peer->reader->Read(bytes, length, this);
  if (peer->channel != nullptr) return true;  // pongs and the like
  peer->head.append(bytes, length);
  if (peer->head.size() > 8192) return false;
  return peer->head.find("\r\n\r\n") == std::string::npos || OnHead(peer);
}

bool LimitServer::OnHead(Peer* peer) {
  constexpr std::string_view kKey = "Sec-WebSocket-Key: ";
  const std::string head = std::exchange(peer->head, {});
  const size_t key = head.find(kKey);
  if (key == std::string::npos) return false;
  const size_t key_end = head.find("\r\n", key);
  const std::string accept = WebSocketAccept(std::string_view{head}.substr(
      key + kKey.size(), key_end - key - kKey.size()));
  Send(peer,
       "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
       "Connection: Upgrade\r\nSec-WebSocket-Accept: " +
           accept + "\r\n\r\n");

  if (!head.starts_with("GET /sub/")) {
    peer->reader = std::make_unique<WebSocketReader>(WebSocketReader::Limits{});
    std::string rest = head.substr(head.find("\r\n\r\n") + 4);
    return OnBytes(peer, rest.data(), rest.size());
  }
  const size_t name = std::string_view("GET /sub/").size();
  peer->channel = &channels_[head.substr(name, head.find(' ', name) - name)];
  peer->place = peer->channel->subscribers.size();
  peer->channel->subscribers.push_back(peer);
  return true;
}

bool LimitServer::OnMessage(WebSocketOpcode, std::string_view payload) {
  const size_t newline = payload.find('\n');
  if (newline == std::string_view::npos) return false;
  const auto found = channels_.find(std::string(payload.substr(0, newline)));
  if (found == channels_.end()) return true;
  Channel& channel = found->second;
  if (channel.due.empty()) due_.push_back(&channel);
  AppendWebSocketFrame(WebSocketOpcode::kText, payload.substr(newline + 1),
                       &channel.due);
  channel.ends.push_back(channel.due.size());
  return true;
}

void LimitServer::FanOut() {
  for (Channel* channel : due_) {
    const std::string_view due = channel->due;
    if (coalesce_) {
      SendAll(channel, due);
    } else {
      size_t begin = 0;
      for (const size_t end : channel->ends) {
        SendAll(channel, due.substr(begin, end - begin));
        begin = end;
      }
    }
    channel->due.clear();
    channel->ends.clear();
  }
  due_.clear();
}

void LimitServer::SendAll(Channel* channel, std::string_view bytes) {
  for (Peer* peer : channel->subscribers) Send(peer, bytes);
}

void LimitServer::Send(Peer* peer, std::string_view bytes) {
  if (!peer->unsent.empty()) {
    peer->unsent += bytes;
    return;
  }
  const ssize_t n = send(peer->fd.get(), bytes.data(), bytes.size(),
                         MSG_NOSIGNAL | MSG_DONTWAIT);
  // A broken connection is closed when it is read from.
  if (n == static_cast<ssize_t>(bytes.size()) || (n < 0 && errno != EAGAIN)) {
    return;
  }
  peer->unsent = bytes.substr(n < 0 ? 0 : static_cast<size_t>(n));
  Watch(EPOLL_CTL_MOD, peer->fd.get(), EPOLLIN | EPOLLOUT, peer);
}

void LimitServer::SendUnsent(Peer* peer) {
  const std::string bytes = std::exchange(peer->unsent, {});
  Watch(EPOLL_CTL_MOD, peer->fd.get(), EPOLLIN, peer);
  Send(peer, bytes);
}

void LimitServer::Close(Peer* peer) {
  if (peer->channel != nullptr) {
    std::vector<Peer*>& all = peer->channel->subscribers;
    all[peer->place] = all.back();
    all[peer->place]->place = peer->place;
    all.pop_back();
  }
  peer->fd = Descriptor();
  // Events of this turn may still point to it.
  auto node = peers_.extract(peer);
  closed_.push_back(std::move(node.mapped()));
}

}  // namespace

int RunLimitServer(const LimitServerOptions& options) {
  Result<sockaddr_in> address = ParseEndpoint(options.listen);
  Result<Descriptor> listener =
      address.ok() ? ListenTcp(*address) : Result<Descriptor>(address.error());
  if (!listener.ok()) {
    std::fprintf(stderr, "bench limit-server: %s\n",
                 listener.error().message.c_str());
    return address.ok() ? 1 : 2;
  }
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  sigprocmask(SIG_BLOCK, &stop, nullptr);
  Descriptor signals(signalfd(-1, &stop, SFD_CLOEXEC));
  RT_CHECK(static_cast<bool>(signals));
  std::printf("listening on %s\n", options.listen.c_str());
  std::fflush(stdout);
  ServeLimit(*listener, signals, options.coalesce);
  return 0;
}

void ServeLimit(const Descriptor& listener, const Descriptor& stop,
                bool coalesce) {
  LimitServer(coalesce).Run(listener.get(), stop.get());
}

}  // namespace rt::bench
