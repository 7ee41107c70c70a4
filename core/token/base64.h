// Base64 as tokens use it (RFC 4648): the URL's alphabet without padding, and
// the common one with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rt {

[[nodiscard]] std::string EncodeBase64Url(std::string_view bytes);
// Nothing for any other character, padding included, or a wrong length.
[[nodiscard]] std::optional<std::string> DecodeBase64Url(std::string_view text);
[[nodiscard]] std::string EncodeBase64(std::string_view bytes);
// The common alphabet; padding may be there or not.
[[nodiscard]] std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace rt
