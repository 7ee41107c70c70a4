// The benchmark's message: a JSON object of a fixed size that carries its
// sequence number, so that a receiver can tell what it missed. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rt::bench {

// Below it the number and the braces do not fit.
inline constexpr size_t kMinPayloadBytes = 32;

// {"n":1000000007,"p":"xxx…"} of exactly `bytes` bytes for sequence number 7.
// REQUIRES: bytes >= kMinPayloadBytes, sequence < 9,000,000,000.
[[nodiscard]] std::string MakePayload(uint64_t sequence, size_t bytes);

// Finds the number in a text that carries a payload somewhere. `*hint` is
// where the last one was found and makes the next search short; start with 0.
[[nodiscard]] std::optional<uint64_t> FindSequence(std::string_view text,
                                                   size_t* hint);

}  // namespace rt::bench
