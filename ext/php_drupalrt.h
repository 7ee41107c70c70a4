// The module and its globals: the settings, the link and the site chosen for
// this request, one set per process or thread.
#pragma once

#include "bytes.h"
#include "link.h"
#include "php_headers.h"

extern zend_module_entry drupalrt_module_entry;
#define phpext_drupalrt_ptr &drupalrt_module_entry

ZEND_BEGIN_MODULE_GLOBALS(drupalrt)
char* socket;
char* broker;
zend_long autostart;
zend_long timeout_ms;
rt::Link link;
rt::Bytes site_key;  // drupalrt_site(); empty: the only one
rt::Bytes site_secret;
ZEND_END_MODULE_GLOBALS(drupalrt)

ZEND_EXTERN_MODULE_GLOBALS(drupalrt)
#define DRUPALRT_G(v) ZEND_MODULE_GLOBALS_ACCESSOR(drupalrt, v)

#if defined(ZTS) && defined(COMPILE_DL_DRUPALRT)
ZEND_TSRMLS_CACHE_EXTERN()
#endif
