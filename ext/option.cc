#include "option.h"

#include "site.h"

namespace rt {

bool WrongType(const Option& option, const char* expected) {
  zend_argument_type_error(
      option.argument, "option \"%s\" must be of type %s, %s given",
      option.name, expected, zend_zval_type_name(option.value));
  return false;
}

bool CheckString(const Option& option) {
  return Z_TYPE_P(option.value) == IS_STRING || WrongType(option, "string");
}

bool CheckBool(const Option& option) {
  return Z_TYPE_P(option.value) == IS_TRUE ||
         Z_TYPE_P(option.value) == IS_FALSE || WrongType(option, "bool");
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

bool ReadSite(const Option& option, zend_string** result) {
  if (!CheckString(option)) return false;
  *result = zend_string_copy(Z_STR_P(option.value));
  if (IsSiteKey(View(*result))) return true;
  zend_argument_value_error(option.argument,
                            "option \"site\" must be a site's key: 1 to 64 "
                            "letters, digits, dots, dashes or underscores");
  return false;
}

bool UnknownOption(uint32_t argument, const char* name) {
  zend_argument_value_error(argument, "has the unknown option \"%s\"", name);
  return false;
}

bool UnknownOption(uint32_t argument, zend_ulong index) {
  zend_argument_value_error(argument, "has the unknown option " ZEND_ULONG_FMT,
                            index);
  return false;
}

}  // namespace rt
