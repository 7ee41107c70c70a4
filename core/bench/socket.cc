#include "bench/socket.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace rt::bench {
namespace {

constexpr size_t kConnectionsPerSource = 8192;
constexpr int kBacklog = 4096;
constexpr int kType = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

void SetOption(int fd, int level, int name, int value) {
  setsockopt(fd, level, name, &value, sizeof(value));
}

bool IsLoopback(const sockaddr_in& address) {
  return ntohl(address.sin_addr.s_addr) >> 24 == 127;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

Error SystemError(const std::string& what) {
  return Error{ErrorCode::kUnavailable, what + ": " + std::strerror(errno)};
}

int64_t NowNs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

Result<sockaddr_in> ParseEndpoint(const std::string& text) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  const size_t colon = text.rfind(':');
  uint16_t port = 0;
  if (colon != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
    if (parsed.ec == std::errc() && parsed.ptr == end && port != 0 &&
        inet_pton(AF_INET, text.substr(0, colon).c_str(), &address.sin_addr) ==
            1) {
      address.sin_port = htons(port);
      return address;
    }
  }
  return Error{ErrorCode::kInvalid,
               "\"" + text + "\" is not ADDRESS:PORT, like 127.0.0.1:8000"};
}

Result<Descriptor> ConnectTcp(const sockaddr_in& to, size_t n) {
  Descriptor fd(socket(AF_INET, kType, 0));
  if (!fd) return SystemError("socket");
  SetOption(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  const linger reset{1, 0};
  setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  if (IsLoopback(to)) {
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(
        INADDR_LOOPBACK + static_cast<uint32_t>(n / kConnectionsPerSource));
    SetOption(fd.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    if (bind(fd.get(), reinterpret_cast<sockaddr*>(&from), sizeof(from)) != 0) {
      return SystemError("bind to a source address");
    }
  }
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)) !=
          0 &&
      errno != EINPROGRESS) {
    return SystemError("connect");
  }
  return fd;
}

Result<Descriptor> ConnectUnix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return Error{ErrorCode::kInvalid, "the socket's path is too long: " + path};
  }
  path.copy(address.sun_path, path.size());
  Descriptor fd(socket(AF_UNIX, kType, 0));
  if (!fd) return SystemError("socket");
  if (connect(fd.get(), reinterpret_cast<sockaddr*>(&address),
              sizeof(address)) != 0) {
    return SystemError("connect to " + path);
  }
  return fd;
}

Result<Descriptor> ListenTcp(const sockaddr_in& at) {
  Descriptor fd(socket(AF_INET, kType, 0));
  if (!fd) return SystemError("socket");
  SetOption(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&at), sizeof(at)) != 0 ||
      listen(fd.get(), kBacklog) != 0) {
    return SystemError("listen");
  }
  return fd;
}

}  // namespace rt::bench
