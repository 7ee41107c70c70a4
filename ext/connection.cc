#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace rt {
namespace {

constexpr size_t kReadBytes = 4096;

// Written in a child that has one thread, read by many in a parent that never
// writes it.
uint32_t fork_generation = 1;

void OnFork() { ++fork_generation; }

// False when the deadline has passed.
bool Wait(int fd, short events, Deadline deadline) {
  for (;;) {
    const int left = deadline.remaining_ms();
    if (left == 0) return false;
    pollfd item{fd, events, 0};
    const int ready = poll(&item, 1, left);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

bool WouldBlock(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

// A descriptor of 0 to 2 would be taken for a standard stream by whoever
// writes there next.
int AboveStandardStreams(int fd) {
  if (fd < 0 || fd > 2) return fd;
  const int moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  close(fd);
  return moved;
}

Io Fill(Connection* connection) {
  Bytes* in = &connection->in;
  if (connection->in_used == in->size) {
    in->size = connection->in_used = 0;
  } else if (connection->in_used > 0 && in->capacity - in->size < kReadBytes) {
    in->size -= connection->in_used;
    memmove(in->data, in->data + connection->in_used, in->size);
    connection->in_used = 0;
  }
  Reserve(in, kReadBytes);
  for (;;) {
    const ssize_t got = recv(connection->fd, in->data + in->size,
                             in->capacity - in->size, MSG_DONTWAIT);
    if (got > 0) {
      in->size += static_cast<size_t>(got);
      return Io::kOk;
    }
    if (got == 0) return Io::kClosed;
    if (errno == EINTR) continue;
    return WouldBlock(errno) ? Io::kTimeout : Io::kClosed;
  }
}

}  // namespace

uint32_t ForkGeneration() { return fork_generation; }

void WatchForks() { pthread_atfork(nullptr, nullptr, OnFork); }

void Init(Connection* connection) {
  *connection = Connection{};
  connection->fd = -1;
}

void Close(Connection* connection) {
  if (connection->fd >= 0) close(connection->fd);
  connection->fd = -1;
  connection->in.size = connection->in_used = 0;
}

int Open(const sockaddr_un& address, Deadline deadline,
         Connection* connection) {
  Close(connection);
  const int fd = AboveStandardStreams(
      socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd < 0) return errno;
  while (connect(fd, reinterpret_cast<const sockaddr*>(&address),
                 sizeof(address)) != 0) {
    const int error = errno;
    // EAGAIN: the listener's queue is full, and no poll() tells when it is
    // not. A full queue is emptied in one turn of the broker's loop.
    if (error == EINTR || (WouldBlock(error) && deadline.remaining_ms() > 0)) {
      poll(nullptr, 0, 1);
      continue;
    }
    close(fd);
    return error;
  }
  connection->fd = fd;
  connection->generation = fork_generation;
  return 0;
}

Io Send(std::string_view first, std::string_view second, Deadline deadline,
        Connection* connection, bool* torn) {
  *torn = false;
  iovec parts[2] = {{const_cast<char*>(first.data()), first.size()},
                    {const_cast<char*>(second.data()), second.size()}};
  size_t left = first.size() + second.size();
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  for (;;) {
    const ssize_t sent =
        sendmsg(connection->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (!WouldBlock(errno)) return Io::kClosed;
      if (!Wait(connection->fd, POLLOUT, deadline)) return Io::kTimeout;
      continue;
    }
    left -= static_cast<size_t>(sent);
    if (left == 0) return Io::kOk;
    *torn = true;
    size_t done = static_cast<size_t>(sent);
    for (iovec& part : parts) {
      const size_t here = done < part.iov_len ? done : part.iov_len;
      part.iov_base = static_cast<char*>(part.iov_base) + here;
      part.iov_len -= here;
      done -= here;
    }
  }
}

Io Receive(Deadline deadline, Connection* connection, Frame* frame) {
  for (;;) {
    const std::string_view unread =
        connection->in.view().substr(connection->in_used);
    size_t used = 0;
    switch (ParseFrame(unread, frame, &used)) {
      case FrameParse::kFrame:
        connection->in_used += used;
        return Io::kOk;
      case FrameParse::kMalformed:
        return Io::kMalformed;
      case FrameParse::kMore:
        break;
    }
    const Io filled = Fill(connection);
    if (filled == Io::kOk) continue;
    if (filled == Io::kClosed) return Io::kClosed;
    if (!Wait(connection->fd, POLLIN, deadline)) return Io::kTimeout;
  }
}

}  // namespace rt
