#include "broker/json_shape.h"

#include <algorithm>
#include <utility>

#include "broker/config_text.h"
#include "broker/nearest_name.h"

namespace rt {

namespace {

using Type = simdjson::dom::element_type;

// Keys of a map may be anything; a message shows them in quotes where a path
// would be unclear.
bool IsPlainKey(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

std::string Indexed(std::string_view path, size_t index) {
  return std::string(path) + "[" + std::to_string(index) + "]";
}

}  // namespace

void JsonMistake::Set(std::string_view path, std::string message) {
  if (!none()) return;
  status_ =
      Error{ErrorCode::kInvalid, std::string(path) + ": " + std::move(message)};
}

void JsonMistake::Expected(std::string_view path, std::string_view what,
                           const JsonElement& found) {
  Set(path, "expected " + std::string(what) + ", found " + JsonTypeName(found));
}

const char* JsonTypeName(const JsonElement& element) {
  switch (element.type()) {
    case Type::ARRAY:
      return "a list";
    case Type::OBJECT:
      return "an object";
    case Type::STRING:
      return "a string";
    case Type::BOOL:
      return "true or false";
    case Type::NULL_VALUE:
      return "null";
    case Type::DOUBLE:
      return "a number with a fraction";
    case Type::INT64:
    case Type::UINT64:
      break;
  }
  return "a number";
}

JsonObject::JsonObject(const JsonElement& element, std::string path,
                       JsonMistake* mistake)
    : path_(std::move(path)), mistake_(mistake) {
  simdjson::dom::object object;
  if (element.get(object) != simdjson::SUCCESS) {
    mistake_->Expected(path_, "an object", element);
    return;
  }
  for (const auto& field : object) fields_.emplace_back(field.key, field.value);
  std::vector<std::string_view> keys;
  for (const auto& [key, value] : fields_) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice != keys.end()) mistake_->Set(PathOf(*twice), "is there twice");
}

JsonObject::JsonObject(const JsonElement& element, std::string path,
                       const Keys& known, JsonMistake* mistake)
    : JsonObject(element, std::move(path), mistake) {
  for (const auto& [key, value] : fields_) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string message = "unknown key" + DidYouMean(key, known);
    mistake_->Set(PathOf(key), std::move(message));
  }
}

std::optional<JsonElement> JsonObject::Find(std::string_view key) const {
  for (const auto& [name, value] : fields_) {
    if (name == key) return value;
  }
  return std::nullopt;
}

std::string JsonObject::PathOf(std::string_view key) const {
  if (IsPlainKey(key)) return path_ + "." + std::string(key);
  return path_ + "[\"" + std::string(key.substr(0, 64)) + "\"]";
}

void JsonObject::Require(std::initializer_list<std::string_view> keys) {
  for (std::string_view key : keys) {
    if (!Has(key)) mistake_->Set(PathOf(key), "is missing");
  }
}

void JsonObject::String(std::string_view key, std::string* out) {
  const auto value = Find(key);
  if (!value) return;
  std::string_view text;
  if (value->get(text) != simdjson::SUCCESS) {
    return mistake_->Expected(PathOf(key), "a string", *value);
  }
  *out = text;
}

void JsonObject::Bool(std::string_view key, bool* out) {
  const auto value = Find(key);
  if (value && value->get(*out) != simdjson::SUCCESS) {
    mistake_->Expected(PathOf(key), "true or false", *value);
  }
}

void JsonObject::Integer(std::string_view key, int64_t low, int64_t high,
                         int64_t* out) {
  const auto value = Find(key);
  if (!value) return;
  int64_t number = 0;
  const auto error = value->get(number);
  if (error == simdjson::SUCCESS && number >= low && number <= high) {
    *out = number;
    return;
  }
  const std::string range = "a whole number from " + std::to_string(low) +
                            " to " + std::to_string(high);
  if (value->is_number() && !value->is_double()) {
    mistake_->Set(PathOf(key), "expected " + range);
  } else {
    mistake_->Expected(PathOf(key), range, *value);
  }
}

void JsonObject::Duration(std::string_view key, int64_t* out_ms) {
  constexpr char kExpected[] = "a duration such as \"300s\", \"5m\" or \"24h\"";
  const auto value = Find(key);
  if (!value) return;
  std::string_view text;
  if (value->get(text) != simdjson::SUCCESS) {
    return mistake_->Expected(PathOf(key), kExpected, *value);
  }
  const Result<int64_t> parsed = ParseDuration(text);
  if (!parsed) {
    return mistake_->Set(PathOf(key), std::string("expected ") + kExpected);
  }
  *out_ms = *parsed;
}

void JsonObject::Strings(std::string_view key, std::vector<std::string>* out,
                         bool may_be_empty) {
  const auto value = Find(key);
  if (!value) return;
  out->clear();
  const std::string path = PathOf(key);
  const std::vector<JsonElement> list = JsonList(*value, path, mistake_);
  for (size_t i = 0; i < list.size(); ++i) {
    std::string_view text;
    if (list[i].get(text) != simdjson::SUCCESS) {
      return mistake_->Expected(Indexed(path, i), "a string", list[i]);
    }
    if (text.empty() && !may_be_empty) {
      return mistake_->Set(Indexed(path, i), "expected a text, found none");
    }
    out->emplace_back(text);
  }
}

void JsonObject::Word(std::string_view key, const Keys& words,
                      std::string* out) {
  std::string word = *out;
  String(key, &word);
  if (!Has(key)) return;
  if (std::find(words.begin(), words.end(), word) != words.end()) {
    *out = std::move(word);
    return;
  }
  std::string expected = "expected one of";
  for (const std::string& known : words) expected += " \"" + known + "\"";
  mistake_->Set(PathOf(key), expected + DidYouMean(word, words));
}

std::vector<std::pair<std::string, JsonElement>> JsonObject::entries() const {
  return {fields_.begin(), fields_.end()};
}

std::vector<JsonElement> JsonList(const JsonElement& element,
                                  std::string_view path, JsonMistake* mistake) {
  simdjson::dom::array array;
  if (element.get(array) != simdjson::SUCCESS) {
    mistake->Expected(path, "a list", element);
    return {};
  }
  return {array.begin(), array.end()};
}

void CheckJsonList(const std::vector<std::string>& list, std::string_view path,
                   JsonMistake* mistake) {
  constexpr size_t kMaxListed = 64;
  if (list.size() > kMaxListed) {
    mistake->Set(path, "expected at most 64 of them");
  }
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].size() <= kMaxJsonTextBytes) continue;
    mistake->Set(Indexed(path, i), "is longer than 4096 bytes");
  }
}

}  // namespace rt
