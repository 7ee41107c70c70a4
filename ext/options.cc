#include "options.h"

#include "core/wire/link_format.h"
#include "json.h"
#include "option.h"

extern "C" {
#include "ext/json/php_json.h"
}

namespace rt {
namespace {

bool ReadFlag(const Option& option, uint8_t flag, PublishOptions* result) {
  if (!CheckBool(option)) return false;
  if (Z_TYPE_P(option.value) == IS_TRUE) {
    result->flags = static_cast<uint8_t>(result->flags | flag);
  }
  return true;
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

// Options for the broker are kept in `forwarded` as they are.
bool ReadOption(std::string_view key, const Option& option, zval* forwarded,
                PublishOptions* result) {
  if (key == "skip_history") return ReadFlag(option, kLinkSkipHistory, result);
  if (key == "delta") return ReadFlag(option, kLinkDelta, result);
  if (key == "timeout_ms") return ReadInt(option, 1, &result->timeout_ms);
  if (key == "site") return ReadSite(option, &result->site);
  if (key == "tags") {
    if (!CheckTags(option)) return false;
    if (zend_hash_num_elements(Z_ARRVAL_P(option.value)) == 0) return true;
  } else if (key == "version") {
    zend_long version;
    if (!ReadInt(option, 0, &version)) return false;
  } else if (key == "idempotency_key" || key == "version_epoch" ||
             key == "exclude") {
    if (!CheckString(option)) return false;
  } else {
    return UnknownOption(option.argument, option.name);
  }
  Z_TRY_ADDREF_P(option.value);
  add_assoc_zval_ex(forwarded, key.data(), key.size(), option.value);
  return true;
}

bool ReadAll(uint32_t argument, HashTable* options, zval* forwarded,
             PublishOptions* result) {
  return ForEachOption(argument, options,
                       [&](std::string_view key, const Option& option) {
                         return ReadOption(key, option, forwarded, result);
                       });
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
