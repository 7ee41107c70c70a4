// The broker as one call: makes the threads and layers by a configuration,
// serves until a signal says stop, and takes everything down in order.
#pragma once

namespace rt {

struct Config;

// Runs on the calling thread until it is told to stop (SIGTERM or SIGINT
// drains, a second one ends at once). Returns the process's exit status: 0
// after an orderly stop, 1 when it could not start (the log says why).
int RunBroker(const Config& config);

}  // namespace rt
