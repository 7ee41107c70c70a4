#include "bench/measurement.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "wire/json_writer.h"

namespace rt::bench {
namespace {

Result<Measurement> ParseLine(std::string_view line) {
  const Error wrong{ErrorCode::kInvalid,
                    "not a measurement: " + std::string(line.substr(0, 80))};
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::dom::object values;
  std::string_view scenario;
  std::string_view server;
  Measurement m;
  if (parser.parse(simdjson::padded_string(line)).get(root) ||
      root["scenario"].get(scenario) || root["server"].get(server) ||
      root["round"].get(m.round) || root["subscribers"].get(m.subscribers) ||
      root["in_flight"].get(m.in_flight) || root["login"].get(m.login) ||
      root["values"].get(values)) {
    return wrong;
  }
  m.scenario = scenario;
  m.server = server;
  for (const auto [name, value] : values) {
    double number = 0;
    if (value.get(number)) return wrong;
    m.values[std::string(name)] = number;
  }
  return m;
}

}  // namespace

std::string ToJson(const Measurement& m) {
  std::string values;
  for (const auto& [name, value] : m.values) {
    if (!values.empty()) values += ',';
    values += fmt::format("\"{}\":{:.6g}", name, value);
  }
  return fmt::format(
      "{{\"scenario\":{},\"server\":{},\"round\":{},\"subscribers\":{},"
      "\"in_flight\":{},\"login\":{},\"values\":{{{}}}}}",
      JsonString(m.scenario), JsonString(m.server), m.round, m.subscribers,
      m.in_flight, m.login, values);
}

Result<std::vector<Measurement>> ParseMeasurements(std::string_view lines) {
  std::vector<Measurement> all;
  while (!lines.empty()) {
    const size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    if (line.empty()) continue;
    Result<Measurement> one = ParseLine(line);
    if (!one.ok()) return one.error();
    all.push_back(std::move(one).value());
  }
  return all;
}

std::string Describe(const Measurement& m) {
  std::string text =
      fmt::format("{} {} subscribers={}", m.server, m.scenario, m.subscribers);
  if (m.in_flight != 0) text += fmt::format(" in_flight={}", m.in_flight);
  if (m.login) text += " login";
  for (const auto& [name, value] : m.values) {
    const int digits = value >= 100 ? 0 : 2;
    text += fmt::format(" {}={:.{}f}", name, value, digits);
  }
  return text;
}

}  // namespace rt::bench
