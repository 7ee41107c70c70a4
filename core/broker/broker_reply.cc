#include "broker/broker_reply.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace rt {

namespace {

using simdjson::dom::element;

bool IsScalar(const element& value) {
  return !value.is_object() && !value.is_array();
}

std::string ScalarText(const element& value) {
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return std::string(text);
  return simdjson::minify(value);
}

void AppendReadable(const element& value, size_t indent, std::string* out) {
  const std::string margin(indent, ' ');
  if (IsScalar(value)) {
    fmt::format_to(std::back_inserter(*out), "{}{}\n", margin,
                   ScalarText(value));
    return;
  }
  if (value.is_array()) {
    for (const element item : value.get_array()) {
      AppendReadable(item, indent, out);
    }
    return;
  }
  size_t width = 0;
  for (const auto [name, item] : value.get_object()) {
    if (IsScalar(item)) width = std::max(width, name.size());
  }
  for (const auto [name, item] : value.get_object()) {
    if (!IsScalar(item)) continue;
    fmt::format_to(std::back_inserter(*out), "{}{:<{}}  {}\n", margin, name,
                   width, ScalarText(item));
  }
  for (const auto [name, item] : value.get_object()) {
    if (IsScalar(item)) continue;
    fmt::format_to(std::back_inserter(*out), "{}{}\n", margin, name);
    AppendReadable(item, indent + 2, out);
  }
}

}  // namespace

Result<std::string> ResultOf(const Result<std::string>& reply) {
  if (!reply) return reply.error();
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(*reply).get(root) != simdjson::SUCCESS) {
    return Error{ErrorCode::kInternal, "the broker's answer is not JSON"};
  }
  element result;
  if (root["result"].get(result) == simdjson::SUCCESS) {
    return std::string(simdjson::minify(result));
  }
  int64_t code = 0;
  std::string_view message = "unknown error";
  [[maybe_unused]] auto no_code = root["error"]["code"].get(code);
  [[maybe_unused]] auto no_message = root["error"]["message"].get(message);
  return Error{ErrorCode::kDenied,
               fmt::format("the broker refused: {} ({})", message, code)};
}

std::string ReadableJson(std::string_view json) {
  simdjson::dom::parser parser;
  element root;
  std::string out;
  if (parser.parse(json.data(), json.size()).get(root) == simdjson::SUCCESS) {
    AppendReadable(root, 0, &out);
  }
  return out;
}

}  // namespace rt
