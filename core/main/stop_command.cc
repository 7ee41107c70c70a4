#include <fmt/format.h>

#include "main/command_line.h"
#include "main/commands.h"
#include "main/running_broker.h"

namespace rt {

namespace {

// Beyond the drain's own time-out, for the end of what it was doing.
constexpr int64_t kGraceMs = 5'000;
constexpr int64_t kStartMs = 10'000;

bool Stop(const Config& config, pid_t pid) {
  const Status stopped =
      StopBroker(config, pid, config.shutdown_timeout_ms + kGraceMs);
  if (!stopped) Complain(stopped.error().message);
  return stopped.ok();
}

int Restart(const Config& config) {
  const Result<pid_t> pid = FindRunningBroker(config);
  if (!pid) {
    Complain(pid.error().message);
    return kFailed;
  }
  const Result<BrokerProcess> process = DescribeBroker(*pid);
  if (!process) {
    Complain(process.error().message);
    return kFailed;
  }
  if (process->supervised) {
    Complain(
        "this broker is a systemd service: restart it by \"systemctl "
        "restart drupalrt\"");
    return kFailed;
  }
  if (!Stop(config, *pid)) return kFailed;
  const Result<pid_t> started = StartBroker(*process, kStartMs);
  if (!started) {
    Complain(started.error().message);
    return kFailed;
  }
  fmt::print("stopped pid {}, started pid {}\n", *pid, *started);
  return kDone;
}

}  // namespace

int StopCommand(int argc, char** argv) {
  Arguments arguments(
      "Ends the running broker (SIGTERM) and waits until it is gone.",
      "drupalrtd stop");
  ConfigFlags flags;
  flags.AddLocation(&arguments);
  int status = kDone;
  if (!arguments.Parse(argc, argv, &status)) return status;
  Config config;
  if (!LocateBroker(flags, &config)) return kWrongUsage;
  const Result<pid_t> pid = FindRunningBroker(config);
  if (!pid) {
    Complain(pid.error().message);
    return kFailed;
  }
  if (!Stop(config, *pid)) return kFailed;
  fmt::print("stopped pid {}\n", *pid);
  return kDone;
}

int RestartCommand(int argc, char** argv) {
  Arguments arguments(
      "Ends the running broker and starts it again with the same command "
      "line, detached; returns once it serves.",
      "drupalrtd restart");
  ConfigFlags flags;
  flags.AddLocation(&arguments);
  int status = kDone;
  if (!arguments.Parse(argc, argv, &status)) return status;
  Config config;
  if (!LocateBroker(flags, &config)) return kWrongUsage;
  return Restart(config);
}

}  // namespace rt
