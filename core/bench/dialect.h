// How the kinds of server differ, as seen by a subscriber: the path of the
// handshake, what to say after it, and what the server's texts mean. Pure.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rt::bench {

enum class TextMeaning {
  kSubscribed,  // the subscriber is ready
  kPing,        // wants Pong() back
  kNothing,
  kRefused,  // the run can't go on
};

class Dialect {
 public:
  virtual ~Dialect() = default;

  // Of the WebSocket handshake for a subscriber of `channel`.
  [[nodiscard]] virtual std::string Path(std::string_view channel) const = 0;
  // The text to send once the handshake is done. Empty: the handshake alone
  // subscribes.
  [[nodiscard]] virtual std::string Hello(std::string_view channel) const = 0;
  // What a line that carries no payload of ours says.
  [[nodiscard]] virtual TextMeaning Read(std::string_view line) const = 0;
  [[nodiscard]] virtual std::string Pong() const = 0;
};

// By name: "drupalrt", "socket.io", or "ws", "nchan" and "limit", which are
// plain WebSockets at /sub/CHANNEL.
[[nodiscard]] Result<std::unique_ptr<Dialect>> MakeDialect(
    std::string_view server);

// The name of the n-th channel, the same for all servers.
[[nodiscard]] std::string ChannelName(size_t n);

}  // namespace rt::bench
