// One option of a function's array of options. Each check that fails throws a
// ValueError or TypeError that names the argument and the option, and returns
// false.
#pragma once

#include <stdint.h>

#include <string_view>

#include "json.h"
#include "php_headers.h"

namespace rt {

struct Option {
  uint32_t argument;  // the position of the array in the parameters
  const char* name;
  zval* value;  // no reference
};

[[nodiscard]] bool WrongType(const Option& option, const char* expected);
[[nodiscard]] bool CheckString(const Option& option);
[[nodiscard]] bool CheckBool(const Option& option);
[[nodiscard]] bool ReadInt(const Option& option, zend_long least,
                           zend_long* result);
// The key of a site, held for the caller to release also where it is wrong:
// user code that runs later may change the array.
[[nodiscard]] bool ReadSite(const Option& option, zend_string** result);

bool UnknownOption(uint32_t argument, const char* name);
bool UnknownOption(uint32_t argument, zend_ulong index);

// Calls read(key, option) for each, until it returns false. `options` may be
// null.
template <typename Read>
[[nodiscard]] bool ForEachOption(uint32_t argument, HashTable* options,
                                 Read read) {
  if (options == nullptr) return true;
  zend_ulong index;
  zend_string* key;
  zval* value;
  ZEND_HASH_FOREACH_KEY_VAL(options, index, key, value) {
    if (key == nullptr) return UnknownOption(argument, index);
    ZVAL_DEREF(value);
    if (!read(View(key), Option{argument, ZSTR_VAL(key), value})) return false;
  }
  ZEND_HASH_FOREACH_END();
  return true;
}

}  // namespace rt
