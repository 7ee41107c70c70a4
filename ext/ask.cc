#include "ask.h"

#include "classes.h"
#include "json.h"
#include "php_drupalrt.h"

namespace rt {
namespace {

// Takes {"result":{…}}, or throws {"error":{"code":…,"message":…}}.
Asked TakeAnswer(std::string_view body, zval* result) {
  zval answer;
  if (!DecodeJsonObject(body, &answer)) {
    ThrowException(0, "The broker's answer was not understood");
    return Asked::kThrown;
  }
  zval* found = FindArray(Z_ARRVAL(answer), "result");
  if (found != nullptr) {
    ZVAL_COPY(result, found);
    zval_ptr_dtor(&answer);
    return Asked::kAnswered;
  }
  zval* error = FindArray(Z_ARRVAL(answer), "error");
  if (error != nullptr) {
    const std::string_view message = FindString(Z_ARRVAL_P(error), "message");
    ThrowException(FindLong(Z_ARRVAL_P(error), "code", 0), "%.*s",
                   static_cast<int>(message.size()), message.data());
  } else {
    ThrowException(0, "The broker's answer has neither a result nor an error");
  }
  zval_ptr_dtor(&answer);
  return Asked::kThrown;
}

}  // namespace

Asked Ask(uint32_t id, const SiteChoice& site, bool one_site, Deadline deadline,
          zval* result) {
  Link* link = &DRUPALRT_G(link);
  switch (SendOut(site, one_site, deadline, link)) {
    case Handed::kYes:
      break;
    case Handed::kAway:
      ThrowException(0, "The broker is away: %s", link->error.text);
      return Asked::kThrown;
    case Handed::kAmbiguous:
      return Asked::kAmbiguous;
  }
  std::string_view body;
  if (!ReceiveReply(id, deadline, link, &body)) {
    ThrowException(0, "The broker may have acted on it, but %s",
                   link->error.text);
    return Asked::kThrown;
  }
  return TakeAnswer(body, result);
}

void ThrowAmbiguous() {
  zend_value_error(
      "%s(): %u sites are registered: name one by drupalrt_site() or the "
      "option \"site\"",
      get_active_function_name(), DRUPALRT_G(link).site_count);
}

}  // namespace rt
