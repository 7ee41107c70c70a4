// One generator at work on one server: its dialect, its swarm, its ledger and
// its publisher, in the order in which they must go. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/result.h"
#include "bench/dialect.h"
#include "bench/ledger.h"
#include "bench/publisher.h"
#include "bench/scenarios.h"
#include "bench/swarm.h"

namespace rt::bench {

// The server's and the generator's books at one moment.
struct Books {
  int64_t now_ns = 0;
  int64_t server_cpu_ns = 0;
  int64_t generator_cpu_ns = 0;
};
[[nodiscard]] Result<Books> TakeBooks(pid_t server);

class BenchRun {
 public:
  [[nodiscard]] static Result<std::unique_ptr<BenchRun>> Create(
      const Target& target, size_t channels);

  // Opens the swarm up to `subscribers`.
  Status Open(size_t subscribers) { return swarm_->Open(subscribers); }
  // Connects the publisher and opens the ledger for the swarm as it stands.
  Status BeginPublishing(size_t channels);

  // Publishes in a closed loop for `seconds`, then waits for what is still on
  // its way. Fails where nothing arrives for 30 s.
  Status CloseLoop(size_t in_flight, size_t payload_bytes, double seconds);
  // Publishes `per_second` confirmed messages for `seconds`, likewise.
  Status KeepPace(double per_second, size_t payload_bytes, double seconds);
  // Serves the sockets for that long.
  Status Idle(double seconds);

  [[nodiscard]] Ledger& ledger() { return *ledger_; }
  [[nodiscard]] Publisher& publisher() { return *publisher_; }
  [[nodiscard]] Swarm& swarm() { return *swarm_; }

 private:
  explicit BenchRun(Target target) : target_(std::move(target)) {}
  void PublishOne(size_t payload_bytes, bool confirmed);
  Status TurnOrStall(int timeout_ms);
  Status Drain();

  const Target target_;
  std::unique_ptr<Dialect> dialect_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<Swarm> swarm_;
  uint64_t progress_ = 0;  // deliveries and answers seen
  int64_t progress_ns_ = 0;
};

}  // namespace rt::bench
