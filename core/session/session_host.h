// What a session asks of the worker it lives on. One thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/timer_wheel.h"
#include "hub/message.h"
#include "hub/subscriber_table.h"
#include "session/login.h"
#include "session/rpc_registry.h"
#include "session/session_metrics.h"
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
  // A connection is told to come back at such an age, give or take a tenth;
  // 0: never.
  int64_t max_age_ms = 0;
  // How long one may go on whose token is over, while it fetches another.
  int64_t expired_grace_ms = 25'000;
  // Commands of one connection in a second, and how many may come at once.
  // 0: any. Above: error 111.
  uint32_t command_rate = 0;
  uint32_t command_burst = 0;
  // Errors one connection may cause in a minute; 0: any. Above: 3509.
  uint32_t error_rate = 0;
};

// What the handshake said of the browser.
struct Handshake {
  std::string cookie_header;   // all Cookie lines, joined by "; "
  std::string page_host;       // of its Origin, with the port where it has one
  bool https = false;          // the scheme of the page
  std::string address;         // of the browser, for logs
  bool count_address = false;  // and for limits
  // May a cookie say who this is? (A good Origin, or same-origin without.)
  bool cookie_login = false;

  // Empty where nobody counts it.
  [[nodiscard]] std::string counted_address() const {
    return count_address ? address : std::string();
  }
};

class SessionHost {
 public:
  virtual ~SessionHost() = default;

  [[nodiscard]] virtual const Clock& clock() const = 0;
  [[nodiscard]] virtual const SessionLimits& limits() const = 0;
  [[nodiscard]] virtual TimerWheel& timers() = 0;
  [[nodiscard]] virtual SubscriberTable& subscribers() = 0;

  // A number for the session, until Unregister().
  virtual uint64_t Register(Session* session, uint32_t site_id,
                            const std::string& address) = 0;
  virtual void Unregister(uint64_t id, uint32_t site_id,
                          const std::string& address) = 0;

  // The node, and where commands for the session find it again: for clients
  // whose commands come by requests of their own.
  [[nodiscard]] virtual const std::string& node() const = 0;
  virtual void RegisterEmulated(const std::string& name, uint64_t id) = 0;
  virtual void UnregisterEmulated(const std::string& name) = 0;

  // Finds out who this is; Session::OnAuthenticated follows, at once or later,
  // unless the session is gone by then.
  virtual void Authenticate(uint64_t session_id, const SitePtr& site,
                            const Handshake& handshake,
                            const ConnectRequest& request) = 0;

  // Before a client is let in: error or disconnect where it is one too many of
  // the user's, or the user is blocked. Let in, it counts until LetOut().
  [[nodiscard]] virtual DisconnectCode LetIn(const Session& session) = 0;
  virtual void LetOut(const Session& session) = 0;
  // Is the token with this id, of that age, of the user's revoked?
  [[nodiscard]] virtual bool Revoked(uint32_t site_id, const std::string& user,
                                     const std::string& token_id,
                                     int64_t issued_at_s) = 0;
  // One more command of the user's: false where it is one too many.
  [[nodiscard]] virtual bool TakesCommandOf(const Session& session) = 0;

  [[nodiscard]] virtual const RpcRegistry& rpcs() const = 0;
  [[nodiscard]] virtual SessionMetrics& metrics() = 0;

  // Orders for the sequencer. Tickets are made by Session::MakeTicket, so that
  // answers find their way back.
  virtual void Order(HubOrder order) = 0;
  // Has the worker so much to deliver that browsers must not publish now?
  [[nodiscard]] virtual bool congested() const = 0;
};

}  // namespace rt
