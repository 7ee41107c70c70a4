// A case of the comparison of Cookie headers: a header that follows from a
// seed, and what is wrong with what we read there.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace rt {

[[nodiscard]] std::string MakeCookieHeader(uint64_t seed);

// `php`: the texts of $_COOKIE. Empty: nothing is wrong.
[[nodiscard]] std::string JudgeCookies(
    const std::string& header, const std::map<std::string, std::string>& php);

}  // namespace rt
