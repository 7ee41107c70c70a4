// PHP's headers as C++ sees them: C names, whether or not a header says so.
//
// A Zend function may leave by longjmp, which runs no destructor. So nothing
// with a destructor is alive across a call into Zend anywhere in ext/.
#pragma once

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

extern "C" {
#include "php.h"
#include "zend_exceptions.h"
#include "zend_smart_str.h"
}
