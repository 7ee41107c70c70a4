// A call of one method of the broker's API, from a function's arguments to the
// method's result.
//
// Parameters are collected first, as a PHP array, then encoded, which may run
// user code (jsonSerialize). The link's buffer is touched after that alone, so
// user code may use the link itself.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <string_view>
#include <type_traits>

#include "php_headers.h"

namespace rt {

enum class OptionKind : uint8_t {
  kBool,
  kInt,
  kString,
  kName,     // a string that is not empty: an empty one would mean anybody
  kStrings,  // a list
  kChannel,
  kChannels,  // a list
  kPosition,  // array{offset: int, epoch: string}
  kMap,       // an array with string keys
  kJson,      // whatever json_encode() takes
};

// An option that a method takes; it goes to the broker under its own name.
struct OptionRule {
  const char* name;
  OptionKind kind;
  zend_long least = ZEND_LONG_MIN;  // of kInt
};

struct MethodCall {
  zval params;           // an array
  uint32_t argument;     // the position of the options
  zend_long timeout_ms;  // 0: drupalrt.timeout_ms
  zend_string* site;     // null: not given
};
static_assert(std::is_trivially_destructible_v<MethodCall>);

// A call is begun, given its parameters, and freed whatever became of it.
// Where an Add… returns false it has thrown what is wrong.
void Begin(uint32_t options_argument, MethodCall* call);
void Free(MethodCall* call);

void AddParam(std::string_view name, const zend_string* value,
              MethodCall* call);
[[nodiscard]] bool AddChannel(uint32_t argument, const zend_string* channel,
                              MethodCall* call);
// `text`, or the number where it is null. 0 is what Drupal says for a visitor
// who is not logged in, whom the broker calls "".
[[nodiscard]] bool AddUser(uint32_t argument, const zend_string* text,
                           zend_long number, MethodCall* call);
// Those of `rules`, and site and timeout_ms. `options` may be null.
[[nodiscard]] bool AddOptions(HashTable* options, const OptionRule* rules,
                              size_t count, MethodCall* call);
template <size_t kCount>
[[nodiscard]] bool AddOptions(HashTable* options,
                              const OptionRule (&rules)[kCount],
                              MethodCall* call) {
  return AddOptions(options, rules, kCount, call);
}
[[nodiscard]] inline bool AddOptions(HashTable* options, MethodCall* call) {
  return AddOptions(options, nullptr, 0, call);
}

// False with an exception thrown; else `result` is an array, the caller's to
// free.
[[nodiscard]] bool Perform(std::string_view method, const MethodCall& call,
                           zval* result);

// {"method":…,"params":…} as JSON; an empty array of parameters is an empty
// object. Throws a JsonException, or a ValueError for the argument where it is
// too long. The caller frees `body` either way.
[[nodiscard]] bool EncodeCall(zval* method, zval* params, uint32_t argument,
                              smart_str* body);

}  // namespace rt
