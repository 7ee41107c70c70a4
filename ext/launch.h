// The fork, the detaching and the exec of a broker. Nothing here knows when
// to start one.
#pragma once

namespace rt {

struct LaunchPlan {
  const char* program;
  char* const* arguments;
  char* const* environment;
  // Held by the watching process until the broker is ready or has failed.
  int lock_fd;
};

// What the watching process reports.
enum LaunchReport : char {
  kLaunchReady = 'r',
  kLaunchFailed = 'f',  // it ended, or closed its readiness descriptor
  kLaunchSlow = 's',    // no word within kLaunchPatienceMs
};
inline constexpr int kLaunchPatienceMs = 10'000;

// Returns a descriptor on which one LaunchReport comes, or -1. The caller
// closes it, and may do so at once: the start goes on by itself.
//
//   PHP ── intermediate (own session, ends, reaped here)
//            └── watcher (holds the lock, waits for "ready\n")
//                  └── the broker, later a child of init
[[nodiscard]] int Launch(const LaunchPlan& plan);

}  // namespace rt
