#include "broker/readiness.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "core/broker/temp_dir.h"

namespace rt {
namespace {

// Stands in for systemd: a datagram socket at $NOTIFY_SOCKET.
class NotifySocket {
 public:
  // `name` with a leading "@" is abstract.
  explicit NotifySocket(const std::string& name) {
    fd_ = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address),
                     static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) +
                                            name.size())),
              0);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  ~NotifySocket() {
    ::unsetenv("NOTIFY_SOCKET");
    ::close(fd_);
  }

  std::string Next() const {
    char text[64];
    const ssize_t length = ::recv(fd_, text, sizeof text, MSG_DONTWAIT);
    return length < 0 ? "nothing" : std::string(text, length);
  }

 private:
  int fd_;
};

TEST(Readiness, TellsSystemd) {
  TempDir dir;
  NotifySocket systemd(dir.path("n"));

  AnnounceReady(-1);
  AnnounceStopping();

  EXPECT_EQ(systemd.Next(), "READY=1");
  EXPECT_EQ(systemd.Next(), "STOPPING=1");
}

TEST(Readiness, TellsAnAbstractSocket) {
  NotifySocket systemd("@drupalrt-test-" + std::to_string(::getpid()));

  AnnounceReady(-1);

  EXPECT_EQ(systemd.Next(), "READY=1");
}

TEST(Readiness, TellsTheDescriptorOnceAndClosesIt) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);

  AnnounceReady(ends[1]);

  char text[16];
  EXPECT_EQ(::read(ends[0], text, sizeof text), 6);
  EXPECT_EQ(std::string(text, 6), "ready\n");
  EXPECT_EQ(::read(ends[0], text, sizeof text), 0);
  ::close(ends[0]);
}

TEST(Readiness, IsSilentWhereNobodyListens) {
  ::setenv("NOTIFY_SOCKET", "/nonexistent/socket", 1);
  AnnounceReady(-1);
  ::setenv("NOTIFY_SOCKET", std::string(500, 'x').c_str(), 1);
  AnnounceStopping();
  ::unsetenv("NOTIFY_SOCKET");
  AnnounceStopping();
}

}  // namespace
}  // namespace rt
