#include "json.h"

extern "C" {
#include "ext/json/php_json.h"
}

namespace rt {
namespace {

php_json_error_code Encode(zval* value, int flags, smart_str* out) {
  flags |= PHP_JSON_UNESCAPED_SLASHES | PHP_JSON_UNESCAPED_UNICODE;
  php_json_encode_ex(out, value, flags, PHP_JSON_PARSER_DEFAULT_DEPTH);
  // Its return value says success where an array key is not UTF-8; the code
  // tells the truth.
  return JSON_G(error_code);
}

// json_last_error_msg() is the only public home of the encoder's messages.
// REQUIRES: JSON_G(error_code) is the error.
zend_string* LastErrorMessage() {
  zend_function* function = static_cast<zend_function*>(zend_hash_str_find_ptr(
      CG(function_table), ZEND_STRL("json_last_error_msg")));
  if (function != nullptr) {
    zval message;
    ZVAL_UNDEF(&message);
    zend_call_known_function(function, nullptr, nullptr, &message, 0, nullptr,
                             nullptr);
    if (Z_TYPE(message) == IS_STRING) return Z_STR(message);
    zval_ptr_dtor(&message);
  }
  return zend_string_init(ZEND_STRL("The data cannot be encoded"), false);
}

// PHP exports the class only where its own headers hide it.
zend_class_entry* JsonException() {
  zend_class_entry* found = static_cast<zend_class_entry*>(
      zend_hash_str_find_ptr(CG(class_table), ZEND_STRL("jsonexception")));
  return found != nullptr ? found : zend_ce_exception;
}

}  // namespace

bool EncodeJson(zval* value, int flags, smart_str* out) {
  const php_json_error_code before = JSON_G(error_code);
  const php_json_error_code error = Encode(value, flags, out);
  if (EG(exception) != nullptr || error == PHP_JSON_ERROR_NONE) {
    JSON_G(error_code) = before;
    return EG(exception) == nullptr;
  }
  zend_string* message = LastErrorMessage();
  JSON_G(error_code) = before;
  zend_throw_exception(JsonException(), ZSTR_VAL(message), error);
  zend_string_release(message);
  return false;
}

bool EncodePlainJson(zval* value, int flags, smart_str* out) {
  const php_json_error_code before = JSON_G(error_code);
  const php_json_error_code error = Encode(value, flags, out);
  JSON_G(error_code) = before;
  return error == PHP_JSON_ERROR_NONE;
}

bool DecodeJsonObject(std::string_view text, zval* result) {
  const php_json_error_code before = JSON_G(error_code);
  ZVAL_NULL(result);
  // A copy: the scanner wants a zero byte behind the text.
  zend_string* copy = zend_string_init(text.data(), text.size(), false);
  php_json_decode_ex(result, ZSTR_VAL(copy), ZSTR_LEN(copy),
                     PHP_JSON_OBJECT_AS_ARRAY, PHP_JSON_PARSER_DEFAULT_DEPTH);
  zend_string_release(copy);
  JSON_G(error_code) = before;
  if (Z_TYPE_P(result) == IS_ARRAY) return true;
  zval_ptr_dtor(result);
  ZVAL_NULL(result);
  return false;
}

zend_long FindLong(HashTable* object, std::string_view key,
                   zend_long fallback) {
  const zval* found = zend_hash_str_find(object, key.data(), key.size());
  return found != nullptr && Z_TYPE_P(found) == IS_LONG ? Z_LVAL_P(found)
                                                        : fallback;
}

std::string_view FindString(HashTable* object, std::string_view key) {
  const zval* found = zend_hash_str_find(object, key.data(), key.size());
  return found != nullptr && Z_TYPE_P(found) == IS_STRING ? View(Z_STR_P(found))
                                                          : std::string_view();
}

zval* FindArray(HashTable* object, std::string_view key) {
  zval* found = zend_hash_str_find(object, key.data(), key.size());
  return found != nullptr && Z_TYPE_P(found) == IS_ARRAY ? found : nullptr;
}

}  // namespace rt
