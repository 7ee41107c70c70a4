// What another process has used so far, from the kernel's own books.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rt::bench {

// User and system time of all its threads, in nanoseconds.
[[nodiscard]] Result<int64_t> ProcessCpuNs(pid_t pid);

// Its proportional set size in bytes: what it has in memory, shared pages
// divided among their users. Kernel memory (sockets) is not in it.
[[nodiscard]] Result<int64_t> ProcessMemoryBytes(pid_t pid);

// The number behind "Pss:" in the text of smaps_rollup, in bytes.
[[nodiscard]] Result<int64_t> ParsePss(std::string_view smaps_rollup);

// Processor, cores and kernel, without the machine's name.
[[nodiscard]] std::string DescribeMachine();

}  // namespace rt::bench
