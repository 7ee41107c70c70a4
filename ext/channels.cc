// What the broker knows of channels: drupalrt_presence(),
// drupalrt_presence_stats(), drupalrt_history() and drupalrt_channels().
#include <string.h>

#include <iterator>

#include "json.h"
#include "method.h"
#include "php_drupalrt.h"
#include "utf8.h"

namespace rt {
namespace {

constexpr OptionRule kHistoryOptions[] = {
    {"limit", OptionKind::kInt},
    {"since", OptionKind::kPosition},
    {"reverse", OptionKind::kBool},
};

// `result` is freed by the caller where this is true.
bool AskAbout(std::string_view method, const zend_string* channel,
              HashTable* options, const OptionRule* rules, size_t count,
              zval* result) {
  MethodCall call;
  Begin(2, &call);
  const bool answered = AddChannel(1, channel, &call) &&
                        AddOptions(options, rules, count, &call) &&
                        Perform(method, call, result);
  Free(&call);
  return answered;
}

void AddText(const char* key, std::string_view text, zval* array) {
  add_assoc_stringl(array, key, text.data(), text.size());
}

// What the answer holds under the key, if it holds it.
void AddIfThere(const char* key, HashTable* answer, zval* array) {
  zval* found = zend_hash_str_find(answer, key, strlen(key));
  if (found == nullptr) return;
  Z_TRY_ADDREF_P(found);
  add_assoc_zval(array, key, found);
}

// An empty user is left out on the wire.
void FillPresence(HashTable* answer, zval* presence) {
  array_init(presence);
  zval* clients = FindArray(answer, "presence");
  if (clients == nullptr) return;
  zend_ulong index;
  zend_string* id;
  zval* found;
  ZEND_HASH_FOREACH_KEY_VAL(Z_ARRVAL_P(clients), index, id, found) {
    if (Z_TYPE_P(found) != IS_ARRAY) continue;
    zval client;
    array_init_size(&client, 4);
    AddText("user", FindString(Z_ARRVAL_P(found), "user"), &client);
    AddText("client", FindString(Z_ARRVAL_P(found), "client"), &client);
    AddIfThere("conn_info", Z_ARRVAL_P(found), &client);
    AddIfThere("chan_info", Z_ARRVAL_P(found), &client);
    if (id != nullptr) {
      zend_symtable_update(Z_ARRVAL_P(presence), id, &client);
    } else {
      zend_hash_index_update(Z_ARRVAL_P(presence), index, &client);
    }
  }
  ZEND_HASH_FOREACH_END();
}

void FillPublications(HashTable* answer, zval* history) {
  zval list;
  array_init(&list);
  zval* publications = FindArray(answer, "publications");
  if (publications != nullptr) {
    zval* found;
    ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(publications), found) {
      if (Z_TYPE_P(found) != IS_ARRAY) continue;
      zval publication;
      array_init_size(&publication, 4);
      add_assoc_null(&publication, "data");
      AddIfThere("data", Z_ARRVAL_P(found), &publication);
      add_assoc_long(&publication, "offset",
                     FindLong(Z_ARRVAL_P(found), "offset", 0));
      AddIfThere("tags", Z_ARRVAL_P(found), &publication);
      AddIfThere("info", Z_ARRVAL_P(found), &publication);
      add_next_index_zval(&list, &publication);
    }
    ZEND_HASH_FOREACH_END();
  }
  add_assoc_zval(history, "publications", &list);
}

}  // namespace
}  // namespace rt

ZEND_FUNCTION(drupalrt_presence) {
  zend_string* channel;
  HashTable* options = nullptr;
  ZEND_PARSE_PARAMETERS_START(1, 2)
  Z_PARAM_STR(channel)
  Z_PARAM_OPTIONAL
  Z_PARAM_ARRAY_HT(options)
  ZEND_PARSE_PARAMETERS_END();

  zval answer;
  if (!rt::AskAbout("presence", channel, options, nullptr, 0, &answer)) {
    RETURN_THROWS();
  }
  rt::FillPresence(Z_ARRVAL(answer), return_value);
  zval_ptr_dtor(&answer);
}

ZEND_FUNCTION(drupalrt_presence_stats) {
  zend_string* channel;
  HashTable* options = nullptr;
  ZEND_PARSE_PARAMETERS_START(1, 2)
  Z_PARAM_STR(channel)
  Z_PARAM_OPTIONAL
  Z_PARAM_ARRAY_HT(options)
  ZEND_PARSE_PARAMETERS_END();

  zval answer;
  if (!rt::AskAbout("presence_stats", channel, options, nullptr, 0, &answer)) {
    RETURN_THROWS();
  }
  array_init_size(return_value, 2);
  for (const char* key : {"num_clients", "num_users"}) {
    add_assoc_long(return_value, key, rt::FindLong(Z_ARRVAL(answer), key, 0));
  }
  zval_ptr_dtor(&answer);
}

ZEND_FUNCTION(drupalrt_history) {
  zend_string* channel;
  HashTable* options = nullptr;
  ZEND_PARSE_PARAMETERS_START(1, 2)
  Z_PARAM_STR(channel)
  Z_PARAM_OPTIONAL
  Z_PARAM_ARRAY_HT(options)
  ZEND_PARSE_PARAMETERS_END();

  zval answer;
  if (!rt::AskAbout("history", channel, options, rt::kHistoryOptions,
                    std::size(rt::kHistoryOptions), &answer)) {
    RETURN_THROWS();
  }
  array_init_size(return_value, 3);
  rt::FillPublications(Z_ARRVAL(answer), return_value);
  rt::AddText("epoch", rt::FindString(Z_ARRVAL(answer), "epoch"), return_value);
  add_assoc_long(return_value, "offset",
                 rt::FindLong(Z_ARRVAL(answer), "offset", 0));
  zval_ptr_dtor(&answer);
}

ZEND_FUNCTION(drupalrt_channels) {
  zend_string* pattern = nullptr;
  HashTable* options = nullptr;
  ZEND_PARSE_PARAMETERS_START(0, 2)
  Z_PARAM_OPTIONAL
  Z_PARAM_STR(pattern)
  Z_PARAM_ARRAY_HT(options)
  ZEND_PARSE_PARAMETERS_END();

  if (pattern != nullptr && !rt::IsUtf8(rt::View(pattern))) {
    zend_argument_value_error(1, "must be valid UTF-8");
    RETURN_THROWS();
  }
  rt::MethodCall call;
  rt::Begin(2, &call);
  if (pattern != nullptr && ZSTR_LEN(pattern) > 0) {
    rt::AddParam("pattern", pattern, &call);
  }
  zval answer;
  const bool answered =
      rt::AddOptions(options, &call) && rt::Perform("channels", call, &answer);
  rt::Free(&call);
  if (!answered) RETURN_THROWS();
  zval* channels = rt::FindArray(Z_ARRVAL(answer), "channels");
  if (channels != nullptr) {
    ZVAL_COPY(return_value, channels);
  } else {
    array_init(return_value);
  }
  zval_ptr_dtor(&answer);
}
