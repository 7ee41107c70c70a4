// Writing JSON text (RFC 8259) by hand where a tree would be waste.
#pragma once

#include <string>
#include <string_view>

namespace rt {

// Appends `text` in quotes, escaped. Bytes that are not UTF-8 become U+FFFD,
// so the result is always valid JSON.
void AppendJsonString(std::string_view text, std::string* out);

[[nodiscard]] std::string JsonString(std::string_view text);

}  // namespace rt
