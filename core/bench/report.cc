#include "bench/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/check.h"

namespace rt::bench {
namespace {

constexpr char kLimit[] = "limit";
constexpr char kOurs[] = "drupalrt";

// What rows are made of: the measurements of one server under one load, one a
// round.
struct Key {
  std::string scenario;
  int64_t subscribers;
  int64_t in_flight;
  bool login;
  std::string server;
  bool operator==(const Key&) const = default;
};

class Rounds {
 public:
  explicit Rounds(const std::vector<Measurement>& all) : all_(all) {}

  // In the order in which they were measured first.
  std::vector<Key> Keys(std::string_view scenario) const {
    std::vector<Key> keys;
    for (const Measurement& m : all_) {
      const Key key{m.scenario, m.subscribers, m.in_flight, m.login, m.server};
      if (m.scenario == scenario &&
          std::find(keys.begin(), keys.end(), key) == keys.end()) {
        keys.push_back(key);
      }
    }
    std::stable_sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) {
      return std::tie(a.subscribers, a.in_flight, a.login) <
             std::tie(b.subscribers, b.in_flight, b.login);
    });
    return keys;
  }

  std::optional<double> MedianOf(const Key& key, const char* name) const {
    std::vector<double> values;
    for (const Measurement& m : all_) {
      const auto value = m.values.find(name);
      if (Is(m, key) && value != m.values.end()) {
        values.push_back(value->second);
      }
    }
    if (values.empty()) return std::nullopt;
    return Median(std::move(values));
  }

  // Over the rounds: the CPU of a delivery over the bare loop's in the same
  // round.
  std::optional<double> RatioOf(const Key& key) const {
    Key limit = key;
    limit.server = kLimit;
    std::vector<double> ratios;
    for (const Measurement& m : all_) {
      if (!Is(m, key)) continue;
      for (const Measurement& other : all_) {
        if (!Is(other, limit) || other.round != m.round) continue;
        const auto ours = m.values.find(kCpuPerMillionS);
        const auto theirs = other.values.find(kCpuPerMillionS);
        if (ours != m.values.end() && theirs != other.values.end() &&
            theirs->second > 0) {
          ratios.push_back(ours->second / theirs->second);
        }
      }
    }
    if (ratios.empty()) return std::nullopt;
    return Median(std::move(ratios));
  }

 private:
  static bool Is(const Measurement& m, const Key& key) {
    return m.scenario == key.scenario && m.server == key.server &&
           m.subscribers == key.subscribers && m.in_flight == key.in_flight &&
           m.login == key.login;
  }

  const std::vector<Measurement>& all_;
};

std::string Number(double value) {
  if (value >= 100) {
    std::string digits = fmt::format("{:.0f}", value);
    for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return digits;
  }
  return value >= 10 ? fmt::format("{:.1f}", value)
                     : fmt::format("{:.2f}", value);
}

std::string Cell(std::optional<double> value) {
  return value ? Number(*value) : "";
}

std::string Milliseconds(std::optional<double> microseconds) {
  return microseconds ? Number(*microseconds / 1000) : "";
}

Table DeliveryTable(const Rounds& rounds, const char* scenario,
                    const char* title) {
  Table table{title,
              {"subscribers", "in flight", "server", "deliveries/s",
               "CPU s per million", "to the limit", "p50 ms", "p99 ms"},
              {}};
  for (const Key& key : rounds.Keys(scenario)) {
    table.rows.push_back({Number(static_cast<double>(key.subscribers)),
                          std::to_string(key.in_flight), key.server,
                          Cell(rounds.MedianOf(key, kDeliveriesPerS)),
                          Cell(rounds.MedianOf(key, kCpuPerMillionS)),
                          Cell(rounds.RatioOf(key)),
                          Milliseconds(rounds.MedianOf(key, kLatencyP50Us)),
                          Milliseconds(rounds.MedianOf(key, kLatencyP99Us))});
  }
  return table;
}

