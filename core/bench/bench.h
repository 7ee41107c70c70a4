// `drupalrtd bench`: what a server of this kind costs, measured from outside.
//
// A load generator of our own holds up to 19,500 browsers in one thread and
// checks every message that each of them gets: all, once, in order. It speaks
// to the broker and to other servers alike, so that the figures compare. A
// bare send() loop beside it (`bench limit-server`) shows what the kernel
// alone would take.
#pragma once

namespace rt {

// Runs `bench SUBCOMMAND …`; argv[0] is "bench". Returns the exit status: 0
// done, 1 a measurement failed, 2 wrong usage.
int RunBench(int argc, char** argv);

}  // namespace rt
