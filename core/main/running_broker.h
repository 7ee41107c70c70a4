// The broker that runs by a configuration, as its neighbours see it: found by
// its pid files, described by /proc, ended by a signal.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "broker/config.h"

namespace rt {

// By the socket first: two configurations with one socket mean one broker.
// kNotFound where none runs.
Result<pid_t> FindRunningBroker(const Config& config);

// SIGTERM, then waits until it holds its pid files no more, at most
// `timeout_ms`.
Status StopBroker(const Config& config, pid_t pid, int64_t timeout_ms);

// How it was started.
struct BrokerProcess {
  std::string executable;
  std::vector<std::string> arguments;    // after the program's name
  std::vector<std::string> environment;  // NAME=VALUE
  std::string working_dir;
  uid_t uid = 0;
  gid_t gid = 0;
  bool supervised = false;  // by systemd, which must restart it itself
};

Result<BrokerProcess> DescribeBroker(pid_t pid);

// Starts the same again, detached, with its log in the state folder where it
// went to stderr. Returns its pid once it serves, kUnavailable where it ended
// before or was not ready after `timeout_ms`.
Result<pid_t> StartBroker(const BrokerProcess& process, int64_t timeout_ms);

}  // namespace rt
