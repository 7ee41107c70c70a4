// Hashes and the two spellings of base64 that the formats around us use.
// Pure and thread-safe; OpenSSL does the hashing.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rt {

[[nodiscard]] std::array<uint8_t, 32> Sha256(std::string_view bytes);
[[nodiscard]] std::array<uint8_t, 20> Sha1(std::string_view bytes);

// Lower-case hexadecimal.
[[nodiscard]] std::string HexEncode(std::string_view bytes);

// RFC 4648 section 4, with padding.
[[nodiscard]] std::string Base64Encode(std::string_view bytes);
// RFC 4648 section 5, without padding.
[[nodiscard]] std::string Base64UrlEncode(std::string_view bytes);
// What Base64UrlEncode makes, and nothing else: for what is signed.
[[nodiscard]] std::optional<std::string> Base64UrlDecode(std::string_view text);
// Takes both alphabets, padded or not; nothing on any other character.
[[nodiscard]] std::optional<std::string> Base64Decode(std::string_view text);

// Equal? Takes the same time wherever the first difference is.
[[nodiscard]] bool ConstantTimeEqual(std::string_view a, std::string_view b);

}  // namespace rt
