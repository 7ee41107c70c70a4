// A loop with a listener on a free port, and blocking clients of it, all on
// one thread: the loop turns while a client waits.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "net/listener.h"
#include "net/loop.h"

namespace rt {

class Loopback {
 public:
  explicit Loopback(Listener::HandlerFactory factory,
                    size_t max_queued_bytes = 64 * 1024)
      : listener_(&loop_, {SIZE_MAX, max_queued_bytes, false},
                  std::move(factory)) {
    const Status listening = listener_.ListenTcp("127.0.0.1:0");
    EXPECT_TRUE(listening.ok());
  }
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;
  ~Loopback() {
    listener_.Close();
    while (!listener_.closed()) loop_.RunUntilClosed();
  }

  // Turns until it holds, or a few seconds have passed.
  bool TurnUntil(const std::function<bool()>& holds) {
    const int64_t until = loop_.clock().monotonic_ms() + 10'000;
    while (!holds()) {
      if (loop_.clock().monotonic_ms() > until) return false;
      uv_run(loop_.uv(), UV_RUN_NOWAIT);
    }
    return true;
  }
  // So many turns, in which something must not happen.
  void Turn(int turns) {
    for (int i = 0; i < turns; ++i) uv_run(loop_.uv(), UV_RUN_NOWAIT);
  }

  Loop& loop() { return loop_; }
  Listener& listener() { return listener_; }

 private:
  Loop loop_;
  Listener listener_;
};

class Client {
 public:
  // `receive_buffer`: the kernel's, where a test needs it small.
  explicit Client(Loopback* to, int receive_buffer = 0) : to_(to) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receive_buffer > 0) {
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer,
                   sizeof receive_buffer);
    }
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(to->listener().port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&address),
                        sizeof address),
              0);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { Close(); }

  void Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent =
          ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) bytes.remove_prefix(static_cast<size_t>(sent));
      if (sent < 0 && errno != EAGAIN) return;
      to_->Turn(1);
    }
  }

  // Everything received so far, once `enough` is in it.
  const std::string& Until(std::string_view enough) {
    const bool came = to_->TurnUntil([&] {
      Receive();
      return seen_.find(enough) != std::string::npos || ended_;
    });
    EXPECT_TRUE(came && seen_.find(enough) != std::string::npos)
        << "\"" << enough << "\" is not in \"" << seen_ << "\"";
    return seen_;
  }
  // Everything until the server's end.
  const std::string& UntilEnd() {
    EXPECT_TRUE(to_->TurnUntil([&] {
      Receive();
      return ended_;
    })) << "no end behind \""
        << seen_ << "\"";
    return seen_;
  }

  void Receive() {
    char bytes[65536];
    while (!ended_) {
      const ssize_t got = ::recv(fd_, bytes, sizeof bytes, MSG_DONTWAIT);
      if (got < 0 && errno == EAGAIN) return;
      was_reset_ = got < 0;
      ended_ = got <= 0;
      if (got > 0) seen_.append(bytes, static_cast<size_t>(got));
    }
  }

  void HalfClose() { ::shutdown(fd_, SHUT_WR); }
  void Close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  void SetLinger(const linger& how) {
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &how, sizeof how);
  }
  void Forget() { seen_.clear(); }

  [[nodiscard]] const std::string& seen() const { return seen_; }
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] bool was_reset() const { return was_reset_; }

 private:
  Loopback* to_;
  int fd_ = -1;
  std::string seen_;
  bool ended_ = false;
  bool was_reset_ = false;
};

}  // namespace rt
