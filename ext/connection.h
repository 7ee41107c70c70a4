// One non-blocking unix stream connection: opens, writes whole frames, reads
// whole frames, each until a deadline. Knows nothing of what the frames mean,
// and makes no call into Zend.
//
// Belongs to one thread. A child of fork() must not use its parent's: whoever
// holds one compares `generation` with ForkGeneration() first.
#pragma once

#include <stdint.h>
#include <sys/un.h>

#include <string_view>

#include "bytes.h"
#include "deadline.h"
#include "frame.h"

namespace rt {

enum class Io : uint8_t {
  kOk,
  kTimeout,    // the deadline passed
  kClosed,     // the peer is gone
  kMalformed,  // the peer does not speak the link's format
};

struct Connection {
  int fd;  // -1: closed
  uint32_t generation;
  Bytes in;
  size_t in_used;  // of `in`, handed out already
};

// Grows by one in every child of fork(). Cheap: no getpid() per call.
[[nodiscard]] uint32_t ForkGeneration();
// Once per process, before the first connection.
void WatchForks();

void Init(Connection* connection);
void Close(Connection* connection);

// 0 or errno; EAGAIN where the peer took no connection until the deadline.
[[nodiscard]] int Open(const sockaddr_un& address, Deadline deadline,
                       Connection* connection);

// Writes `first` and `second` as one. After kTimeout with `*torn` set, a part
// of a frame is out and the connection is good for nothing else.
[[nodiscard]] Io Send(std::string_view first, std::string_view second,
                      Deadline deadline, Connection* connection, bool* torn);

// The next frame. Frames that came before the peer closed are still handed
// out.
[[nodiscard]] Io Receive(Deadline deadline, Connection* connection,
                         Frame* frame);

}  // namespace rt
