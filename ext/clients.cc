// What the server does to clients that are connected: drupalrt_subscribe(),
// drupalrt_unsubscribe() and drupalrt_disconnect().
#include "method.h"
#include "php_drupalrt.h"

namespace rt {
namespace {

constexpr OptionRule kSubscribeOptions[] = {
    {"client", OptionKind::kName},
    {"session", OptionKind::kName},
    {"info", OptionKind::kJson},
    {"data", OptionKind::kJson},
    {"expire_at", OptionKind::kInt, 0},
    {"presence", OptionKind::kBool},
    {"join_leave", OptionKind::kBool},
    {"force_push_join_leave", OptionKind::kBool},
    {"force_positioning", OptionKind::kBool},
    {"force_recovery", OptionKind::kBool},
    {"recover_since", OptionKind::kPosition},
};

constexpr OptionRule kUnsubscribeOptions[] = {
    {"client", OptionKind::kName},
    {"session", OptionKind::kName},
    {"code", OptionKind::kInt, 0},
    {"reason", OptionKind::kString},
};

constexpr OptionRule kDisconnectOptions[] = {
    {"client", OptionKind::kName},       {"session", OptionKind::kName},
    {"whitelist", OptionKind::kStrings}, {"code", OptionKind::kInt, 0},
    {"reason", OptionKind::kString},
};

// False with an exception thrown. The answer says nothing but that.
bool PerformAndForget(std::string_view method, const MethodCall& call) {
  zval answer;
  if (!Perform(method, call, &answer)) return false;
  zval_ptr_dtor(&answer);
  return true;
}

}  // namespace
}  // namespace rt

ZEND_FUNCTION(drupalrt_subscribe) {
  zend_string* user;
  zend_long uid = 0;
  zend_string* channel;
  HashTable* options = nullptr;
  ZEND_PARSE_PARAMETERS_START(2, 3)
  Z_PARAM_STR_OR_LONG(user, uid)
  Z_PARAM_STR(channel)
  Z_PARAM_OPTIONAL
  Z_PARAM_ARRAY_HT(options)
  ZEND_PARSE_PARAMETERS_END();

  rt::MethodCall call;
  rt::Begin(3, &call);
  (void)(rt::AddUser(1, user, uid, &call) &&
         rt::AddChannel(2, channel, &call) &&
         rt::AddOptions(options, rt::kSubscribeOptions, &call) &&
         rt::PerformAndForget("subscribe", call));
  rt::Free(&call);
}

ZEND_FUNCTION(drupalrt_unsubscribe) {
  zend_string* user;
  zend_long uid = 0;
  zend_string* channel;
  HashTable* options = nullptr;
  ZEND_PARSE_PARAMETERS_START(2, 3)
  Z_PARAM_STR_OR_LONG(user, uid)
  Z_PARAM_STR(channel)
  Z_PARAM_OPTIONAL
  Z_PARAM_ARRAY_HT(options)
  ZEND_PARSE_PARAMETERS_END();

  rt::MethodCall call;
  rt::Begin(3, &call);
  (void)(rt::AddUser(1, user, uid, &call) &&
         rt::AddChannel(2, channel, &call) &&
         rt::AddOptions(options, rt::kUnsubscribeOptions, &call) &&
         rt::PerformAndForget("unsubscribe", call));
  rt::Free(&call);
}

ZEND_FUNCTION(drupalrt_disconnect) {
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
  (void)(rt::AddUser(1, user, uid, &call) &&
         rt::AddOptions(options, rt::kDisconnectOptions, &call) &&
         rt::PerformAndForget("disconnect", call));
  rt::Free(&call);
}
