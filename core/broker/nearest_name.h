// The known name that a mistyped one was probably meant to be. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rt {

// The nearest of `known` to `name`, or nothing where none is near: at most a
// third of the letters may differ, or two. Names are dotted; one given without
// its section ("ping_interval") finds the full one ("client.ping_interval").
[[nodiscard]] std::string NearestName(std::string_view name,
                                      const std::vector<std::string>& known);

// ` (did you mean "NEAREST"?)`, or nothing.
[[nodiscard]] std::string DidYouMean(std::string_view name,
                                     const std::vector<std::string>& known);

}  // namespace rt
