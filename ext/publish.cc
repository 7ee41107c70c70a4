// drupalrt_publish(), drupalrt_broadcast(), drupalrt_publish_confirmed().
//
// Each has the same three parts: check and encode (calls into Zend, may throw
// or leave for good), build the frame in the link's own buffer, hand it over.
// User code runs in the first part alone, so a jsonSerialize() that publishes
// itself is done with that buffer before the outer event needs it.
#include "ask.h"
#include "channel.h"
#include "classes.h"
#include "core/wire/link_format.h"
#include "counters.h"
#include "json.h"
#include "link.h"
#include "options.h"
#include "php_drupalrt.h"
#include "site.h"

namespace rt {
namespace {

// What a publish function was given, checked and encoded.
struct Event {
  zend_string* channel;  // or
  HashTable* channels;
  smart_str data;
  PublishOptions options;
};
static_assert(std::is_trivially_destructible_v<Event>);

void FreeEvent(Event* event) {
  smart_str_free(&event->data);
  FreeOptions(&event->options);
}

bool CheckChannels(HashTable* channels) {
  const uint32_t count = zend_hash_num_elements(channels);
  if (count == 0 || count > kLinkMaxChannels) {
    zend_argument_value_error(1, "must hold 1 to %u channels, %u given",
                              unsigned{kLinkMaxChannels}, count);
    return false;
  }
  zval* channel;
  ZEND_HASH_FOREACH_VAL(channels, channel) {
    ZVAL_DEREF(channel);
    if (Z_TYPE_P(channel) != IS_STRING) {
      zend_argument_type_error(1, "must hold strings only, %s given",
                               zend_zval_type_name(channel));
      return false;
    }
    const char* fault = ChannelFault(View(Z_STR_P(channel)));
    if (fault != nullptr) {
      zend_argument_value_error(1, "holds a channel that %s", fault);
      return false;
    }
  }
  ZEND_HASH_FOREACH_END();
  return true;
}

bool EncodeData(zval* data, Event* event) {
  if (!EncodeJson(data, 0, &event->data)) return false;
  const size_t bytes = View(event->data).size();
  if (bytes <= kLinkMaxDataBytes) return true;
  zend_argument_value_error(2,
                            "must be 1 MiB at most when encoded, %zu bytes "
                            "given",
                            bytes);
  return false;
}

// False with an exception thrown, and nothing left to free.
bool Prepare(zval* data, HashTable* options, Event* event) {
  if (!ReadOptions(3, options, &event->options)) return false;
  if (EncodeData(data, event)) return true;
  FreeEvent(event);
  return false;
}

bool BuildFrame(const Event& event, uint32_t id, Bytes* out) {
  const std::string_view data = View(event.data);
  out->size = 0;
  PublishFrame frame = BeginPublish(event.options.flags, id, data.size(), out);
  if (event.channel != nullptr) {
    AddChannel(View(event.channel), &frame, out);
  } else {
    zval* channel;
    ZEND_HASH_FOREACH_VAL(event.channels, channel) {
      ZVAL_DEREF(channel);
      AddChannel(View(Z_STR_P(channel)), &frame, out);
    }
    ZEND_HASH_FOREACH_END();
  }
  if (FinishPublish(frame, data, View(event.options.json), out)) return true;
  zend_argument_value_error(3,
                            "must be shorter: the event with its channels "
                            "and options is 2 MiB at most");
  return false;
}

Deadline DeadlineOf(const Event& event) {
  const zend_long own = event.options.timeout_ms;
  return Deadline::In(own > 0 ? own : DRUPALRT_G(timeout_ms));
}

// The asynchronous two. Frees the event.
void Publish(Event* event, zval* return_value) {
  Link* link = &DRUPALRT_G(link);
  if (!BuildFrame(*event, 0, &link->out)) return FreeEvent(event);
  const Handed handed =
      SendOut(ChooseSite(event->options.site), true, DeadlineOf(*event), link);
  FreeEvent(event);
  switch (handed) {
    case Handed::kYes:
      Count(&SharedCounters().published);
      RETURN_TRUE;
    case Handed::kAway:
      link->lost = link->error;
      ReportLost(link->error.text);
      RETURN_FALSE;
    case Handed::kAmbiguous:
      ThrowAmbiguous();
  }
}

// The one that waits. Frees the event.
void PublishConfirmed(Event* event, zval* return_value) {
  Link* link = &DRUPALRT_G(link);
  const uint32_t id = NextId(link);
  if (!BuildFrame(*event, id, &link->out)) return FreeEvent(event);
  zval result;
  const Asked asked = Ask(id, ChooseSite(event->options.site), true,
                          DeadlineOf(*event), &result);
  FreeEvent(event);
  if (asked == Asked::kAmbiguous) return ThrowAmbiguous();
  if (asked == Asked::kThrown) {
    Count(&SharedCounters().failed);
    return;
  }
  Count(&SharedCounters().published);
  HashTable* receipt = Z_ARRVAL(result);
  MakeReceipt(FindLong(receipt, "offset", 0), FindString(receipt, "epoch"),
              FindLong(receipt, "receivers", 0), return_value);
  zval_ptr_dtor(&result);
}

}  // namespace
}  // namespace rt

ZEND_FUNCTION(drupalrt_publish) {
  rt::Event event{};
  zval* data;
  HashTable* options = nullptr;
  ZEND_PARSE_PARAMETERS_START(2, 3)
  Z_PARAM_STR(event.channel)
  Z_PARAM_ZVAL(data)
  Z_PARAM_OPTIONAL
  Z_PARAM_ARRAY_HT(options)
  ZEND_PARSE_PARAMETERS_END();

  if (!rt::CheckChannel(1, event.channel)) RETURN_THROWS();
  if (!rt::Prepare(data, options, &event)) RETURN_THROWS();
  rt::Publish(&event, return_value);
}

ZEND_FUNCTION(drupalrt_broadcast) {
  rt::Event event{};
  zval* data;
  HashTable* options = nullptr;
  ZEND_PARSE_PARAMETERS_START(2, 3)
  Z_PARAM_ARRAY_HT(event.channels)
  Z_PARAM_ZVAL(data)
  Z_PARAM_OPTIONAL
  Z_PARAM_ARRAY_HT(options)
  ZEND_PARSE_PARAMETERS_END();

  if (!rt::Prepare(data, options, &event)) RETURN_THROWS();
  // Last: user code that ran while the data was encoded may have changed what
  // a reference in the array points to.
  if (!rt::CheckChannels(event.channels)) {
    rt::FreeEvent(&event);
    RETURN_THROWS();
  }
  rt::Publish(&event, return_value);
}

ZEND_FUNCTION(drupalrt_publish_confirmed) {
  rt::Event event{};
  zval* data;
  HashTable* options = nullptr;
  ZEND_PARSE_PARAMETERS_START(2, 3)
  Z_PARAM_STR(event.channel)
  Z_PARAM_ZVAL(data)
  Z_PARAM_OPTIONAL
  Z_PARAM_ARRAY_HT(options)
  ZEND_PARSE_PARAMETERS_END();

  if (!rt::CheckChannel(1, event.channel)) RETURN_THROWS();
  if (!rt::Prepare(data, options, &event)) RETURN_THROWS();
  rt::PublishConfirmed(&event, return_value);
}
