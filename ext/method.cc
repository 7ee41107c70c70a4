#include "method.h"

#include "ask.h"
#include "channel.h"
#include "core/wire/link_format.h"
#include "json.h"
#include "link.h"
#include "option.h"
#include "php_drupalrt.h"
#include "site.h"
#include "utf8.h"

namespace rt {
namespace {

bool Fault(const Option& option, const char* fault) {
  zend_argument_value_error(option.argument, "option \"%s\" %s", option.name,
                            fault);
  return false;
}

// "must …" where the text will not do, else null.
const char* TextFault(OptionKind kind, const zend_string* text) {
  if (kind == OptionKind::kChannel || kind == OptionKind::kChannels) {
    return ChannelFault(View(text));
  }
  if (kind == OptionKind::kName && ZSTR_LEN(text) == 0) {
    return "must not be empty";
  }
  return IsUtf8(View(text)) ? nullptr : "must be valid UTF-8";
}

void Keep(std::string_view key, zval* value, zval* params) {
  Z_TRY_ADDREF_P(value);
  add_assoc_zval_ex(params, key.data(), key.size(), value);
}

bool AddText(const Option& option, OptionKind kind, zval* params) {
  if (!CheckString(option)) return false;
  const char* fault = TextFault(kind, Z_STR_P(option.value));
  if (fault != nullptr) return Fault(option, fault);
  Keep(option.name, option.value, params);
  return true;
}

// Whatever the keys are, the broker gets a list.
bool AddTexts(const Option& option, OptionKind kind, zval* params) {
  if (Z_TYPE_P(option.value) != IS_ARRAY) return WrongType(option, "string[]");
  zval* text;
  ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(option.value), text) {
    ZVAL_DEREF(text);
    if (Z_TYPE_P(text) != IS_STRING) {
      zend_argument_type_error(option.argument,
                               "option \"%s\" must hold strings only, %s given",
                               option.name, zend_zval_type_name(text));
      return false;
    }
    const char* fault = TextFault(kind, Z_STR_P(text));
    if (fault == nullptr) continue;
    zend_argument_value_error(option.argument,
                              "option \"%s\" holds a string that %s",
                              option.name, fault);
    return false;
  }
  ZEND_HASH_FOREACH_END();
  zval list;
  array_init_size(&list, zend_hash_num_elements(Z_ARRVAL_P(option.value)));
  ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(option.value), text) {
    ZVAL_DEREF(text);
    Z_TRY_ADDREF_P(text);
    add_next_index_zval(&list, text);
  }
  ZEND_HASH_FOREACH_END();
  add_assoc_zval(params, option.name, &list);
  return true;
}

bool AddPosition(const Option& option, zval* params) {
  const char* expected = "array{offset: int, epoch: string}";
  if (Z_TYPE_P(option.value) != IS_ARRAY) return WrongType(option, expected);
  HashTable* given = Z_ARRVAL_P(option.value);
  zval* offset = zend_hash_str_find(given, ZEND_STRL("offset"));
  zval* epoch = zend_hash_str_find(given, ZEND_STRL("epoch"));
  if (offset != nullptr) ZVAL_DEREF(offset);
  if (epoch != nullptr) ZVAL_DEREF(epoch);
  if (offset == nullptr || Z_TYPE_P(offset) != IS_LONG || epoch == nullptr ||
      Z_TYPE_P(epoch) != IS_STRING || zend_hash_num_elements(given) != 2) {
    return Fault(option, "must be array{offset: int, epoch: string}");
  }
  if (Z_LVAL_P(offset) < 0) {
    return Fault(option, "must have an offset of 0 or more");
  }
  if (!IsUtf8(View(Z_STR_P(epoch)))) {
    return Fault(option, "must be valid UTF-8");
  }
  zval position;
  array_init_size(&position, 2);
  Keep("offset", offset, &position);
  Keep("epoch", epoch, &position);
  add_assoc_zval(params, option.name, &position);
  return true;
}

bool AddMap(const Option& option, zval* params) {
  if (Z_TYPE_P(option.value) != IS_ARRAY) {
    return WrongType(option, "array<string, mixed>");
  }
  // An empty one would be encoded as a list.
  if (zend_hash_num_elements(Z_ARRVAL_P(option.value)) == 0) return true;
  if (zend_array_is_list(Z_ARRVAL_P(option.value))) {
    return Fault(option, "must have string keys");
  }
  Keep(option.name, option.value, params);
  return true;
}

