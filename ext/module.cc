// The module: settings, start and end of process, thread and request, and
// phpinfo(). Nothing here connects or starts anything.
#include <string.h>

#include "autostart.h"
#include "classes.h"
#include "connection.h"
#include "core/wire/link_format.h"
#include "counters.h"
#include "link.h"
#include "php_drupalrt.h"
#include "site.h"
#include "status.h"

extern "C" {
#include "ext/spl/spl_exceptions.h"
#include "ext/standard/info.h"
#include "php_ini.h"
#include "zend_attributes.h"
}

// The generated code is C, where void* becomes any pointer by itself.
#define zend_add_parameter_attribute(function, ...)                   \
  zend_add_parameter_attribute(static_cast<zend_function*>(function), \
                               __VA_ARGS__)
#include "drupalrt_arginfo.h"
#undef zend_add_parameter_attribute

ZEND_DECLARE_MODULE_GLOBALS(drupalrt)

// A time-out that is no positive number leaves the default in force.
static PHP_INI_MH(OnUpdateTimeout) {
  if (new_value == nullptr ||
      ZEND_STRTOL(ZSTR_VAL(new_value), nullptr, 10) < 1) {
    return FAILURE;
  }
  return OnUpdateLong(entry, new_value, mh_arg1, mh_arg2, mh_arg3, stage);
}

PHP_INI_BEGIN()
STD_PHP_INI_ENTRY("drupalrt.socket", "", PHP_INI_SYSTEM, OnUpdateString, socket,
                  zend_drupalrt_globals, drupalrt_globals)
STD_PHP_INI_ENTRY("drupalrt.autostart", "1", PHP_INI_SYSTEM, OnUpdateLong,
                  autostart, zend_drupalrt_globals, drupalrt_globals)
STD_PHP_INI_ENTRY("drupalrt.broker", "", PHP_INI_SYSTEM, OnUpdateString, broker,
                  zend_drupalrt_globals, drupalrt_globals)
STD_PHP_INI_ENTRY("drupalrt.timeout_ms", "50", PHP_INI_SYSTEM, OnUpdateTimeout,
                  timeout_ms, zend_drupalrt_globals, drupalrt_globals)
PHP_INI_END()

static PHP_GINIT_FUNCTION(drupalrt) {
#if defined(ZTS) && defined(COMPILE_DL_DRUPALRT)
  ZEND_TSRMLS_CACHE_UPDATE();
#endif
  memset(drupalrt_globals, 0, sizeof(*drupalrt_globals));
  rt::Init(&drupalrt_globals->link);
}

static PHP_GSHUTDOWN_FUNCTION(drupalrt) {
  rt::Destroy(&drupalrt_globals->link);
  rt::Release(&drupalrt_globals->site_key);
  rt::Release(&drupalrt_globals->site_secret);
}

static PHP_MINIT_FUNCTION(drupalrt) {
  REGISTER_INI_ENTRIES();
  rt::exception_class =
      register_class_Drupalrt_Exception(spl_ce_RuntimeException);
  rt::receipt_class = register_class_Drupalrt_Receipt();
  register_drupalrt_symbols(module_number);
  rt::MapCounters();
  rt::WatchForks();
  rt::KeepEnvironment();
  return SUCCESS;
}

static PHP_MSHUTDOWN_FUNCTION(drupalrt) {
  UNREGISTER_INI_ENTRIES();
  rt::UnmapCounters();
  rt::ForgetEnvironment();
  return SUCCESS;
}

static PHP_RINIT_FUNCTION(drupalrt) {
#if defined(ZTS) && defined(COMPILE_DL_DRUPALRT)
  ZEND_TSRMLS_CACHE_UPDATE();
#endif
  rt::BeginRequest(&DRUPALRT_G(link));
  return SUCCESS;
}

static PHP_RSHUTDOWN_FUNCTION(drupalrt) {
  rt::ForgetSite();
  rt::EndRequest(&DRUPALRT_G(link));
  return SUCCESS;
}

static PHP_MINFO_FUNCTION(drupalrt) {
  char protocol[16];
  snprintf(protocol, sizeof(protocol), "%u", unsigned{rt::kLinkProtocol});
  php_info_print_table_start();
  php_info_print_table_row(2, "drupalrt", "enabled");
  php_info_print_table_row(2, "Version", DRUPALRT_VERSION);
  php_info_print_table_row(2, "Protocol", protocol);
  rt::PrintStatusRows();
  php_info_print_table_end();
  DISPLAY_INI_ENTRIES();
}

static const zend_module_dep drupalrt_dependencies[] = {
    ZEND_MOD_REQUIRED("json") ZEND_MOD_REQUIRED("spl") ZEND_MOD_END};

zend_module_entry drupalrt_module_entry = {STANDARD_MODULE_HEADER_EX,
                                           nullptr,
                                           drupalrt_dependencies,
                                           "drupalrt",
                                           ext_functions,
                                           PHP_MINIT(drupalrt),
                                           PHP_MSHUTDOWN(drupalrt),
                                           PHP_RINIT(drupalrt),
                                           PHP_RSHUTDOWN(drupalrt),
                                           PHP_MINFO(drupalrt),
                                           DRUPALRT_VERSION,
                                           PHP_MODULE_GLOBALS(drupalrt),
                                           PHP_GINIT(drupalrt),
                                           PHP_GSHUTDOWN(drupalrt),
                                           nullptr,
                                           STANDARD_MODULE_PROPERTIES_EX};

#ifdef COMPILE_DL_DRUPALRT
#ifdef ZTS
ZEND_TSRMLS_CACHE_DEFINE()
#endif
extern "C" {
ZEND_GET_MODULE(drupalrt)
}
#endif
