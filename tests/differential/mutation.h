// Bytes with something done to them: cut off, doubled, swapped with those of
// another, digits counted up, a token put in between.
#pragma once

#include <string>
#include <string_view>

#include "differential/random.h"

namespace rt {

[[nodiscard]] std::string Mutated(std::string bytes, std::string_view other,
                                  Random* random);

}  // namespace rt
