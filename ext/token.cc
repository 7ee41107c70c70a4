// drupalrt_token(): tokens that the broker mints, because it alone holds the
// site's secrets.
#include "classes.h"
#include "json.h"
#include "method.h"
#include "php_drupalrt.h"

namespace rt {
namespace {

constexpr OptionRule kTokenOptions[] = {
    {"ttl", OptionKind::kInt, 1},        {"info", OptionKind::kJson},
    {"channel", OptionKind::kChannel},   {"client", OptionKind::kName},
    {"channels", OptionKind::kChannels}, {"meta", OptionKind::kMap},
};

// An option of the one kind of token says nothing in the other.
bool CheckKind(const MethodCall& call) {
  HashTable* params = Z_ARRVAL(call.params);
  const auto has = [params](std::string_view name) {
    return zend_hash_str_exists(params, name.data(), name.size());
  };
  if (!has("channel")) {
    if (!has("client")) return true;
    zend_argument_value_error(call.argument,
                              "option \"client\" is of subscription tokens, "
                              "which have a \"channel\"");
    return false;
  }
  for (const char* name : {"channels", "meta"}) {
    if (!has(name)) continue;
    zend_argument_value_error(call.argument,
                              "option \"%s\" is of connection tokens, which "
                              "have no \"channel\"",
                              name);
    return false;
  }
  return true;
}

}  // namespace
}  // namespace rt

ZEND_FUNCTION(drupalrt_token) {
  zend_string* user;
  zend_long uid = 0;
  HashTable* options = nullptr;
  ZEND_PARSE_PARAMETERS_START(1, 2)
  Z_PARAM_STR_OR_LONG(user, uid)
  Z_PARAM_OPTIONAL
  Z_PARAM_ARRAY_HT(options)
  ZEND_PARSE_PARAMETERS_END();

  rt::MethodCall call;
  rt::Begin(2, &call);
  zval answer;
  const bool answered = rt::AddUser(1, user, uid, &call) &&
                        rt::AddOptions(options, rt::kTokenOptions, &call) &&
                        rt::CheckKind(call) &&
                        rt::Perform("token", call, &answer);
  rt::Free(&call);
  if (!answered) RETURN_THROWS();
  const std::string_view token = rt::FindString(Z_ARRVAL(answer), "token");
  if (token.empty()) {
    rt::ThrowException(0, "The broker's answer has no token");
  } else {
    RETVAL_STRINGL(token.data(), token.size());
  }
  zval_ptr_dtor(&answer);
}
