#include "bench/process_stats.h"

#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <sstream>

namespace rt::bench {

Result<int64_t> ProcessCpuNs(pid_t pid) {
  clockid_t clock = 0;
  timespec used{};
  if (clock_getcpuclockid(pid, &clock) != 0 ||
      clock_gettime(clock, &used) != 0) {
    return Error{ErrorCode::kNotFound,
                 "no process with id " + std::to_string(pid)};
  }
  return int64_t{used.tv_sec} * 1'000'000'000 + used.tv_nsec;
}

Result<int64_t> ParsePss(std::string_view smaps_rollup) {
  constexpr std::string_view kKey = "\nPss:";
  size_t at = smaps_rollup.find(kKey);
  if (at != std::string_view::npos) {
    at = smaps_rollup.find_first_not_of(' ', at + kKey.size());
  }
  if (at == std::string_view::npos) {
    return Error{ErrorCode::kInvalid, "smaps_rollup has no line Pss:"};
  }
  int64_t kib = 0;
  const char* end = smaps_rollup.data() + smaps_rollup.size();
  const auto parsed = std::from_chars(smaps_rollup.data() + at, end, kib);
  if (parsed.ec != std::errc()) {
    return Error{ErrorCode::kInvalid, "smaps_rollup has no number at Pss:"};
  }
  return kib * 1024;
}

Result<int64_t> ProcessMemoryBytes(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/smaps_rollup";
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    return Error{ErrorCode::kNotFound,
                 "can't read " + path + "; is it a process of this user?"};
  }
  return ParsePss(text.str());
}

std::string DescribeMachine() {
  std::string model = "unknown processor";
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) {
      model = line.substr(colon + 2);
      break;
    }
  }
  utsname kernel{};
  uname(&kernel);
  return model + ", " + std::to_string(sysconf(_SC_NPROCESSORS_ONLN)) +
         " cores, " + kernel.sysname + " " + kernel.release;
}

}  // namespace rt::bench
