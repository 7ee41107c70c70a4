// The recorded answers of real PHP and real Drupal: tests/core/drupal/
// vectors.json. Fields that end in _b64 are exact bytes.
#pragma once

#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>
#include <vector>

#include "base/digest.h"
#include "source_dir.h"

namespace rt {

inline simdjson::dom::element Vectors() {
  static simdjson::dom::parser parser;
  static const simdjson::dom::element kRoot =
      parser.load(InSource("tests/core/drupal/vectors.json")).value();
  return kRoot;
}

inline std::string TextOf(simdjson::dom::element from, std::string_view key) {
  std::string_view text;
  return from[key].get(text) == simdjson::SUCCESS ? std::string(text) : "";
}

inline std::string BytesOf(simdjson::dom::element from, std::string_view key) {
  const auto bytes = Base64Decode(TextOf(from, key));
  EXPECT_TRUE(bytes.has_value()) << key;
  return bytes.value_or("");
}

inline bool FlagOf(simdjson::dom::element from, std::string_view key) {
  bool flag = false;
  return from[key].get(flag) == simdjson::SUCCESS && flag;
}

inline int64_t NumberOf(simdjson::dom::element from, std::string_view key) {
  int64_t number = -1;
  EXPECT_EQ(from[key].get(number), simdjson::SUCCESS) << key;
  return number;
}

inline std::vector<std::string> TextsOf(simdjson::dom::element from,
                                        std::string_view key) {
  std::vector<std::string> texts;
  for (const auto text : from[key].get_array()) {
    texts.emplace_back(text.get_string().value());
  }
  return texts;
}

}  // namespace rt
