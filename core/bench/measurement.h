// One measured figure set and its line of JSON: what `bench` prints with
// --json and what `bench report` reads.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rt::bench {

// The names of values, with their unit last.
inline constexpr char kDeliveries[] = "deliveries";
inline constexpr char kSeconds[] = "seconds";
inline constexpr char kDeliveriesPerS[] = "deliveries_per_s";
inline constexpr char kCpuPerMillionS[] = "server_cpu_s_per_million";
inline constexpr char kLatencyP50Us[] = "latency_p50_us";
inline constexpr char kLatencyP99Us[] = "latency_p99_us";
inline constexpr char kGeneratorCpu[] = "generator_cpu_share";
inline constexpr char kConnectionsPerS[] = "connections_per_s";
inline constexpr char kCpuPerConnectionUs[] = "server_cpu_us_per_connection";
inline constexpr char kBytesPerConnection[] = "bytes_per_connection";
inline constexpr char kAnswerP50Us[] = "answer_p50_us";
inline constexpr char kAnswerP99Us[] = "answer_p99_us";

struct Measurement {
  std::string scenario;  // "fanout", "channels", "idle", "publish"
  std::string server;    // "drupalrt", "limit", …
  int64_t round = 1;
  int64_t subscribers = 0;
  int64_t in_flight = 0;  // 0 where it has no meaning
  bool login = false;
  std::map<std::string, double> values;
};

// One line without a newline.
[[nodiscard]] std::string ToJson(const Measurement& measurement);

// Reads lines of ToJson; empty lines are skipped.
[[nodiscard]] Result<std::vector<Measurement>> ParseMeasurements(
    std::string_view lines);

// For a terminal, in one line.
[[nodiscard]] std::string Describe(const Measurement& measurement);

}  // namespace rt::bench
