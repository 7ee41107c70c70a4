// The link to the broker: a connection that has been greeted, and everything
// that makes it one a page save can rely on: it is made at first use, checked
// once per request, made anew when the broker was restarted, and left alone
// for a while when the broker is away, so that an absent broker costs
// microseconds.
//
// One per process or thread, in the module's globals, all of it plain memory
// that survives requests and bailouts. Greeting and notices are JSON, so the
// functions here may call into Zend (and nothing of theirs needs undoing when
// that leaves by longjmp: `greeting` tells the next call to start over).
#pragma once

#include <stdint.h>

#include <string_view>
#include <type_traits>

#include "bytes.h"
#include "connection.h"
#include "deadline.h"
#include "socket_path.h"

namespace rt {

enum class LinkState : uint8_t {
  kNeverTried,
  kConnected,
  kAbsent,        // nobody listens
  kNotPermitted,  // this user is not admitted
  kIncompatible,  // one of the two must be restarted
  kNotAnswering,  // somebody listens and hangs
};
[[nodiscard]] const char* Name(LinkState state);

struct Link {
  Connection connection;
  LinkState state;
  bool greeting;        // a hello exchange is under way, or was cut off
  bool new_request;     // the connection was not used in this request yet
  bool greeted_before;  // ever, so the next one is a reconnect
  uint32_t last_id;
  int64_t checked_ns;  // when notices were last looked for
  int64_t retry_ns;    // the breaker: no attempt before
  int64_t stalled_ns;  // the socket was full: no waiting before
  int64_t backoff_ms;
  // What the hello said.
  Bytes broker_version;
  int64_t broker_pid;
  uint32_t site_count;
  Bytes sites;  // each key with a zero byte behind it
  // Frames: the site chosen now, the one this connection was told, and the
  // one under construction.
  Bytes site;
  Bytes told_site;
  Bytes out;
  SocketPath path;
  ErrorText error;  // what is wrong now; empty while connected
  ErrorText lost;   // why this process lost its last event
};
static_assert(std::is_trivially_destructible_v<Link>);

void Init(Link* link);
void Destroy(Link* link);
// At a request's start and end.
void BeginRequest(Link* link);
void EndRequest(Link* link);

// Which site the next frames are for; an empty key is the only one.
struct SiteChoice {
  std::string_view key;
  std::string_view secret;
};

enum class Handed : uint8_t {
  kYes,
  kAway,       // link->error says why
  kAmbiguous,  // several sites are registered and none is chosen
};

[[nodiscard]] inline uint32_t NextId(Link* link) {
  if (++link->last_id == 0) ++link->last_id;
  return link->last_id;
}

// Hands `link->out` to the broker's socket, connecting first where needed.
// `one_site`: only if it is clear which site is meant.
[[nodiscard]] Handed SendOut(const SiteChoice& site, bool one_site,
                             Deadline deadline, Link* link);

// The answer to the request `id` that was just sent. False with link->error
// where none came; whether the broker has acted on it is not known then. The
// body lives until the next call on the link.
[[nodiscard]] bool ReceiveReply(uint32_t id, Deadline deadline, Link* link,
                                std::string_view* body);

// Is there a greeted connection? Makes one, whatever the breaker says, and
// starts no broker.
bool Probe(Deadline deadline, Link* link);

}  // namespace rt
