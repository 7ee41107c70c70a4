// One worker's subscribers, by channel, and what is due to them this turn.
//
// Publications are collected while a turn's events come in, and then each
// channel's are joined once into one contiguous buffer that all its
// subscribers send. No lock, no atomic counter, no copy per subscriber.
//
// One thread. A subscriber leaves with Remove() before it dies.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/buffer.h"
#include "hub/publication.h"

namespace rt {

// How a transport lays publications out on the wire. Buffers are joined once
// per framing in use.
enum class Framing : uint8_t {
  kJsonWebSocket,
};
inline constexpr size_t kFramings = 1;

// The way up: what a subscriber is given.
class Subscriber {
 public:
  virtual ~Subscriber() = default;
  // Framed publications of one channel, in order. `last`: no other channel has
  // anything due this turn. Must not call back into the table; closing is
  // deferred.
  virtual void OnPublications(const BufferRef& framed, bool last) = 0;
  // Is it this client? Asked only where a publication excludes one.
  [[nodiscard]] virtual bool IsClient(const Uuid& client) const = 0;
};

class SubscriberTable {
 public:
  struct Channel;
  // A subscriber's place in a channel. Kept by whoever subscribed.
  struct Place {
    Channel* channel = nullptr;
    uint32_t index = 0;
  };

  SubscriberTable();
  ~SubscriberTable();
  SubscriberTable(const SubscriberTable&) = delete;
  SubscriberTable& operator=(const SubscriberTable&) = delete;

  // Adds `who`, whose place is `*place` from now on: the table writes to it
  // when the subscriber moves within the channel. `place` must stay where it
  // is until Remove().
  void Add(const std::string& channel_key, Framing framing, Subscriber* who,
           Place* place);
  void Remove(Place* place);

  // Due to the channel's subscribers with the next Flush().
  void Enqueue(EncodedPublicationPtr publication);
  // Hands out what is due.
  void Flush();

  [[nodiscard]] static std::string_view KeyOf(const Place& place);
  [[nodiscard]] size_t subscriptions() const { return subscriptions_; }
  // How many deliveries the next Flush() makes.
  [[nodiscard]] size_t due_deliveries() const;

 private:
  struct Entry {
    Subscriber* who;
    Place* place;
  };

  void Deliver(Channel* channel);
  // What is due to a subscriber that some of it excludes.
  static void DeliverWithoutExcluded(
      const std::vector<EncodedPublicationPtr>& due, bool last,
      Subscriber* who);

  std::unordered_map<std::string, Channel> channels_;
  std::vector<Channel*> due_;
  size_t subscriptions_ = 0;
  bool flushing_ = false;
};

struct SubscriberTable::Channel {
  const std::string* key = nullptr;  // the table's own
  std::array<std::vector<Entry>, kFramings> entries;
  std::vector<EncodedPublicationPtr> due;
  size_t subscribers = 0;
};

// The publications joined: as few WebSocket messages as kMaxRepliesPerMessage
// and kMaxJoinedMessageBytes allow, pushes parted by line feeds.
[[nodiscard]] BufferRef JoinForWebSocket(
    const std::vector<EncodedPublicationPtr>& publications);

}  // namespace rt