bool AddOption(const OptionRule& rule, const Option& option, zval* params) {
  switch (rule.kind) {
    case OptionKind::kBool:
      if (!CheckBool(option)) return false;
      break;
    case OptionKind::kInt: {
      zend_long number;
      if (!ReadInt(option, rule.least, &number)) return false;
      break;
    }
    case OptionKind::kString:
    case OptionKind::kName:
    case OptionKind::kChannel:
      return AddText(option, rule.kind, params);
    case OptionKind::kStrings:
    case OptionKind::kChannels:
      return AddTexts(option, rule.kind, params);
    case OptionKind::kPosition:
      return AddPosition(option, params);
    case OptionKind::kMap:
      return AddMap(option, params);
    case OptionKind::kJson:
      break;
  }
  Keep(option.name, option.value, params);
  return true;
}

}  // namespace

void Begin(uint32_t options_argument, MethodCall* call) {
  *call = MethodCall{};
  call->argument = options_argument;
  array_init(&call->params);
}

void Free(MethodCall* call) {
  zval_ptr_dtor(&call->params);
  if (call->site != nullptr) zend_string_release(call->site);
  call->site = nullptr;
}

void AddParam(std::string_view name, const zend_string* value,
              MethodCall* call) {
  add_assoc_stringl_ex(&call->params, name.data(), name.size(), ZSTR_VAL(value),
                       ZSTR_LEN(value));
}

bool AddChannel(uint32_t argument, const zend_string* channel,
                MethodCall* call) {
  if (!CheckChannel(argument, channel)) return false;
  AddParam("channel", channel, call);
  return true;
}

bool AddUser(uint32_t argument, const zend_string* text, zend_long number,
             MethodCall* call) {
  if (text == nullptr && number < 0) {
    zend_argument_value_error(argument, "must be 0 or more");
    return false;
  }
  if (text != nullptr && !IsUtf8(View(text))) {
    zend_argument_value_error(argument, "must be valid UTF-8");
    return false;
  }
  const bool visitor = text != nullptr ? View(text) == "0" : number == 0;
  if (visitor) {
    add_assoc_stringl(&call->params, "user", "", 0);
  } else if (text != nullptr) {
    AddParam("user", text, call);
  } else {
    add_assoc_str(&call->params, "user", zend_long_to_str(number));
  }
  return true;
}

bool AddOptions(HashTable* options, const OptionRule* rules, size_t count,
                MethodCall* call) {
  return ForEachOption(call->argument, options,
                       [&](std::string_view key, const Option& option) {
                         if (key == "timeout_ms")
                           return ReadInt(option, 1, &call->timeout_ms);
                         if (key == "site")
                           return ReadSite(option, &call->site);
                         for (size_t i = 0; i < count; ++i) {
                           if (key == rules[i].name) {
                             return AddOption(rules[i], option, &call->params);
                           }
                         }
                         return UnknownOption(option.argument, option.name);
                       });
}

bool EncodeCall(zval* method, zval* params, uint32_t argument,
                smart_str* body) {
  smart_str_appends(body, "{\"method\":");
  if (!EncodeJson(method, 0, body)) return false;
  smart_str_appends(body, ",\"params\":");
  const bool empty =
      params == nullptr || zend_hash_num_elements(Z_ARRVAL_P(params)) == 0;
  if (empty) {
    smart_str_appends(body, "{}");
  } else if (!EncodeJson(params, 0, body)) {
    return false;
  }
  smart_str_appendc(body, '}');
  smart_str_0(body);
  if (View(*body).size() <= kLinkMaxBodyBytes) return true;
  zend_argument_value_error(argument, "must be 2 MiB at most when encoded");
  return false;
}

bool Perform(std::string_view method, const MethodCall& call, zval* result) {
  zval name;
  zval params;
  ZVAL_STRINGL(&name, method.data(), method.size());
  ZVAL_COPY_VALUE(&params, &call.params);
  smart_str body{};
  const bool encoded = EncodeCall(&name, &params, call.argument, &body);
  zval_ptr_dtor(&name);
  if (!encoded) {
    smart_str_free(&body);
    return false;
  }
  Link* link = &DRUPALRT_G(link);
  const uint32_t id = NextId(link);
  link->out.size = 0;
  AppendFrame(kLinkCall, id, View(body), &link->out);
  smart_str_free(&body);
  const zend_long own = call.timeout_ms;
  const Deadline deadline =
      Deadline::In(own > 0 ? own : DRUPALRT_G(timeout_ms));
  const Asked asked = Ask(id, ChooseSite(call.site), true, deadline, result);
  if (asked == Asked::kAmbiguous) ThrowAmbiguous();
  return asked == Asked::kAnswered;
}

}  // namespace rt
