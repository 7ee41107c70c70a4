#include "broker/pid_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "broker/config_text.h"

namespace rt {

namespace {

// What the file says, whether or not anybody holds it.
std::optional<pid_t> ReadPid(int fd) {
  char text[32];
  const ssize_t length = ::pread(fd, text, sizeof text, 0);
  if (length <= 0) return std::nullopt;
  std::string_view digits(text, static_cast<size_t>(length));
  if (digits.ends_with('\n')) digits.remove_suffix(1);
  const Result<int64_t> pid = ParseInteger(digits);
  if (!pid || *pid <= 1) return std::nullopt;
  return static_cast<pid_t>(*pid);
}

// Locks of open file descriptions (fcntl(2)): unlike flock, they can be asked
// for without being taken.
struct flock WholeFile() {
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

Result<PidFile> PidFile::Acquire(const std::string& path) {
  // For nobody else to open: whoever may read it could hold a lock on it.
  const int fd =
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    return Error{ErrorCode::kUnavailable,
                 fmt::format("cannot write the pid file {}: {}", path,
                             std::strerror(errno))};
  }
  PidFile file(fd);
  struct flock lock = WholeFile();
  if (::fcntl(fd, F_OFD_SETLK, &lock) != 0) {
    const std::optional<pid_t> pid = ReadPid(fd);
    return Error{ErrorCode::kDenied,
                 fmt::format("already running, pid {} (it holds {})",
                             pid ? std::to_string(*pid) : "unknown", path)};
  }
  const std::string text = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, text.data(), text.size(), 0) !=
                                     static_cast<ssize_t>(text.size())) {
    return Error{ErrorCode::kUnavailable,
                 fmt::format("cannot write the pid file {}: {}", path,
                             std::strerror(errno))};
  }
  return file;
}

PidFile::PidFile(PidFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

PidFile& PidFile::operator=(PidFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

PidFile::~PidFile() {
  if (fd_ >= 0) ::close(fd_);
}

std::string PidFileOfSocket(const std::string& socket) {
  return socket + ".pid";
}

std::string PidFileOfState(const std::string& state) {
  return state + "/drupalrtd.pid";
}

Result<pid_t> RunningPid(const std::string& path) {
  const Error nobody{ErrorCode::kNotFound, "no broker holds " + path};
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return nobody;
    return Error{ErrorCode::kDenied,
                 fmt::format("may not read {} ({}): do it as the broker's user "
                             "or as root",
                             path, std::strerror(errno))};
  }
  struct flock lock = WholeFile();
  std::optional<pid_t> pid;
  if (::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK) {
    pid = ReadPid(fd);
  }
  ::close(fd);
  if (!pid) return nobody;
  return *pid;
}

}  // namespace rt
