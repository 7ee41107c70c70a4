// Waiting for a driver's socket, within a bound. For drivers, which block, and
// never on a loop.
#pragma once

#include <chrono>

namespace rt {

class Deadline {
 public:
  explicit Deadline(int ms)
      : end_(std::chrono::steady_clock::now() + std::chrono::milliseconds(ms)) {
  }
  // 0 when it is over.
  [[nodiscard]] int remaining_ms() const;

 private:
  std::chrono::steady_clock::time_point end_;
};

// Until the socket is ready for one of these events of poll(2), or has failed.
// False where the deadline came first.
[[nodiscard]] bool AwaitSocket(int socket, short events,
                               const Deadline& deadline);

// Has nothing to say: an idle connection whose server has not closed it.
[[nodiscard]] bool SocketIsQuiet(int socket);

}  // namespace rt
