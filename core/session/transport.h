// The way out of a session, whatever the bytes travel on. The transport owns
// the session, so it outlives every call from it.
#pragma once

#include <string_view>

#include "base/buffer.h"
#include "hub/subscriber_table.h"
#include "wire/client_protocol.h"

namespace rt {

class Transport {
 public:
  virtual ~Transport() = default;

  [[nodiscard]] virtual Framing framing() const = 0;

  // One encoded reply. Leaves at the end of the loop's turn, joined with what
  // else is due.
  virtual void SendReply(std::string_view reply) = 0;

  // Publications, framed already, behind all that was sent before. `last`:
  // nothing more is known to come this turn, so there is nothing to wait for.
  virtual void SendFramed(const BufferRef& framed, bool last) = 0;

  // Ends the connection with the code, after what is queued was sent, or
  // without it (`flush` false). Deferred: the caller stays alive.
  virtual void Close(const DisconnectCode& why, bool flush) = 0;
};

}  // namespace rt
