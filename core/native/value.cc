#include <fmt/format.h>

#include <cmath>

#include "native/drupal.h"
#include "wire/json_writer.h"

namespace drupalrt {

namespace {

bool IsList(const Value::Items& items) {
  for (size_t i = 0; i < items.size(); ++i) {
    if (items[i].first != std::to_string(i)) return false;
  }
  return true;
}

void AppendJson(const Value& value, std::string* out);

void AppendItems(const Value::Items& items, std::string* out) {
  const bool list = IsList(items);
  *out += list ? '[' : '{';
  bool first = true;
  for (const auto& [key, item] : items) {
    if (!first) *out += ',';
    first = false;
    if (!list) {
      rt::AppendJsonString(key, out);
      *out += ':';
    }
    AppendJson(item, out);
  }
  *out += list ? ']' : '}';
}

// As deep as the value is, which DecodePhp bounds.
void AppendJson(const Value& value, std::string* out) {
  switch (value.type()) {
    case Value::Type::kNull:
      *out += "null";
      break;
    case Value::Type::kBool:
      *out += *value.AsBool() ? "true" : "false";
      break;
    case Value::Type::kInt:
      *out += std::to_string(*value.AsInt());
      break;
    case Value::Type::kDouble:
      *out += std::isfinite(*value.AsDouble())
                  ? fmt::format("{}", *value.AsDouble())
                  : "null";
      break;
    case Value::Type::kString:
      rt::AppendJsonString(*value.AsString(), out);
      break;
    case Value::Type::kArray:
      AppendItems(*value.AsArray(), out);
      break;
  }
}

}  // namespace

const Value* Value::Find(std::string_view key) const {
  const Items* items = AsArray();
  if (items == nullptr) return nullptr;
  for (const auto& [name, item] : *items) {
    if (name == key) return &item;
  }
  return nullptr;
}

std::string Value::ToJson() const {
  std::string json;
  AppendJson(*this, &json);
  return json;
}

}  // namespace drupalrt
