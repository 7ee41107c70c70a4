// Reading the fields of a JSON object in the order they come, by simdjson's
// on-demand API: no tree, no copies, and payloads stay the text they were. For
// sources of wire/ alone, because it brings all of simdjson.h.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "wire/json_text.h"

namespace rt {

using JsonValue = simdjson::ondemand::value;

// Keeps its memory for the next text, so there is one per thread and kind of
// text. Values live until it reads again.
class JsonObjectReader {
 public:
  // Calls `on_field(std::string_view key, JsonValue& value) -> bool` for each
  // field, for a repeated key each time. False when `text` is not one JSON
  // object or `on_field` returned false.
  template <typename OnField>
  bool Read(std::string_view text, OnField on_field) {
    // simdjson does not look at what is skipped or taken raw.
    if (!IsJson(text)) return false;
    // Big texts are rare; the memory for one is not kept.
    constexpr size_t kKeptBytes = 256 * 1024;
    if (padded_.size() > kKeptBytes) {
      padded_ = {};
      parser_ = simdjson::ondemand::parser();
    }
    if (padded_.size() < text.size() + simdjson::SIMDJSON_PADDING) {
      padded_.resize(text.size() + simdjson::SIMDJSON_PADDING);
    }
    text.copy(padded_.data(), text.size());
    simdjson::ondemand::document document;
    simdjson::ondemand::object object;
    if (parser_.iterate(padded_.data(), text.size(), padded_.size())
                .get(document) != simdjson::SUCCESS ||
        document.get_object().get(object) != simdjson::SUCCESS) {
      return false;
    }
    return Each(object, on_field);
  }

  // The same for an object inside. `null` has no fields.
  template <typename OnField>
  static bool ReadInner(JsonValue& value, OnField on_field) {
    if (IsNull(value)) return true;
    simdjson::ondemand::object object;
    return value.get_object().get(object) == simdjson::SUCCESS &&
           Each(object, on_field);
  }

  static bool IsNull(JsonValue& value) {
    bool null = false;
    return value.is_null().get(null) == simdjson::SUCCESS && null;
  }

 private:
  template <typename OnField>
  static bool Each(simdjson::ondemand::object& object, OnField& on_field) {
    for (auto result : object) {
      simdjson::ondemand::field field;
      std::string_view key;
      if (std::move(result).get(field) != simdjson::SUCCESS ||
          field.unescaped_key().get(key) != simdjson::SUCCESS ||
          !on_field(key, field.value())) {
        return false;
      }
    }
    return true;
  }

  simdjson::ondemand::parser parser_;
  std::string padded_;
};

// These leave `*out` alone when the value is null, and return false when it is
// of another type, or a number out of range.

inline bool ReadJson(JsonValue& value, std::string* out) {
  if (JsonObjectReader::IsNull(value)) return true;
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return false;
  *out = text;
  return true;
}

inline bool ReadJson(JsonValue& value, bool* out) {
  if (JsonObjectReader::IsNull(value)) return true;
  return value.get_bool().get(*out) == simdjson::SUCCESS;
}

template <typename Integer>
requires std::is_integral_v<Integer>
bool ReadJson(JsonValue& value, Integer* out) {
  if (JsonObjectReader::IsNull(value)) return true;
  std::conditional_t<std::is_signed_v<Integer>, int64_t, uint64_t> wide = 0;
  if (value.get(wide) != simdjson::SUCCESS ||
      wide < std::numeric_limits<Integer>::min() ||
      wide > std::numeric_limits<Integer>::max()) {
    return false;
  }
  *out = static_cast<Integer>(wide);
  return true;
}

// Calls `on_element(JsonValue&) -> bool` for each element of a list.
template <typename OnElement>
bool ReadJsonList(JsonValue& value, OnElement on_element) {
  if (JsonObjectReader::IsNull(value)) return true;
  simdjson::ondemand::array list;
  if (value.get_array().get(list) != simdjson::SUCCESS) return false;
  for (auto result : list) {
    if (result.error() != simdjson::SUCCESS) return false;
    JsonValue element = result.value_unsafe();
    if (!on_element(element)) return false;
  }
  return true;
}

// Any value as its text on one line, `null` too.
inline bool ReadJsonText(JsonValue& value, std::string* out) {
  std::string_view text;
  if (simdjson::to_json_string(value).get(text) != simdjson::SUCCESS) {
    return false;
  }
  *out = text;
  StripLineBreaks(out);
  return true;
}

}  // namespace rt
