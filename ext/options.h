// The options of the publish functions, read and checked.
#pragma once

#include <stdint.h>

#include <string_view>
#include <type_traits>

#include "php_headers.h"

namespace rt {

struct PublishOptions {
  uint8_t flags;         // LinkPublishFlags
  zend_long timeout_ms;  // 0: drupalrt.timeout_ms
  zend_string* site;     // null: not given; released by FreeOptions
  smart_str json;  // what the frame carries, or empty; freed by FreeOptions
};
static_assert(std::is_trivially_destructible_v<PublishOptions>);

// `argument` is the position of `options` (may be null) in the function's
// parameters. Returns false with an exception thrown that names it and the
// option; nothing is left to free then.
[[nodiscard]] bool ReadOptions(uint32_t argument, HashTable* options,
                               PublishOptions* result);
void FreeOptions(PublishOptions* options);

}  // namespace rt
