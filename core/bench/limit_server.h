// The least that a server can do: accept WebSockets and send() every message
// to every subscriber. One thread, one epoll, no rights, no offsets, no slow
// client policy. What the broker takes above it is the price of being a
// broker.
#pragma once

#include <string>

#include "bench/socket.h"

namespace rt::bench {

struct LimitServerOptions {
  std::string listen = "127.0.0.1:8010";
  // Join all messages that are due into one buffer, so that a subscriber costs
  // one send() per turn. Without it, one send() per message.
  bool coalesce = true;
};

// Subscribers come to /sub/CHANNEL; a publisher comes to /pub and sends text
// frames of channel, newline, data. Runs until SIGTERM or SIGINT; returns the
// exit status.
int RunLimitServer(const LimitServerOptions& options);

// The same on a socket that listens already, until `stop` is readable.
void ServeLimit(const Descriptor& listener, const Descriptor& stop,
                bool coalesce);

}  // namespace rt::bench
