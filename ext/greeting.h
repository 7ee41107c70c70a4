// What extension and broker say of themselves at first contact, and what the
// broker says unasked later.
#pragma once

#include <string_view>

#include "link.h"

namespace rt {

// Sends the hello and takes the broker's. On failure state and error are set.
[[nodiscard]] bool Greet(Deadline deadline, Link* link);

// kSites and kGoodbye. False when the broker goes away, with state and error.
[[nodiscard]] bool TakeNotice(const Frame& frame, Link* link);

}  // namespace rt
