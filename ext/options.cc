#include "options.h"

#include "core/wire/link_format.h"
#include "json.h"
#include "site.h"

extern "C" {
#include "ext/json/php_json.h"
}

namespace rt {
namespace {

// One option being read; every check names it.
struct Option {
  uint32_t argument;
  const char* name;
  zval* value;
};

bool WrongType(const Option& option, const char* expected) {
  zend_argument_type_error(
      option.argument, "option \"%s\" must be of type %s, %s given",
      option.name, expected, zend_zval_type_name(option.value));
  return false;
}

bool ReadFlag(const Option& option, uint8_t flag, PublishOptions* result) {
  if (Z_TYPE_P(option.value) != IS_TRUE && Z_TYPE_P(option.value) != IS_FALSE) {
    return WrongType(option, "bool");
  }
  if (Z_TYPE_P(option.value) == IS_TRUE) {
    result->flags = static_cast<uint8_t>(result->flags | flag);
  }
  return true;
}

bool ReadInt(const Option& option, zend_long least, zend_long* result) {
  if (Z_TYPE_P(option.value) != IS_LONG) return WrongType(option, "int");
  *result = Z_LVAL_P(option.value);
  if (*result >= least) return true;
  zend_argument_value_error(option.argument,
                            "option \"%s\" must be " ZEND_LONG_FMT
                            " or more, " ZEND_LONG_FMT " given",
                            option.name, least, *result);
  return false;
}

bool CheckString(const Option& option) {
  return Z_TYPE_P(option.value) == IS_STRING || WrongType(option, "string");
}

bool CheckTags(const Option& option) {
  if (Z_TYPE_P(option.value) != IS_ARRAY) {
    return WrongType(option, "array<string, string>");
  }
  zval* tag;
  ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(option.value), tag) {
    ZVAL_DEREF(tag);
    if (Z_TYPE_P(tag) == IS_STRING) continue;
    zend_argument_type_error(option.argument,
                             "option \"tags\" must hold strings only, %s given",
                             zend_zval_type_name(tag));
    return false;
  }
  ZEND_HASH_FOREACH_END();
  return true;
}

bool ReadSite(const Option& option, PublishOptions* result) {
  if (!CheckString(option)) return false;
  // Held: user code that runs while the data is encoded may change the array.
  result->site = zend_string_copy(Z_STR_P(option.value));
  if (IsSiteKey(View(result->site))) return true;
  zend_argument_value_error(option.argument,
                            "option \"site\" must be a site's key: 1 to 64 "
                            "letters, digits, dots, dashes or underscores");
  return false;
}

bool Is(const zend_string* key, std::string_view name) {
  return View(key) == name;
}

// Options for the broker are kept in `forwarded` as they are.
bool ReadOption(const zend_string* key, const Option& option, zval* forwarded,
                PublishOptions* result) {
  if (Is(key, "skip_history"))
    return ReadFlag(option, kLinkSkipHistory, result);
  if (Is(key, "delta")) return ReadFlag(option, kLinkDelta, result);
  if (Is(key, "timeout_ms")) return ReadInt(option, 1, &result->timeout_ms);
  if (Is(key, "site")) return ReadSite(option, result);
  if (Is(key, "tags")) {
    if (!CheckTags(option)) return false;
    if (zend_hash_num_elements(Z_ARRVAL_P(option.value)) == 0) return true;
  } else if (Is(key, "version")) {
    zend_long version;
    if (!ReadInt(option, 0, &version)) return false;
  } else if (Is(key, "idempotency_key") || Is(key, "version_epoch") ||
             Is(key, "exclude")) {
    if (!CheckString(option)) return false;
  } else {
    zend_argument_value_error(option.argument, "has the unknown option \"%s\"",
                              option.name);
    return false;
  }
  Z_TRY_ADDREF_P(option.value);
  add_assoc_zval_ex(forwarded, ZSTR_VAL(key), ZSTR_LEN(key), option.value);
  return true;
}

bool ReadAll(uint32_t argument, HashTable* options, zval* forwarded,
             PublishOptions* result) {
  zend_ulong index;
  zend_string* key;
  zval* value;
  ZEND_HASH_FOREACH_KEY_VAL(options, index, key, value) {
    if (key == nullptr) {
      zend_argument_value_error(
          argument, "has the unknown option " ZEND_ULONG_FMT, index);
      return false;
    }
    ZVAL_DEREF(value);
    if (!ReadOption(key, {argument, ZSTR_VAL(key), value}, forwarded, result)) {
      return false;
    }
  }
  ZEND_HASH_FOREACH_END();
  return true;
}

// Strings that are not UTF-8 are the caller's mistake in this argument.
bool EncodeForwarded(uint32_t argument, zval* forwarded,
                     PublishOptions* result) {
  if (zend_hash_num_elements(Z_ARRVAL_P(forwarded)) == 0) return true;
  // Tags named "0", "1" … are still a map.
  if (EncodePlainJson(forwarded, PHP_JSON_FORCE_OBJECT, &result->json)) {
    return true;
  }
  zend_argument_value_error(argument, "must hold valid UTF-8 only");
  return false;
}

}  // namespace

bool ReadOptions(uint32_t argument, HashTable* options,
                 PublishOptions* result) {
  *result = PublishOptions{};
  if (options == nullptr || zend_hash_num_elements(options) == 0) return true;
  zval forwarded;
  array_init(&forwarded);
  const bool good = ReadAll(argument, options, &forwarded, result) &&
                    EncodeForwarded(argument, &forwarded, result);
  zval_ptr_dtor(&forwarded);
  if (!good) FreeOptions(result);
  return good;
}

void FreeOptions(PublishOptions* options) {
  smart_str_free(&options->json);
  if (options->site != nullptr) zend_string_release(options->site);
  options->site = nullptr;
}

}  // namespace rt
