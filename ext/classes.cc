#include "classes.h"

#include <stdarg.h>
#include <stdio.h>

#include "php_drupalrt.h"

namespace rt {

zend_class_entry* exception_class;
zend_class_entry* receipt_class;

void ThrowException(zend_long code, const char* format, ...) {
  char message[640];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof(message), format, arguments);
  va_end(arguments);
  zend_throw_exception(exception_class, message, code);
}

void MakeReceipt(zend_long offset, std::string_view epoch, zend_long receivers,
                 zval* receipt) {
  object_init_ex(receipt, receipt_class);
  zend_object* object = Z_OBJ_P(receipt);
  // In the order of the stub's properties.
  ZVAL_LONG(OBJ_PROP_NUM(object, 0), offset);
  ZVAL_STRINGL(OBJ_PROP_NUM(object, 1), epoch.data(), epoch.size());
  ZVAL_LONG(OBJ_PROP_NUM(object, 2), receivers);
}

}  // namespace rt

ZEND_METHOD(Drupalrt_Receipt, __construct) {
  zend_long offset;
  zend_string* epoch;
  zend_long receivers;
  ZEND_PARSE_PARAMETERS_START(3, 3)
  Z_PARAM_LONG(offset)
  Z_PARAM_STR(epoch)
  Z_PARAM_LONG(receivers)
  ZEND_PARSE_PARAMETERS_END();

  // Through the property handlers, which refuse a second construction.
  zend_object* object = Z_OBJ_P(ZEND_THIS);
  zend_update_property_long(rt::receipt_class, object, ZEND_STRL("offset"),
                            offset);
  if (EG(exception) != nullptr) RETURN_THROWS();
  zend_update_property_str(rt::receipt_class, object, ZEND_STRL("epoch"),
                           epoch);
  zend_update_property_long(rt::receipt_class, object, ZEND_STRL("receivers"),
                            receivers);
}
