// Plain sockets for the generator and the bare server: all non-blocking, all
// IPv4 or unix, and closed by their owner.
#pragma once

#include <netinet/in.h>

#include <cstddef>
#include <string>
#include <utility>

#include "base/result.h"

namespace rt::bench {

// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();

  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// "127.0.0.1:8000". Names are not looked up.
[[nodiscard]] Result<sockaddr_in> ParseEndpoint(const std::string& text);

// Begins to connect; writable when done. Where `to` is on loopback, the n-th
// connection leaves from one of several 127.0.0.x, because one address has too
// few ports for tens of thousands. Closing resets the connection: no port is
// left waiting.
[[nodiscard]] Result<Descriptor> ConnectTcp(const sockaddr_in& to, size_t n);

[[nodiscard]] Result<Descriptor> ConnectUnix(const std::string& path);

[[nodiscard]] Result<Descriptor> ListenTcp(const sockaddr_in& at);

// The error of the last system call, as "what: reason".
[[nodiscard]] Error SystemError(const std::string& what);

// CLOCK_MONOTONIC.
[[nodiscard]] int64_t NowNs();

}  // namespace rt::bench
