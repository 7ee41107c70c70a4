// The extension's two classes, Drupalrt\Exception and Drupalrt\Receipt.
#pragma once

#include <string_view>

#include "php_headers.h"

namespace rt {

extern zend_class_entry* exception_class;
extern zend_class_entry* receipt_class;

// `code`: the protocol's error code; 0 where the broker has said nothing.
[[gnu::format(printf, 2, 3)]] void ThrowException(zend_long code,
                                                  const char* format, ...);

void MakeReceipt(zend_long offset, std::string_view epoch, zend_long receivers,
                 zval* receipt);

}  // namespace rt
