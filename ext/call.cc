// drupalrt_call(): the broker's API over the same socket.
#include "ask.h"
#include "core/wire/link_format.h"
#include "json.h"
#include "link.h"
#include "method.h"
#include "php_drupalrt.h"
#include "site.h"

namespace rt {
namespace {

bool CheckParams(zval* params) {
  if (params == nullptr || zend_hash_num_elements(Z_ARRVAL_P(params)) == 0 ||
      !zend_array_is_list(Z_ARRVAL_P(params))) {
    return true;
  }
  zend_argument_value_error(2, "must have string keys");
  return false;
}

void Call(zend_string* method, zval* params, zval* return_value) {
  Link* link = &DRUPALRT_G(link);
  zval name;
  ZVAL_STR(&name, method);
  smart_str body{};
  if (!EncodeCall(&name, params, 2, &body)) return smart_str_free(&body);
  const uint32_t id = NextId(link);
  link->out.size = 0;
  AppendFrame(kLinkCall, id, View(body), &link->out);
  smart_str_free(&body);
  // Which site a call is for is the broker's to judge: some are for none.
  if (Ask(id, ChooseSite(nullptr), false, Deadline::In(DRUPALRT_G(timeout_ms)),
          return_value) != Asked::kAnswered) {
    ZVAL_NULL(return_value);
  }
}

}  // namespace
}  // namespace rt

ZEND_FUNCTION(drupalrt_call) {
  zend_string* method;
  zval* params = nullptr;
  ZEND_PARSE_PARAMETERS_START(1, 2)
  Z_PARAM_STR(method)
  Z_PARAM_OPTIONAL
  Z_PARAM_ARRAY(params)
  ZEND_PARSE_PARAMETERS_END();

  if (ZSTR_LEN(method) == 0) {
    zend_argument_value_error(1, "must not be empty");
    RETURN_THROWS();
  }
  if (!rt::CheckParams(params)) RETURN_THROWS();
  rt::Call(method, params, return_value);
}
