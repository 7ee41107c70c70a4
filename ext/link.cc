#include "link.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "autostart.h"
#include "counters.h"
#include "greeting.h"
#include "php_drupalrt.h"

namespace rt {
namespace {

constexpr int64_t kCheckEveryNs = 100 * kNsPerMs;
constexpr int64_t kFirstBackoffMs = 1'000;
constexpr int64_t kLastBackoffMs = 10'000;
// A broker that is being started is looked for again this soon.
constexpr int64_t kStartingMs = 50;
constexpr size_t kKeptBytes = 64 * 1024;

void Drop(Link* link) {
  Close(&link->connection);
  link->told_site.size = 0;
  link->stalled_ns = 0;
}

void OpenBreaker(Link* link) {
  link->backoff_ms =
      link->backoff_ms == 0 ? kFirstBackoffMs : link->backoff_ms * 2;
  if (link->backoff_ms > kLastBackoffMs) link->backoff_ms = kLastBackoffMs;
  link->retry_ns = NowNs() + link->backoff_ms * kNsPerMs;
}

void TakeOpenError(int error, Link* link) {
  const char* path = link->path.address.sun_path;
  switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ECONNREFUSED:
      link->state = LinkState::kAbsent;
      SetError(&link->error, "no broker listens at %s", path);
      return;
    case EACCES:
    case EPERM:
      link->state = LinkState::kNotPermitted;
      SetError(&link->error, "uid %u may not connect to %s", geteuid(), path);
      return;
    case EAGAIN:
      link->state = LinkState::kNotAnswering;
      SetError(&link->error, "the broker at %s takes no connections", path);
      return;
    default:
      link->state = LinkState::kAbsent;
      SetError(&link->error, "%s: %s", path, strerror(error));
  }
}

bool Connect(Deadline deadline, Link* link) {
  Drop(link);
  switch (FindSocket(DRUPALRT_G(socket), &link->path, &link->error)) {
    case SocketPlace::kGood:
      break;
    case SocketPlace::kMissing:
      TakeOpenError(ENOENT, link);
      return false;
    case SocketPlace::kUnsafe:
      link->state = LinkState::kNotPermitted;
      return false;
  }
  const int error = Open(link->path.address, deadline, &link->connection);
  if (error != 0) {
    TakeOpenError(error, link);
    return false;
  }
  link->greeting = true;
  const bool greeted = Greet(deadline, link);
  link->greeting = false;
  if (!greeted) {
    Drop(link);
    return false;
  }
  if (link->greeted_before) Count(&SharedCounters().reconnects);
  link->greeted_before = true;
  link->state = LinkState::kConnected;
  link->backoff_ms = 0;
  link->error.text[0] = '\0';
  link->checked_ns = NowNs();
  return true;
}

// The parent's connection is the parent's, and a greeting that was cut off by
// a bailout has left half an exchange behind.
void ForgetWhatIsNotOurs(Link* link) {
  const bool forked = link->connection.fd >= 0 &&
                      link->connection.generation != ForkGeneration();
  if (!forked && !link->greeting) return;
  Drop(link);
  link->greeting = false;
  link->greeted_before = link->greeted_before && !forked;
  link->state = LinkState::kNeverTried;
}

// Reads what the broker has said meanwhile, without waiting.
bool StillThere(Link* link) {
  link->checked_ns = NowNs();
  Frame frame;
  for (;;) {
    switch (Receive(Deadline::Now(), &link->connection, &frame)) {
      case Io::kOk:
        if (TakeNotice(frame, link)) continue;
        Drop(link);
        return false;
      case Io::kTimeout:
        return true;
      case Io::kClosed:
      case Io::kMalformed:
        link->state = LinkState::kAbsent;
        SetError(&link->error, "the broker has closed the connection");
        Drop(link);
        return false;
    }
  }
}

bool BreakerAllows(bool new_request, const Link& link) {
  if (link.backoff_ms == 0 || NowNs() >= link.retry_ns) return true;
  // Finding nobody at a path takes microseconds: each web request looks once.
  return new_request && link.state == LinkState::kAbsent && UnderWebServer();
}

bool Ready(Deadline deadline, Link* link) {
  ForgetWhatIsNotOurs(link);
  const bool new_request = link->new_request;
  link->new_request = false;
  if (link->connection.fd >= 0) {
    const bool check =
        new_request || NowNs() - link->checked_ns > kCheckEveryNs;
    if (!check || StillThere(link)) return true;
  }
  if (!BreakerAllows(new_request, *link)) return false;
  if (Connect(deadline, link)) return true;
  bool starting = false;
  if (link->state == LinkState::kAbsent && MayAutostart()) {
    if (Autostart(deadline, Connect, link, &starting)) return true;
  }
  OpenBreaker(link);
  if (starting) link->retry_ns = NowNs() + kStartingMs * kNsPerMs;
  return false;
}

// Not one byte of the frame was taken, so nothing is lost but this event; but
// do not let a whole page wait for each of its events.
void Stall(Link* link) {
  link->stalled_ns = NowNs() + kFirstBackoffMs * kNsPerMs;
  SetError(&link->error, "the broker at %s reads nothing: its socket is full",
           link->path.address.sun_path);
}

}  // namespace

