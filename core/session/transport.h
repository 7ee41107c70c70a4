// The way out of a session, whatever the bytes travel on. The transport owns
// the session, so it outlives every call from it.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/buffer.h"
#include "wire/client_protocol.h"
#include "wire/framing.h"

namespace rt {

// For counters, in the order of the client's choice.
enum class TransportKind : uint8_t {
  kWebSocket,
  kHttpStream,
  kSse,
  kUniWebSocket,
  kUniHttpStream,
  kUniSse,
};
inline constexpr size_t kTransportKinds = 6;

class Transport {
 public:
  virtual ~Transport() = default;

  [[nodiscard]] virtual TransportKind kind() const = 0;
  [[nodiscard]] virtual Framing framing() const = 0;
  // Do commands come by requests of their own (Session::OnCommands from the
  // emulation endpoint), so that the client needs to name its session?
  [[nodiscard]] virtual bool emulated() const = 0;

  // Does it ping by itself, instead of the protocol? Then the session asks for
  // each ping, and is told with OnNativePong().
  [[nodiscard]] virtual bool native_pings() const = 0;
  virtual void SendNativePing() = 0;

  // One encoded reply. Leaves at the end of the loop's turn, joined with what
  // else is due.
  virtual void SendReply(std::string_view reply) = 0;

  // Pushes, framed already, behind all that was sent before. `last`: nothing
  // more is known to come this turn, so there is nothing to wait for.
  virtual void SendFramed(const BufferRef& framed, bool last) = 0;

  // Bytes that wait for the client to read them.
  [[nodiscard]] virtual size_t backlog() const = 0;
  // Has Session::OnCaughtUp() called once nothing waits any more.
  virtual void TellWhenCaughtUp() = 0;

  // Ends the connection with the code, after what is queued was sent, or
  // without it (`flush` false). Deferred: the caller stays alive. Transports
  // without close frames push the code first.
  virtual void Close(const DisconnectCode& why, bool flush) = 0;
};

}  // namespace rt
