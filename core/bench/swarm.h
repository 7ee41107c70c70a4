// Tens of thousands of browsers in one thread: opens them, keeps them alive,
// and hands every message that they get to the ledger. Owns the one epoll of
// the generator, on which also the publisher lives.
#pragma once

#include <netinet/in.h>
#include <sys/epoll.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "bench/dialect.h"
#include "bench/ledger.h"
#include "bench/publisher.h"
#include "bench/socket.h"

namespace rt::bench {

class Swarm {
 public:
  struct Options {
    sockaddr_in server{};
    size_t channels = 1;  // subscriber i listens to channel i modulo this
    // The Cookie header of the i-th; none where it is not set.
    std::function<std::string(size_t)> cookie;
  };

  // `dialect` outlives the swarm.
  Swarm(const Dialect& dialect, Options options);
  Swarm(const Swarm&) = delete;
  Swarm& operator=(const Swarm&) = delete;

  // Adds subscribers until there are `count`, all of them subscribed.
  Status Open(size_t count);

  // Where messages go; without a ledger a message ends the run. Both outlive
  // their use here.
  void set_ledger(Ledger* ledger) { ledger_ = ledger; }
  Status Watch(Publisher* publisher);

  // Waits at most `timeout_ms` for sockets and serves those that are ready.
  // Fails with the first thing that is not as it should be.
  Status Turn(int timeout_ms);

  [[nodiscard]] size_t size() const { return subscribers_.size(); }

 private:
  enum class State : uint8_t {
    kConnecting,
    kHandshake,
    kSubscribing,
    kLive,
  };
  struct Subscriber {
    Descriptor fd;
    State state = State::kConnecting;
    std::string partial;  // what has no end yet
  };

  Status Begin();
  Status OnReady(size_t index, uint32_t events);
  Status OnReadable(size_t index);
  // How many bytes of `bytes` were used, or what is wrong with them.
  Result<size_t> Take(size_t index, std::string_view bytes);
  Result<size_t> TakeHandshake(size_t index, std::string_view bytes);
  Status TakeText(size_t index, std::string_view text);
  Status TakeLine(size_t index, std::string_view line);
  Status Send(size_t index, std::string_view bytes);
  Status SendText(size_t index, std::string_view text);
  void BecomeLive(size_t index);
  [[nodiscard]] Error Wrong(size_t index, std::string_view what) const;
  [[nodiscard]] std::string ChannelOf(size_t index) const;

  const Dialect& dialect_;
  const Options options_;
  Descriptor epoll_;
  std::vector<epoll_event> events_;
  std::vector<char> buffer_;
  std::vector<Subscriber> subscribers_;
  size_t live_ = 0;
  size_t hint_ = 0;      // FindSequence's
  int64_t read_ns_ = 0;  // when the bytes at hand were read
  Ledger* ledger_ = nullptr;
  Publisher* publisher_ = nullptr;
  bool publisher_blocked_ = false;
};

}  // namespace rt::bench
