#include "bench/bench_run.h"

#include <time.h>

#include <algorithm>

#include "bench/payload.h"
#include "bench/process_stats.h"
#include "bench/site_fixture.h"

namespace rt::bench {
namespace {

constexpr int64_t kStallNs = 30'000'000'000;
// Servers that answer a handshake before they have subscribed its sender get
// this long.
constexpr double kSettleSeconds = 0.2;

int64_t Nanoseconds(double seconds) {
  return static_cast<int64_t>(seconds * 1e9);
}

}  // namespace

Result<Books> TakeBooks(pid_t server) {
  Books books;
  if (server != 0) {
    Result<int64_t> cpu = ProcessCpuNs(server);
    if (!cpu.ok()) return cpu.error();
    books.server_cpu_ns = *cpu;
  }
  timespec own{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
  books.generator_cpu_ns = int64_t{own.tv_sec} * 1'000'000'000 + own.tv_nsec;
  books.now_ns = NowNs();
  return books;
}

Result<std::unique_ptr<BenchRun>> BenchRun::Create(const Target& target,
                                                   size_t channels) {
  Result<std::unique_ptr<Dialect>> dialect = MakeDialect(target.server);
  if (!dialect.ok()) return dialect.error();
  Result<sockaddr_in> address = ParseEndpoint(target.publisher.address);
  if (!address.ok()) return address.error();
  std::unique_ptr<BenchRun> run(new BenchRun(target));
  run->dialect_ = std::move(dialect).value();
  Swarm::Options options{*address, channels, {}};
  if (target.login) options.cookie = FixtureCookie;
  run->swarm_ = std::make_unique<Swarm>(*run->dialect_, std::move(options));
  return run;
}

Status BenchRun::BeginPublishing(size_t channels) {
  Result<std::unique_ptr<Publisher>> publisher =
      MakePublisher(target_.server, target_.publisher);
  if (!publisher.ok()) return publisher.error();
  publisher_ = std::move(publisher).value();
  ledger_ = std::make_unique<Ledger>(swarm_->size(), channels);
  swarm_->set_ledger(ledger_.get());
  Status status = swarm_->Watch(publisher_.get());
  return status.ok() ? Idle(kSettleSeconds) : status;
}

void BenchRun::PublishOne(size_t payload_bytes, bool confirmed) {
  const uint64_t sequence = ledger_->Publish(NowNs());
  publisher_->Append(ChannelName(ledger_->ChannelOf(sequence)),
                     MakePayload(sequence, payload_bytes), confirmed);
}

Status BenchRun::TurnOrStall(int timeout_ms) {
  Status status = swarm_->Turn(timeout_ms);
  if (!status.ok()) return status;
  const int64_t now = NowNs();
  const uint64_t progress =
      ledger_->deliveries() + publisher_->answer_latency().count();
  if (progress != progress_ || progress_ns_ == 0) {
    progress_ = progress;
    progress_ns_ = now;
  }
  if (now - progress_ns_ < kStallNs) return {};
  return Error{ErrorCode::kUnavailable,
               "messages got lost: of " + std::to_string(ledger_->published()) +
                   " published, to " + std::to_string(swarm_->size()) +
                   " subscribers, " + std::to_string(ledger_->deliveries()) +
                   " deliveries arrived and then none for 30 s"};
}

Status BenchRun::Drain() {
  while (!ledger_->drained() || publisher_->unanswered() != 0) {
    Status status = TurnOrStall(100);
    if (!status.ok()) return status;
  }
  return {};
}

Status BenchRun::CloseLoop(size_t in_flight, size_t payload_bytes,
                           double seconds) {
  ledger_->set_in_flight(in_flight);
  progress_ns_ = 0;
  const int64_t end_ns = NowNs() + Nanoseconds(seconds);
  while (NowNs() < end_ns) {
    while (ledger_->MayPublish()) PublishOne(payload_bytes, false);
    Status status = TurnOrStall(10);
    if (!status.ok()) return status;
  }
  return Drain();
}

Status BenchRun::KeepPace(double per_second, size_t payload_bytes,
                          double seconds) {
  ledger_->set_in_flight(Ledger::kMaxInFlight);
  progress_ns_ = 0;
  const int64_t pace_ns = Nanoseconds(1 / per_second);
  int64_t due_ns = NowNs();
  const int64_t end_ns = due_ns + Nanoseconds(seconds);
  for (int64_t now = due_ns; now < end_ns; now = NowNs()) {
    if (now >= due_ns) {
      if (!ledger_->MayPublish()) {
        return Error{ErrorCode::kLimit, "the server is too slow for this pace"};
      }
      PublishOne(payload_bytes, true);
      due_ns += pace_ns;
    }
    // Rather early than late: the last millisecond is spent turning.
    const int64_t left_ms = (due_ns - NowNs()) / 1'000'000;
    Status status =
        TurnOrStall(static_cast<int>(std::clamp<int64_t>(left_ms, 0, 100)));
    if (!status.ok()) return status;
  }
  return Drain();
}

Status BenchRun::Idle(double seconds) {
  const int64_t end_ns = NowNs() + Nanoseconds(seconds);
  while (NowNs() < end_ns) {
    Status status = swarm_->Turn(20);
    if (!status.ok()) return status;
  }
  return {};
}

}  // namespace rt::bench
