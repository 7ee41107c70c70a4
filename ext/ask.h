// A request that waits for its answer, told apart as PHP sees it: a result, or
// a Drupalrt\Exception with the protocol's code, or one with code 0 because
// no answer came.
#pragma once

#include "deadline.h"
#include "link.h"
#include "php_headers.h"

namespace rt {

enum class Asked : uint8_t {
  kAnswered,  // *result is an array, the caller's to free
  kThrown,
  kAmbiguous,  // nothing was sent and nothing thrown, see Handed
};

// Sends the request `id` that stands in the link's `out`.
[[nodiscard]] Asked Ask(uint32_t id, const SiteChoice& site, bool one_site,
                        Deadline deadline, zval* result);

// For kAmbiguous, a ValueError that says what to name.
void ThrowAmbiguous();

}  // namespace rt