const char* Name(LinkState state) {
  switch (state) {
    case LinkState::kNeverTried:
      return "never tried";
    case LinkState::kConnected:
      return "connected";
    case LinkState::kAbsent:
      return "absent";
    case LinkState::kNotPermitted:
      return "not permitted";
    case LinkState::kIncompatible:
      return "incompatible";
    case LinkState::kNotAnswering:
      return "not answering";
  }
  return "";
}

void Init(Link* link) {
  *link = Link{};
  Init(&link->connection);
  link->new_request = true;
}

void Destroy(Link* link) {
  Close(&link->connection);
  Release(&link->connection.in);
  Release(&link->broker_version);
  Release(&link->sites);
  Release(&link->site);
  Release(&link->told_site);
  Release(&link->out);
}

void BeginRequest(Link* link) { link->new_request = true; }

void EndRequest(Link* link) {
  Shrink(&link->out, kKeptBytes);
  if (link->connection.in_used == link->connection.in.size) {
    link->connection.in.size = link->connection.in_used = 0;
    Shrink(&link->connection.in, kKeptBytes);
  }
}

Handed SendOut(const SiteChoice& site, bool one_site, Deadline deadline,
               Link* link) {
  link->site.size = 0;
  AppendSiteFrame(site.key, site.secret, &link->site);
  // A frame that met a dead peer was not taken: one more try on a new
  // connection cannot publish it twice.
  for (int tries = 0; tries < 2; ++tries) {
    if (!Ready(deadline, link)) return Handed::kAway;
    if (one_site && site.key.empty() && link->site_count > 1) {
      return Handed::kAmbiguous;
    }
    // A new connection means the only site until it is told otherwise.
    const bool told = link->told_site.size == 0
                          ? site.key.empty()
                          : link->site.view() == link->told_site.view();
    const std::string_view prefix =
        told ? std::string_view() : link->site.view();
    const bool stalled = link->stalled_ns != 0 && link->stalled_ns > NowNs();
    bool torn = false;
    const Io sent =
        Send(prefix, link->out.view(), stalled ? Deadline::Now() : deadline,
             &link->connection, &torn);
    if (sent == Io::kOk) {
      if (!told) Assign(&link->told_site, link->site.view());
      link->stalled_ns = 0;
      return Handed::kYes;
    }
    if (sent == Io::kTimeout) {
      Stall(link);
      if (!torn) return Handed::kAway;
      // The broker drops half a frame at the connection's end, and nothing
      // may follow it.
      Drop(link);
      link->state = LinkState::kNotAnswering;
      OpenBreaker(link);
      return Handed::kAway;
    }
    // What the broker has said before it closed tells why.
    if (StillThere(link)) Drop(link);
  }
  return Handed::kAway;
}

bool ReceiveReply(uint32_t id, Deadline deadline, Link* link,
                  std::string_view* body) {
  Frame frame;
  for (;;) {
    switch (Receive(deadline, &link->connection, &frame)) {
      case Io::kOk:
        break;
      case Io::kTimeout:
        SetError(&link->error, "no answer came in time");
        return false;
      case Io::kClosed:
        Drop(link);
        link->state = LinkState::kAbsent;
        SetError(&link->error,
                 "the broker closed the connection before it answered");
        return false;
      case Io::kMalformed:
        Drop(link);
        link->state = LinkState::kNotAnswering;
        SetError(&link->error, "the broker's answer was not understood");
        return false;
    }
    if (frame.type == kLinkReply && frame.id == id) {
      *body = frame.body;
      return true;
    }
    if (!TakeNotice(frame, link)) {
      Drop(link);
      return false;
    }
  }
}

bool Probe(Deadline deadline, Link* link) {
  ForgetWhatIsNotOurs(link);
  link->new_request = false;
  if (link->connection.fd >= 0 && StillThere(link)) return true;
  if (Connect(deadline, link)) return true;
  OpenBreaker(link);
  return false;
}

}  // namespace rt
