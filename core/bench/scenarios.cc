#include "bench/scenarios.h"

#include <cstdlib>

#include "bench/bench_run.h"
#include "bench/process_stats.h"

namespace rt::bench {
namespace {

// Memory stands still when two looks differ by less than this.
constexpr int64_t kStillBytes = 64 * 1024;
constexpr int kMostLooks = 10;

Measurement Begin(const Target& target, const char* scenario,
                  size_t subscribers) {
  Measurement m;
  m.scenario = scenario;
  m.server = target.server;
  m.round = target.round;
  m.login = target.login;
  m.subscribers = static_cast<int64_t>(subscribers);
  return m;
}

void AddLatency(Histogram& latency, Measurement* m) {
  m->values[kLatencyP50Us] = static_cast<double>(latency.Percentile(50)) / 1000;
  m->values[kLatencyP99Us] = static_cast<double>(latency.Percentile(99)) / 1000;
}

void AddDeliveries(const Books& before, const Books& after, uint64_t count,
                   Measurement* m) {
  const auto deliveries = static_cast<double>(count);
  const auto ns = static_cast<double>(after.now_ns - before.now_ns);
  const auto server_ns =
      static_cast<double>(after.server_cpu_ns - before.server_cpu_ns);
  const auto generator_ns =
      static_cast<double>(after.generator_cpu_ns - before.generator_cpu_ns);
  m->values[kDeliveries] = deliveries;
  m->values[kSeconds] = ns / 1e9;
  m->values[kDeliveriesPerS] = deliveries / (ns / 1e9);
  m->values[kGeneratorCpu] = generator_ns / ns;
  if (after.server_cpu_ns != 0) {
    m->values[kCpuPerMillionS] = server_ns / 1e9 / (deliveries / 1e6);
  }
}

Status MeasureOne(BenchRun* run, const Target& target,
                  const FanOutOptions& options, size_t in_flight,
                  const OnMeasurement& done) {
  Ledger& ledger = run->ledger();
  ledger.latency().Clear();
  const uint64_t before_count = ledger.deliveries();
  Result<Books> before = TakeBooks(target.pid);
  if (!before.ok()) return before.error();
  Status status =
      run->CloseLoop(in_flight, options.payload_bytes, options.seconds);
  if (!status.ok()) return status;
  Result<Books> after = TakeBooks(target.pid);
  if (!after.ok()) return after.error();

  Measurement m = Begin(target, options.channels == 1 ? "fanout" : "channels",
                        run->swarm().size());
  m.in_flight = static_cast<int64_t>(in_flight);
  AddDeliveries(*before, *after, ledger.deliveries() - before_count, &m);
  AddLatency(ledger.latency(), &m);
  done(m);
  return {};
}

// The server's memory once it has come to rest.
Result<int64_t> MemoryAtRest(BenchRun* run, pid_t pid, double look_seconds) {
  int64_t last = -kStillBytes;
  for (int look = 0; look < kMostLooks; ++look) {
    Status status = run->Idle(look_seconds);
    if (!status.ok()) return status.error();
    Result<int64_t> now = ProcessMemoryBytes(pid);
    if (!now.ok()) return now.error();
    if (std::abs(*now - last) < kStillBytes) return *now;
    last = *now;
  }
  return last;
}

}  // namespace

Status MeasureFanOut(const Target& target, const FanOutOptions& options,
                     const OnMeasurement& done) {
  Result<std::unique_ptr<BenchRun>> created =
      BenchRun::Create(target, options.channels);
  if (!created.ok()) return created.error();
  BenchRun& run = **created;
  Status status = run.Open(options.subscribers);
  if (status.ok()) status = run.BeginPublishing(options.channels);
  // A first message to everybody makes both sides get their buffers.
  for (int i = 0; i < 2 && status.ok(); ++i) {
    status = run.CloseLoop(1, options.payload_bytes, 0.01);
  }
  for (const size_t in_flight : options.in_flight) {
    if (status.ok()) {
      status = MeasureOne(&run, target, options, in_flight, done);
    }
  }
  return status;
}

Status MeasureIdle(const Target& target, const IdleOptions& options,
                   const OnMeasurement& done) {
  if (target.pid == 0) {
    return Error{ErrorCode::kInvalid, "idle memory needs --pid"};
  }
  Result<std::unique_ptr<BenchRun>> created = BenchRun::Create(target, 1);
  if (!created.ok()) return created.error();
  BenchRun& run = **created;
  Result<int64_t> empty = ProcessMemoryBytes(target.pid);
  if (!empty.ok()) return empty.error();
  for (const size_t count : options.connections) {
    const auto opened = static_cast<double>(count - run.swarm().size());
    Result<Books> before = TakeBooks(target.pid);
    if (!before.ok()) return before.error();
    Status status = run.Open(count);
    if (!status.ok()) return status;
    Result<Books> after = TakeBooks(target.pid);
    if (!after.ok()) return after.error();
    Result<int64_t> memory =
        MemoryAtRest(&run, target.pid, options.look_seconds);
    if (!memory.ok()) return memory.error();

    Measurement m = Begin(target, "idle", count);
    const auto ns = static_cast<double>(after->now_ns - before->now_ns);
    const auto cpu_ns =
        static_cast<double>(after->server_cpu_ns - before->server_cpu_ns);
    m.values[kConnectionsPerS] = opened / (ns / 1e9);
    m.values[kCpuPerConnectionUs] = cpu_ns / 1000 / opened;
    m.values[kBytesPerConnection] =
        static_cast<double>(*memory - *empty) / static_cast<double>(count);
    done(m);
  }
  return {};
}

Status MeasurePublish(const Target& target, const PublishOptions& options,
                      const OnMeasurement& done) {
  if (target.server.starts_with("limit")) {
    return Error{ErrorCode::kInvalid, "the bare loop answers no publish"};
  }
  Result<std::unique_ptr<BenchRun>> created = BenchRun::Create(target, 1);
  if (!created.ok()) return created.error();
  BenchRun& run = **created;
  Status status = run.Open(options.subscribers);
  if (status.ok()) status = run.BeginPublishing(1);
  if (status.ok()) status = run.CloseLoop(1, options.payload_bytes, 0.01);
  if (!status.ok()) return status;

  run.ledger().latency().Clear();
  const uint64_t before_count = run.ledger().deliveries();
  Result<Books> before = TakeBooks(target.pid);
  if (!before.ok()) return before.error();
  status =
      run.KeepPace(options.per_second, options.payload_bytes, options.seconds);
  if (!status.ok()) return status;
  Result<Books> after = TakeBooks(target.pid);
  if (!after.ok()) return after.error();

  Measurement m = Begin(target, "publish", options.subscribers);
  AddDeliveries(*before, *after, run.ledger().deliveries() - before_count, &m);
  AddLatency(run.ledger().latency(), &m);
  Histogram& answers = run.publisher().answer_latency();
  m.values[kAnswerP50Us] = static_cast<double>(answers.Percentile(50)) / 1000;
  m.values[kAnswerP99Us] = static_cast<double>(answers.Percentile(99)) / 1000;
  done(m);
  return {};
}

}  // namespace rt::bench
