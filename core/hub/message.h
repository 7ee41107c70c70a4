// What the sequencer and the workers tell each other. Both directions are
// queues in order, and that order carries the protocol's promises: the answer
// to a subscribe comes before every later publication of the channel, and a
// publisher's own publication before its publish is answered.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>

#include "hub/publication.h"
#include "wire/client_protocol.h"

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
  // Asks for what it missed since `offset` of `epoch`.
  bool recover = false;
  uint64_t offset = 0;
  std::string epoch{};
  bool reject_unrecovered = false;  // error 112 rather than a gap
};

// One subscriber fewer. No answer.
struct UnsubscribeOrder {
  std::string channel_key;
};

struct PublishOrder {
  Ticket ticket = 0;
  uint32_t site_id = 0;
  std::string channel;
  Publication publication;
};

struct HubOrder {
  WorkerId worker = 0;
  std::variant<SubscribeOrder, UnsubscribeOrder, PublishOrder> body;
};

// --- Sequencer to worker ----------------------------------------------------

struct SubscribeAnswer {
  Ticket ticket = 0;
  std::string channel_key;
  ProtocolError error;  // code 0: subscribed, the place is counted
  SubscribeResult result;
};

struct PublishAnswer {
  Ticket ticket = 0;
  ProtocolError error;  // code 0: published
};

// Runs on the worker's thread, in its place in the order. For what concerns
// whole workers: new sites, closed sessions, shutdown.
using WorkerTask = std::function<void()>;

using HubEvent = std::variant<EncodedPublicationPtr, SubscribeAnswer,
                              PublishAnswer, WorkerTask>;

}  // namespace rt
