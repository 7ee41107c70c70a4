#include "wire/json_fields.h"

#include <simdjson.h>

#include <charconv>

#include "wire/json_text.h"

namespace rt {

namespace {

namespace od = simdjson::ondemand;

od::parser& Parser() {
  thread_local od::parser parser;
  return parser;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t from = text.find_first_not_of(kSpace);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kSpace) - from + 1);
}

Error WrongType(std::string_view key, std::string_view expected) {
  return {ErrorCode::kInvalid,
          "\"" + std::string(key) + "\" must be " + std::string(expected)};
}

}  // namespace

Result<JsonFields> JsonFields::Parse(std::string_view json) {
  const Error no_object{ErrorCode::kInvalid, "expected a JSON object"};
  // On-demand parsing looks at what it is asked for only; the grammar of the
  // rest is checked first.
  if (!IsJson(json)) return no_object;
  const simdjson::padded_string padded(json);
  JsonFields made;
  od::document document;
  od::object object;
  if (Parser().iterate(padded).get(document) != simdjson::SUCCESS ||
      document.get_object().get(object) != simdjson::SUCCESS) {
    return no_object;
  }
  for (auto field : object) {
    std::string_view key;
    od::value value;
    std::string_view raw;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return no_object;
    std::string name(key);
    if (field.value().get(value) != simdjson::SUCCESS ||
        simdjson::to_json_string(value).get(raw) != simdjson::SUCCESS) {
      return no_object;
    }
    made.fields_.emplace_back(std::move(name), Trim(raw));
  }
  return made;
}

Result<std::vector<std::string>> JsonFields::ParseArray(std::string_view json) {
  const Error no_array{ErrorCode::kInvalid, "expected a JSON array"};
  if (!IsJson(json)) return no_array;
  const simdjson::padded_string padded(json);
  od::document document;
  od::array array;
  if (Parser().iterate(padded).get(document) != simdjson::SUCCESS ||
      document.get_array().get(array) != simdjson::SUCCESS) {
    return no_array;
  }
  std::vector<std::string> items;
  for (auto item : array) {
    od::value value;
    std::string_view raw;
    if (item.get(value) != simdjson::SUCCESS ||
        simdjson::to_json_string(value).get(raw) != simdjson::SUCCESS) {
      return no_array;
    }
    items.emplace_back(Trim(raw));
  }
  return items;
}

std::optional<std::string_view> JsonFields::Raw(std::string_view key) const {
  for (auto field = fields_.rbegin(); field != fields_.rend(); ++field) {
    if (field->first != key) continue;
    if (field->second == "null") return std::nullopt;
    return field->second;
  }
  return std::nullopt;
}

Result<std::optional<std::string>> JsonFields::String(
    std::string_view key) const {
  const auto raw = Raw(key);
  if (!raw.has_value()) return std::optional<std::string>();
  std::optional<std::string> text = DecodeJsonString(*raw);
  if (!text.has_value()) return WrongType(key, "a string");
  return text;
}

Result<std::optional<bool>> JsonFields::Bool(std::string_view key) const {
  const auto raw = Raw(key);
  if (!raw.has_value()) return std::optional<bool>();
  if (*raw != "true" && *raw != "false") {
    return WrongType(key, "true or false");
  }
  return std::optional<bool>(*raw == "true");
}

Result<std::optional<uint64_t>> JsonFields::Uint(std::string_view key) const {
  const auto raw = Raw(key);
  if (!raw.has_value()) return std::optional<uint64_t>();
  uint64_t value = 0;
  const auto parsed =
      std::from_chars(raw->data(), raw->data() + raw->size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != raw->data() + raw->size()) {
    return WrongType(key, "a whole number, zero or more");
  }
  return std::optional<uint64_t>(value);
}

Result<std::optional<std::vector<std::string>>> JsonFields::Strings(
    std::string_view key) const {
  const auto raw = Raw(key);
  if (!raw.has_value()) return std::optional<std::vector<std::string>>();
  const Error wrong = WrongType(key, "a list of strings");
  Result<std::vector<std::string>> items = ParseArray(*raw);
  if (!items.ok()) return wrong;
  std::vector<std::string> texts;
  for (const std::string& item : *items) {
    std::optional<std::string> text = DecodeJsonString(item);
    if (!text.has_value()) return wrong;
    texts.push_back(std::move(*text));
  }
  return std::optional(std::move(texts));
}

std::optional<std::string> DecodeJsonString(std::string_view json) {
  if (json.size() < 2 || json.front() != '"' || json.back() != '"') {
    return std::nullopt;
  }
  const std::string_view inside = json.substr(1, json.size() - 2);
  if (inside.find('\\') == std::string_view::npos) return std::string(inside);
  // The library unescapes; a string alone is a document too.
  const simdjson::padded_string padded(json);
  od::document document;
  std::string_view text;
  if (Parser().iterate(padded).get(document) != simdjson::SUCCESS ||
      document.get_string().get(text) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return std::string(text);
}

}  // namespace rt
