// Exactly one broker per socket and per state folder: a file beside the socket
// (SOCKET.pid) and one in the state folder (drupalrtd.pid) are locked for the
// broker's life and tell its pid. They stay behind when it ends, unlocked:
// removing them would race with the next broker.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"

namespace rt {

// Holds one lock. Movable; unlocks when it goes.
class PidFile {
 public:
  // Locks `path` and writes this process's pid. kDenied where a running
  // process holds it: "already running, pid N".
  static Result<PidFile> Acquire(const std::string& path);

  PidFile(PidFile&& other) noexcept;
  PidFile& operator=(PidFile&& other) noexcept;
  ~PidFile();

 private:
  explicit PidFile(int fd) : fd_(fd) {}

  int fd_;
};

[[nodiscard]] std::string PidFileOfSocket(const std::string& socket);
[[nodiscard]] std::string PidFileOfState(const std::string& state);

// The pid of whoever holds `path` now. kNotFound where nobody does, kDenied
// where this user may not look.
Result<pid_t> RunningPid(const std::string& path);

}  // namespace rt
