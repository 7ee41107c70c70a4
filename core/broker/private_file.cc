#include "broker/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace rt {

namespace {

Error Failed(std::string_view what, const std::string& path) {
  return {errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnavailable,
          fmt::format("cannot {} {}: {}", what, path, std::strerror(errno))};
}

class File {
 public:
  File(const std::string& path, int flags)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

Error NotWritten(const std::string& path, const std::string& temporary) {
  Error error = Failed("write", path);
  error.code = ErrorCode::kUnavailable;
  ::unlink(temporary.c_str());
  return error;
}

}  // namespace

Status ReplacePrivateFile(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".new";
  ::unlink(temporary.c_str());
  {
    const File file(temporary, O_WRONLY | O_CREAT | O_EXCL);
    if (file.fd() < 0 || !WriteAll(file.fd(), text) ||
        ::fsync(file.fd()) != 0) {
      return NotWritten(temporary, temporary);
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return NotWritten(path, temporary);
  }
  return SyncDirectory(path.substr(0, path.rfind('/')));
}

Result<std::string> ReadPrivateFile(const std::string& path, size_t max_bytes) {
  const File file(path, O_RDONLY | O_NONBLOCK);
  struct stat info;
  if (file.fd() < 0 || ::fstat(file.fd(), &info) != 0) {
    return Failed("read", path);
  }
  if (!S_ISREG(info.st_mode) || static_cast<size_t>(info.st_size) > max_bytes) {
    return Error{
        ErrorCode::kInvalid,
        fmt::format("{} is no file of at most {} bytes", path, max_bytes)};
  }
  std::string text(static_cast<size_t>(info.st_size), '\0');
  size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t count =
        ::read(file.fd(), text.data() + filled, text.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failed("read", path);
    if (count == 0) break;
    filled += static_cast<size_t>(count);
  }
  text.resize(filled);
  return text;
}

Status SyncDirectory(const std::string& dir) {
  const File file(dir, O_RDONLY | O_DIRECTORY);
  if (file.fd() < 0 || ::fsync(file.fd()) != 0) return Failed("sync", dir);
  return {};
}

}  // namespace rt
