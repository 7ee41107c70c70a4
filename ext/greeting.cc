#include "greeting.h"

#include <stdio.h>
#include <unistd.h>

#include "SAPI.h"
#include "json.h"
#include "php_drupalrt.h"

namespace rt {
namespace {

bool Fail(LinkState state, Link* link) {
  link->state = state;
  return false;
}

// A text of the broker's, cut to what an error line holds.
int Cut(std::string_view text) {
  return static_cast<int>(text.size() < 160 ? text.size() : 160);
}

void AppendHello(Link* link, Bytes* out) {
  char hello[256];
  const int length =
      snprintf(hello, sizeof(hello),
               R"({"version":"%s","protocol":%u,"sapi":"%s","pid":%ld})",
               DRUPALRT_VERSION, unsigned{kLinkProtocol}, sapi_module.name,
               static_cast<long>(getpid()));
  AppendFrame(kLinkHello, NextId(link), {hello, static_cast<size_t>(length)},
              out);
}

bool TakeSites(HashTable* object, Link* link) {
  zval* sites = FindArray(object, "sites");
  if (sites == nullptr) return false;
  link->sites.size = 0;
  link->site_count = 0;
  zval* site;
  ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(sites), site) {
    if (Z_TYPE_P(site) != IS_STRING) continue;
    Append(&link->sites, View(Z_STR_P(site)));
    AppendU8(&link->sites, 0);
    ++link->site_count;
  }
  ZEND_HASH_FOREACH_END();
  return true;
}

// Says which of the two to restart: the one that speaks the older protocol.
bool Incompatible(std::string_view version, zend_long protocol, Link* link) {
  const bool broker_is_older = protocol < zend_long{kLinkProtocol};
  SetError(&link->error,
           "the broker (drupalrtd %.*s, protocol %ld) is %s than PHP's "
           "extension (drupalrt %s, protocol %u): restart %s",
           Cut(version), version.data(), static_cast<long>(protocol),
           broker_is_older ? "older" : "newer", DRUPALRT_VERSION,
           unsigned{kLinkProtocol}, broker_is_older ? "the broker" : "PHP");
  return Fail(LinkState::kIncompatible, link);
}

bool TakeHello(std::string_view body, Link* link) {
  zval hello;
  if (!DecodeJsonObject(body, &hello)) {
    SetError(&link->error, "the broker's greeting was not understood");
    return Fail(LinkState::kNotAnswering, link);
  }
  HashTable* object = Z_ARRVAL(hello);
  const zend_long protocol = FindLong(object, "protocol", 0);
  const std::string_view version = FindString(object, "version");
  Assign(&link->broker_version, version);
  link->broker_pid = FindLong(object, "pid", 0);
  bool good = protocol == zend_long{kLinkProtocol};
  if (!good) {
    Incompatible(version, protocol, link);
  } else if (!TakeSites(object, link)) {
    SetError(&link->error, "the broker's greeting names no sites");
    good = Fail(LinkState::kNotAnswering, link);
  }
  zval_ptr_dtor(&hello);
  return good;
}

LinkState StateAfter(zend_long goodbye) {
  switch (goodbye) {
    case kLinkGoodbyeNotPermitted:
      return LinkState::kNotPermitted;
    case kLinkGoodbyeIncompatible:
      return LinkState::kIncompatible;
    case kLinkGoodbyeMalformed:
      return LinkState::kNotAnswering;
    default:
      return LinkState::kAbsent;
  }
}

bool TakeGoodbye(std::string_view body, Link* link) {
  zval goodbye;
  if (!DecodeJsonObject(body, &goodbye)) {
    SetError(&link->error, "the broker said goodbye");
    return Fail(LinkState::kAbsent, link);
  }
  HashTable* object = Z_ARRVAL(goodbye);
  const LinkState state =
      StateAfter(FindLong(object, "code", kLinkGoodbyeShutdown));
  const std::string_view reason = FindString(object, "reason");
  SetError(&link->error, "the broker said goodbye: %.*s", Cut(reason),
           reason.data());
  zval_ptr_dtor(&goodbye);
  return Fail(state, link);
}

}  // namespace

bool Greet(Deadline deadline, Link* link) {
  Bytes hello{};
  AppendHello(link, &hello);
  bool torn;
  // Also where it could not be sent: the broker may have said why not.
  (void)Send(hello.view(), {}, deadline, &link->connection, &torn);
  Release(&hello);
  Frame frame;
  for (;;) {
    switch (Receive(deadline, &link->connection, &frame)) {
      case Io::kOk:
        break;
      case Io::kTimeout:
        SetError(&link->error,
                 "the broker at %s does not answer in time (it hangs, or "
                 "drupalrt.timeout_ms is too short)",
                 link->path.address.sun_path);
        return Fail(LinkState::kNotAnswering, link);
      case Io::kClosed:
        SetError(&link->error, "%s closed the connection without a greeting",
                 link->path.address.sun_path);
        return Fail(LinkState::kNotAnswering, link);
      case Io::kMalformed:
        SetError(&link->error, "%s does not speak the broker's protocol",
                 link->path.address.sun_path);
        return Fail(LinkState::kNotAnswering, link);
    }
    if (frame.type == kLinkHelloReply) return TakeHello(frame.body, link);
    if (!TakeNotice(frame, link)) return false;
  }
}

bool TakeNotice(const Frame& frame, Link* link) {
  if (frame.type == kLinkGoodbye) return TakeGoodbye(frame.body, link);
  // Answers that somebody has stopped waiting for are dropped here.
  if (frame.type != kLinkSites) return true;
  zval notice;
  if (DecodeJsonObject(frame.body, &notice)) {
    (void)TakeSites(Z_ARRVAL(notice), link);
    zval_ptr_dtor(&notice);
  }
  return true;
}

}  // namespace rt
