// The key of an array or object as PHP holds it: "5" and 5 are one, and so are
// a property's public and hidden names. A value; `text` is not copied.
#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>
#include <tuple>

#include "drupal/php_serialize.h"

namespace rt {

struct PhpKey {
  bool number = false;
  int64_t integer = 0;
  std::string_view text;

  bool operator==(const PhpKey&) const = default;
  bool operator<(const PhpKey& other) const {
    return std::tie(number, integer, text) <
           std::tie(other.number, other.integer, other.text);
  }
};

// `key` as PhpReader::ReadKey read it.
[[nodiscard]] inline PhpKey PhpKeyOf(const PhpValue& key) {
  if (key.type == PhpValue::Type::kInt) return {true, key.integer, ""};
  // \0*\0name and \0Class\0name
  const std::string_view text = key.text.substr(key.text.rfind('\0') + 1);
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (!digits.empty() && (digits.front() != '0' || text == "0")) {
    int64_t integer = 0;
    const char* end = text.data() + text.size();
    const auto [next, error] = std::from_chars(text.data(), end, integer);
    if (error == std::errc() && next == end) return {true, integer, ""};
  }
  return {false, 0, text};
}

}  // namespace rt
