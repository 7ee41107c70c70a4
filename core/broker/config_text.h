// Durations, sizes and addresses as people write them, and back. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rt {

// "25s", "1m30s", "500ms", "1.5h", "0"; units ms, s, m, h, d. Milliseconds.
Result<int64_t> ParseDuration(std::string_view text);
// The shortest of the forms above that is exact.
[[nodiscard]] std::string FormatDuration(int64_t ms);

// "65536", "64KiB", "1MiB", "2GiB". Bytes.
Result<int64_t> ParseSize(std::string_view text);
[[nodiscard]] std::string FormatSize(int64_t bytes);

// A whole decimal number, nothing around it.
Result<int64_t> ParseInteger(std::string_view text);

// true, false, 1, 0, yes, no, on, off.
Result<bool> ParseBool(std::string_view text);

// ADDRESS:PORT with a numeric address, IPv6 in brackets; returns it as it is,
// `localhost` as 127.0.0.1. Port 0 lets the kernel choose.
Result<std::string> ParseAddress(std::string_view text);

}  // namespace rt
