// PHP's own JSON encoder and decoder, with json_last_error() left as it was.
//
// Both call into Zend: the encoder runs user code (jsonSerialize) that may
// throw, publish itself, exit or run out of memory.
#pragma once

#include <string_view>

#include "php_headers.h"

namespace rt {

// Appends `value` to `out`. Returns false with an exception thrown: the one
// that user code threw, or a JsonException with json_encode()'s code and
// message. The caller frees `out` either way.
[[nodiscard]] bool EncodeJson(zval* value, int flags, smart_str* out);

// The same for values without user code, which throws nothing: false where
// the value cannot be encoded.
[[nodiscard]] bool EncodePlainJson(zval* value, int flags, smart_str* out);

// `result` is an array (objects become arrays). False, and nothing to free,
// where `text` is anything else. Throws nothing.
[[nodiscard]] bool DecodeJsonObject(std::string_view text, zval* result);

inline std::string_view View(const smart_str& text) {
  return text.s == nullptr
             ? std::string_view()
             : std::string_view(ZSTR_VAL(text.s), ZSTR_LEN(text.s));
}

inline std::string_view View(const zend_string* text) {
  return {ZSTR_VAL(text), ZSTR_LEN(text)};
}

// What an answer says under `key`, or the fallback where it says nothing of
// that type.
[[nodiscard]] zend_long FindLong(HashTable* object, std::string_view key,
                                 zend_long fallback);
[[nodiscard]] std::string_view FindString(HashTable* object,
                                          std::string_view key);
[[nodiscard]] zval* FindArray(HashTable* object, std::string_view key);

}  // namespace rt
