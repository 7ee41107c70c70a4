// The broker's answers as the command line shows them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace rt {

// The result in {"result":…} as JSON text; {"error":…} as an Error.
Result<std::string> ResultOf(const Result<std::string>& reply);

// JSON as an indented "name  value" table for people: an object's scalars
// first, then what it contains, indented.
[[nodiscard]] std::string ReadableJson(std::string_view json);

}  // namespace rt
