// Names that nobody can guess: client and session ids, epochs.
// All functions are thread-safe and draw from the kernel's generator.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rt {

// Fills `bytes` bytes at `out`. Never fails: a machine without entropy is a
// failed RT_CHECK.
void RandomBytes(void* out, size_t bytes);

// Uniform in [0, bound). REQUIRES: bound > 0.
[[nodiscard]] uint64_t RandomBelow(uint64_t bound);

// RFC 4122 version 4: 122 random bits, and its usual spelling in 36 characters,
// lower case, with dashes.
using Uuid = std::array<uint8_t, 16>;
[[nodiscard]] Uuid RandomUuidBytes();
[[nodiscard]] std::string FormatUuid(const Uuid& uuid);
[[nodiscard]] std::optional<Uuid> ParseUuid(std::string_view text);
[[nodiscard]] std::string RandomUuid();

// `letters` characters out of a-zA-Z, as the epoch of a stream.
[[nodiscard]] std::string RandomLetters(size_t letters);

}  // namespace rt
