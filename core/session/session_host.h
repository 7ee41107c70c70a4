// What a session asks of the worker it lives on. One thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/timer_wheel.h"
#include "hub/message.h"
#include "hub/subscriber_table.h"
#include "session/site.h"
#include "wire/client_protocol.h"

namespace rt {

class Session;

// The client's limits, as configured.
struct SessionLimits {
  int64_t stale_ms;
  int64_t ping_interval_ms;  // 0: no pings
  int64_t pong_timeout_ms;
  size_t max_channels;
  size_t max_channel_bytes;
};

// What the handshake said of the browser.
struct Handshake {
  std::string cookie_header;  // all Cookie lines, joined by "; "
  std::string page_host;      // of its Origin, with the port where it has one
  bool https = false;         // the scheme of the page
  // May a cookie say who this is? (A good Origin, or same-origin without.)
  bool cookie_login = false;
};

class SessionHost {
 public:
  virtual ~SessionHost() = default;

  [[nodiscard]] virtual const Clock& clock() const = 0;
  [[nodiscard]] virtual const SessionLimits& limits() const = 0;
  [[nodiscard]] virtual TimerWheel& timers() = 0;
  [[nodiscard]] virtual SubscriberTable& subscribers() = 0;

  // A number for the session, until Unregister().
  virtual uint64_t Register(Session* session) = 0;
  virtual void Unregister(uint64_t id) = 0;

  // Finds out who this is; Session::OnAuthenticated follows, at once or later,
  // unless the session is gone by then.
  virtual void Authenticate(uint64_t session_id, const SitePtr& site,
                            const Handshake& handshake,
                            const ConnectRequest& request) = 0;

  // Orders for the sequencer. Tickets are made by Session::MakeTicket, so that
  // answers find their way back.
  virtual void Order(HubOrder order) = 0;
  // Has the worker so much to deliver that browsers must not publish now?
  [[nodiscard]] virtual bool congested() const = 0;
};

}  // namespace rt
