#include "db/socket_wait.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

namespace rt {

int Deadline::remaining_ms() const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      end_ - std::chrono::steady_clock::now());
  return static_cast<int>(std::max<int64_t>(left.count(), 0));
}

bool AwaitSocket(int socket, short events, const Deadline& deadline) {
  while (true) {
    pollfd poll_one{socket, events, 0};
    const int ready = poll(&poll_one, 1, deadline.remaining_ms());
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) return true;  // whoever reads from it will be told
  }
}

bool SocketIsQuiet(int socket) {
  if (socket < 0) return false;
  pollfd poll_one{socket, POLLIN, 0};
  return poll(&poll_one, 1, 0) == 0;
}

}  // namespace rt
