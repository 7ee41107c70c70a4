#include "broker/readiness.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace rt {

namespace {

void NotifySystemd(std::string_view message) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr) return;
  const size_t length = std::strlen(path);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (length < 2 || length >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path, length);
  // systemd writes an abstract socket's leading zero byte as "@".
  if (path[0] == '@') address.sun_path[0] = '\0';
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  ::sendto(fd, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
           reinterpret_cast<const sockaddr*>(&address),
           static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
  ::close(fd);
}

}  // namespace

void AnnounceReady(int ready_fd) {
  NotifySystemd("READY=1");
  if (ready_fd < 0) return;
  constexpr std::string_view kWord = "ready\n";
  [[maybe_unused]] const ssize_t told =
      ::write(ready_fd, kWord.data(), kWord.size());
  ::close(ready_fd);
}

void AnnounceStopping() { NotifySystemd("STOPPING=1"); }

}  // namespace rt
