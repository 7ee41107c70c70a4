// Do the references within serialised data hold? unserialize() refuses all of
// it where one does not: r: has to name an object, and neither r: nor R: a
// value whose place was taken by a later one of the same key. PhpReader by
// itself sees only that a reference names something that came before. Pure;
// takes memory for each reference, and time of n log n.
#pragma once

#include <string_view>

namespace rt {

enum class PhpLayout {
  kValue,  // one value
  kNamed,  // NAME|value NAME|value …, as PHP's session handler "php" writes
};

// Stricter than PHP in one thing: what stands inside a C: is not seen, so
// behind one nothing newer than it can be referred to.
[[nodiscard]] bool PhpReferencesHold(std::string_view bytes, PhpLayout layout);

}  // namespace rt
