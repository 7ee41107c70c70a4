// What the sequencer and the workers tell each other. Both directions are
// queues in order, and that order carries the protocol's promises: the answer
// to a subscribe comes before every later publication of the channel, and a
// publisher's own publication before its publish is answered.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <variant>

#include "base/random.h"
#include "wire/client_protocol.h"
#include "wire/encoded_push.h"

namespace rt {

// A worker's number, from 0.
using WorkerId = uint32_t;
// Names a request within its worker; answers carry it back.
using Ticket = uint64_t;

// --- Worker to sequencer ----------------------------------------------------

struct SubscribeOrder {
  Ticket ticket = 0;
  uint32_t site_id = 0;
  std::string channel;
  // What the client wishes; the namespace decides.
  bool positioned = false;
  bool recoverable = false;
  // What it gets in any case.
  bool force_positioning = false;
  bool force_recovery = false;
  // Asks for what it missed since `offset` of `epoch`.
  bool recover = false;
  uint64_t offset = 0;
  std::string epoch{};
  bool reject_unrecovered = false;  // error 112 rather than a gap
  bool delta = false;               // negotiated
  // Is it seen in presence, and are its join and leave told? Then as `info`.
  bool present = false;
  bool announced = false;
  Uuid client{};
  ClientInfo info{};
};

// One subscriber fewer. No answer.
struct UnsubscribeOrder {
  std::string channel_key;
  bool delta = false;
  bool present = false;  // or announced: it is known as `client`
  bool lost = false;     // its connection is gone: it may be back in a moment
  Uuid client{};
};

// What is asked of a channel without changing it.
struct QueryOrder {
  enum class Kind : uint8_t { kPresence, kPresenceStats, kHistory };
  Ticket ticket = 0;
  Kind kind = Kind::kPresence;
  uint32_t site_id = 0;
  std::string channel;
  HistoryRequest history{};
};

struct PublishOrder {
  Ticket ticket = 0;
  uint32_t site_id = 0;
  std::string channel;
  Publication publication;
};

struct HubOrder {
  WorkerId worker = 0;
  std::variant<SubscribeOrder, UnsubscribeOrder, PublishOrder, QueryOrder> body;
};

// --- Sequencer to worker ----------------------------------------------------

struct SubscribeAnswer {
  Ticket ticket = 0;
  std::string channel_key;
  ProtocolError error;  // code 0: subscribed, the place is counted
  SubscribeResult result;
  // Where the channel's stream is; 0: it has none.
  uint64_t stream = 0;
  uint64_t top = 0;
  // The last publication handed over is what the next patch applies to.
  bool has_base = false;
  // How it is counted, as the order had it.
  bool delta = false;
  bool present = false;
  Uuid client{};

  // Gives the place back that it was granted. `lost`: see UnsubscribeOrder.
  // REQUIRES: error.code is 0.
  [[nodiscard]] UnsubscribeOrder Undo(bool lost) && {
    return {std::move(channel_key), delta, present, lost, client};
  }
};

struct QueryAnswer {
  Ticket ticket = 0;
  ProtocolError error;
  std::variant<PresenceResult, PresenceStats, HistoryResult> result;
};

// The channel's stream is another one now: positions in the former mean
// nothing any more.
struct StreamLost {
  std::string channel_key;
};

struct PublishAnswer {
  Ticket ticket = 0;
  ProtocolError error;  // code 0: published
};

// Runs on the worker's thread, in its place in the order. For what concerns
// whole workers: new sites, closed sessions, shutdown.
using WorkerTask = std::function<void()>;

using HubEvent = std::variant<EncodedPushPtr, SubscribeAnswer, PublishAnswer,
                              QueryAnswer, StreamLost, WorkerTask>;

}  // namespace rt
