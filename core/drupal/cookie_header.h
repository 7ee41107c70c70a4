// The Cookie request header as PHP reads it: pairs split at `;`, values
// raw-URL-decoded (`+` stays `+`), and the first pair of a name counts. Like
// PHP (max_input_vars) it reads no more than 1,000 pairs. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rt {

// `%XX` decoded; a malformed escape is kept as it is.
[[nodiscard]] std::string RawUrlDecode(std::string_view text);

// The decoded value of the first cookie named `name`, names compared byte for
// byte. Nothing where there is none, or where PHP makes an array of it, for
// which one pair `name[…]=…` suffices, wherever it stands.
[[nodiscard]] std::optional<std::string> FindCookie(std::string_view header,
                                                    std::string_view name);

// All of them, in order, the first of each name.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> ParseCookies(
    std::string_view header);

}  // namespace rt