Table IdleTable(const Rounds& rounds) {
  Table table{"Connections: opened, subscribed, then idle",
              {"connections", "server", "connections/s", "CPU us each",
               "bytes each, idle"},
              {}};
  for (const Key& key : rounds.Keys("idle")) {
    table.rows.push_back({Number(static_cast<double>(key.subscribers)),
                          key.login ? key.server + ", logged in" : key.server,
                          Cell(rounds.MedianOf(key, kConnectionsPerS)),
                          Cell(rounds.MedianOf(key, kCpuPerConnectionUs)),
                          Cell(rounds.MedianOf(key, kBytesPerConnection))});
  }
  return table;
}

Table PublishTable(const Rounds& rounds) {
  Table table{"A confirmed publish, 100 a second: time to its answer",
              {"subscribers", "server", "answer p50 ms", "answer p99 ms",
               "delivery p50 ms", "delivery p99 ms"},
              {}};
  for (const Key& key : rounds.Keys("publish")) {
    table.rows.push_back({Number(static_cast<double>(key.subscribers)),
                          key.server,
                          Milliseconds(rounds.MedianOf(key, kAnswerP50Us)),
                          Milliseconds(rounds.MedianOf(key, kAnswerP99Us)),
                          Milliseconds(rounds.MedianOf(key, kLatencyP50Us)),
                          Milliseconds(rounds.MedianOf(key, kLatencyP99Us))});
  }
  return table;
}

Table AimTable(const Rounds& rounds) {
  Table table{"Aims", {"aim", "measured", "met"}, {}};
  const auto add = [&table](std::string aim, std::optional<double> value,
                            bool met) {
    if (value)
      table.rows.push_back(
          {std::move(aim), Number(*value), met ? "yes" : "no"});
  };
  for (const int64_t subscribers : {1000, 10000}) {
    const auto ratio = rounds.RatioOf({"fanout", subscribers, 2, false, kOurs});
    add(fmt::format("CPU to the limit, {} subscribers, 2 in flight: at most "
                    "1.2",
                    subscribers),
        ratio, ratio.value_or(9) <= 1.2);
  }
  for (const auto& [in_flight, aim] : {std::pair{16, 1e6}, {64, 2e6}}) {
    const auto rate = rounds.MedianOf({"fanout", 1000, in_flight, false, kOurs},
                                      kDeliveriesPerS);
    add(fmt::format("deliveries/s, 1000 subscribers, {} in flight: {:.0f} M",
                    in_flight, aim / 1e6),
        rate, rate.value_or(0) >= aim);
  }
  for (const int64_t connections : {10000, 19500}) {
    const auto bytes = rounds.MedianOf({"idle", connections, 0, true, kOurs},
                                       kBytesPerConnection);
    add(fmt::format("bytes per idle, logged-in connection of {}: at most 1536",
                    connections),
        bytes, bytes.value_or(1e9) <= 1536);
  }
  for (const Key& key : rounds.Keys("publish")) {
    if (key.server != kOurs) continue;
    const auto answer = rounds.MedianOf(key, kAnswerP50Us);
    add(fmt::format("a publish to {} is answered, us: under 1000",
                    key.subscribers),
        answer, answer.value_or(1e9) < 1000);
  }
  return table;
}

}  // namespace

double Median(std::vector<double> values) {
  RT_CHECK(!values.empty());
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  if (values.size() % 2 == 1) return values[half];
  return (values[half - 1] + values[half]) / 2;
}

std::vector<Table> MakeTables(const std::vector<Measurement>& measurements) {
  const Rounds rounds(measurements);
  std::vector<Table> tables{
      DeliveryTable(rounds, "fanout", "Fan-out of 128-byte messages"),
      DeliveryTable(rounds, "channels",
                    "A channel for each subscriber, 128-byte messages"),
      IdleTable(rounds), PublishTable(rounds), AimTable(rounds)};
  std::erase_if(tables, [](const Table& t) { return t.rows.empty(); });
  return tables;
}

}  // namespace rt::bench
