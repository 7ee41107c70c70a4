// What PHP's serialize() wrote, as a value for programs: configuration of
// Drupal 8 and later, variables of Drupal 7. Pure.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "native/drupal.h"

namespace rt {

// Above: kLimit. A value takes up to some thirty times its bytes in memory.
inline constexpr size_t kMaxSettingBytes = 4 << 20;
// Arrays in arrays. Above: kInvalid.
inline constexpr int kMaxSettingDepth = 64;

// Null, scalars and arrays; kInvalid for objects, references and bytes that
// are no value. Of equal keys the last counts, as for PHP.
[[nodiscard]] Result<drupalrt::Value> DecodePhp(std::string_view bytes);

// The part of `value` that `path` leads to, keys joined by dots as Drupal's
// Config::get() takes them; null where there is none. Empty: all of it.
[[nodiscard]] const drupalrt::Value* FindPath(const drupalrt::Value& value,
                                              std::string_view path);

}  // namespace rt
