#include "status.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/wire/link_format.h"
#include "counters.h"
#include "json.h"
#include "link.h"
#include "php_drupalrt.h"

extern "C" {
#include "ext/standard/info.h"
}

namespace rt {
namespace {

void AddText(zval* array, const char* key, std::string_view value) {
  if (value.empty()) {
    add_assoc_null(array, key);
  } else {
    add_assoc_stringl(array, key, value.data(), value.size());
  }
}

void AddCount(zval* array, const char* key,
              const std::atomic<uint64_t>& counter) {
  add_assoc_long(
      array, key,
      static_cast<zend_long>(counter.load(std::memory_order_relaxed)));
}

void AddSites(const Bytes& sites, zval* array) {
  zval list;
  array_init(&list);
  for (size_t at = 0; at < sites.size;) {
    const std::string_view key(sites.data + at);
    add_next_index_stringl(&list, key.data(), key.size());
    at += key.size() + 1;
  }
  add_assoc_zval(array, "sites", &list);
}

// Where the socket is, also before anybody has looked for it.
const char* SocketOf(const Link& link, SocketPath* path) {
  if (link.path.address.sun_path[0] != '\0') {
    return link.path.address.sun_path;
  }
  ErrorText error;
  (void)FindSocket(DRUPALRT_G(socket), path, &error);
  return path->address.sun_path;
}

// What is wrong now, else why an event was lost before.
const char* LastError(const Link& link) {
  return link.error.text[0] != '\0' ? link.error.text : link.lost.text;
}

void FillStatus(const Link& link, bool connected, zval* status) {
  const Counters& counters = SharedCounters();
  SocketPath path;
  array_init(status);
  add_assoc_string(status, "version", DRUPALRT_VERSION);
  add_assoc_long(status, "protocol", kLinkProtocol);
  add_assoc_string(status, "socket", SocketOf(link, &path));
  add_assoc_string(status, "state", Name(link.state));
  // An incompatible broker has named its version too.
  const bool known = connected || link.state == LinkState::kIncompatible;
  AddText(status, "broker_version",
          known ? link.broker_version.view() : std::string_view());
  if (connected) {
    add_assoc_long(status, "broker_pid", link.broker_pid);
  } else {
    add_assoc_null(status, "broker_pid");
  }
  AddSites(connected ? link.sites : Bytes{}, status);
  AddText(status, "site", DRUPALRT_G(site_key).view());
  AddCount(status, "published", counters.published);
  AddCount(status, "failed", counters.failed);
  AddCount(status, "reconnects", counters.reconnects);
  AddText(status, "last_error", LastError(link));
}

void PrintCount(const char* name, const std::atomic<uint64_t>& counter) {
  char text[24];
  snprintf(text, sizeof(text), "%" PRIu64,
           counter.load(std::memory_order_relaxed));
  php_info_print_table_row(2, name, text);
}

}  // namespace

void PrintStatusRows() {
  const Link& link = DRUPALRT_G(link);
  const Counters& counters = SharedCounters();
  SocketPath path;
  php_info_print_table_row(2, "Broker's socket", SocketOf(link, &path));
  php_info_print_table_row(2, "Connection", Name(link.state));
  const char* error = LastError(link);
  if (error[0] != '\0') php_info_print_table_row(2, "Last error", error);
  PrintCount("Events published", counters.published);
  PrintCount("Events lost", counters.failed);
  PrintCount("Reconnects", counters.reconnects);
}

}  // namespace rt

ZEND_FUNCTION(drupalrt_status) {
  ZEND_PARSE_PARAMETERS_NONE();
  rt::Link* link = &DRUPALRT_G(link);
  const bool connected =
      rt::Probe(rt::Deadline::In(DRUPALRT_G(timeout_ms)), link);
  rt::FillStatus(*link, connected, return_value);
}
