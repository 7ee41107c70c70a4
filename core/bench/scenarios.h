// The measurements themselves. Each opens its subscribers at a running
// server, puts the load on it, and reads the server's books from the kernel
// before and after. What a subscriber misses, gets twice or out of order makes
// the whole measurement an error.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/measurement.h"
#include "bench/publisher.h"

namespace rt::bench {

struct Target {
  std::string server;  // as dialect.h names them; the label in the report too
  pid_t pid = 0;       // its process; 0: no CPU and memory figures
  PublisherTarget publisher;  // its address is also the subscribers'
  bool login = false;         // subscribers send the site fixture's cookies
  int64_t round = 1;
};

// Called with each measurement as it is done.
using OnMeasurement = std::function<void(const Measurement&)>;

struct FanOutOptions {
  size_t subscribers = 1000;
  size_t channels = 1;  // 1, or a divisor of `subscribers`
  std::vector<size_t> in_flight{1, 2, 16, 64};
  size_t payload_bytes = 128;
  double seconds = 1;
};
// One measurement for each of `in_flight`, on the same connections.
Status MeasureFanOut(const Target& target, const FanOutOptions& options,
                     const OnMeasurement& done);

struct IdleOptions {
  std::vector<size_t> connections{10000, 19500};  // ascending
  double look_seconds = 0.5;  // between two looks at the server's memory
};
// Opens the connections, waits until the server's memory stands still; one
// measurement for each count. The server should be fresh.
Status MeasureIdle(const Target& target, const IdleOptions& options,
                   const OnMeasurement& done);

struct PublishOptions {
  size_t subscribers = 10000;
  size_t payload_bytes = 128;
  double per_second = 100;
  double seconds = 3;
};
// Confirmed publishes at an even pace, whether or not the subscribers keep up.
Status MeasurePublish(const Target& target, const PublishOptions& options,
                      const OnMeasurement& done);

}  // namespace rt::bench
