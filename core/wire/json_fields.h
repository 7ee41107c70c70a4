// The fields of one JSON object, each as the text it was sent as: for calls
// whose parameters are few and flat, and whose payloads must stay verbatim.
// Nested values are read by making fields of them in turn.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace rt {

class JsonFields {
 public:
  // `json` must be one object, else kInvalid. Keys are decoded; of a repeated
  // one the last counts. Views point into this object's own copy.
  [[nodiscard]] static Result<JsonFields> Parse(std::string_view json);

  // The elements of an array, verbatim. kInvalid where it is none.
  [[nodiscard]] static Result<std::vector<std::string>> ParseArray(
      std::string_view json);

  // The value's text; nothing where the field is missing or null.
  [[nodiscard]] std::optional<std::string_view> Raw(std::string_view key) const;

  // Nothing where the field is missing or null; kInvalid, naming the key, where
  // it is of another type.
  [[nodiscard]] Result<std::optional<std::string>> String(
      std::string_view key) const;
  [[nodiscard]] Result<std::optional<bool>> Bool(std::string_view key) const;
  [[nodiscard]] Result<std::optional<uint64_t>> Uint(
      std::string_view key) const;
  [[nodiscard]] Result<std::optional<std::vector<std::string>>> Strings(
      std::string_view key) const;

  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all()
      const {
    return fields_;
  }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// The text of a JSON string without its quotes and escapes; nothing where
// `json` is no string.
[[nodiscard]] std::optional<std::string> DecodeJsonString(
    std::string_view json);

}  // namespace rt
