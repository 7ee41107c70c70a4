// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, at most U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace rt {

[[nodiscard]] bool IsUtf8(std::string_view bytes);

// The longest prefix of at most `max_bytes` that does not split a character.
// REQUIRES: IsUtf8(text).
[[nodiscard]] std::string_view Utf8Prefix(std::string_view text,
                                          size_t max_bytes);

}  // namespace rt
