// From a cookie's value to the key that Drupal stores its session under. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rt {

// Drupal's Crypt::hashBase64: SHA-256 in base64url, 43 characters.
[[nodiscard]] std::string HashBase64(std::string_view bytes);

// The key of a decoded session id. Nothing unless the id is 1 to 256 bytes
// without control characters: such a cookie is no session. Length and
// alphabet are not looked at further, for Drupal does not either.
[[nodiscard]] std::optional<std::string> SessionKey(std::string_view id);

// Is it an id that PHP hands to its own session handlers? One with white space,
// quotes, angle brackets or backslashes is replaced by a new one instead.
[[nodiscard]] bool IsPhpSessionId(std::string_view id);

}  // namespace rt
