// A text as its difference from the one before: the delta format of Fossil SCM,
// which the client protocol uses for publications. Pure, any thread.
//
// A delta is the target's length and a line feed, then what to take, in order,
// then a checksum. Numbers are base 64 (0-9A-Z_a-z~), most significant first:
//
//     e\n           the target has 41 bytes
//     c@0,          copy 39 bytes of the base from offset 0
//     2:2}          insert the 2 bytes behind the colon
//     23kkLU;       the target's words of 32 bits, added
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rt {

// The delta that makes `target` of `base`; where they have little in common it
// is longer than `target`, so compare. With `utf8_safe` every copy and insert
// begins and ends between characters, so that the delta is UTF-8 itself and can
// travel in a JSON string; REQUIRES then that both are UTF-8. Takes time in
// proportion to the two lengths, and for that may miss the shortest delta.
// REQUIRES: both are below 4 GiB.
[[nodiscard]] std::string MakeFossilDelta(std::string_view base,
                                          std::string_view target,
                                          bool utf8_safe);

// The target, or nothing where the delta is malformed, is not one of `base`,
// or makes more than kMaxDeltaTargetBytes.
[[nodiscard]] std::optional<std::string> ApplyFossilDelta(
    std::string_view base, std::string_view delta);

}  // namespace rt
