// JSON text (RFC 8259) as text: is it JSON, and on one line? Payloads are
// embedded verbatim, so that numbers and key order stay as they were sent.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rt {

// How deep arrays and objects may nest: what PHP decodes by default.
inline constexpr size_t kMaxJsonDepth = 512;

// Is it one whole JSON value in UTF-8, nested at most kMaxJsonDepth deep?
// Judges the grammar alone: numbers of any size pass, and so does an escaped
// half of a surrogate pair, because browsers send both.
[[nodiscard]] bool IsJson(std::string_view text);

// Removes line feeds and carriage returns, which in valid JSON can only stand
// between tokens.
void StripLineBreaks(std::string* json);

// Appends `json` without its line breaks; `null` where it is empty.
void AppendJsonOnOneLine(std::string_view json, std::string* out);

}  // namespace rt
