// One worker's subscribers, by channel, and what is due to them this turn.
//
// Pushes are collected while a turn's events come in, and then each channel's
// are joined once per group of subscribers that get the same bytes, into one
// contiguous buffer that all of them send. No lock, no atomic counter, no copy
// per subscriber.
//
// One thread. A subscriber leaves with Remove() before it dies.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/buffer.h"
#include "hub/message.h"
#include "wire/framing.h"
#include "wire/tags_filter.h"

namespace rt {

class Subscriber;

class SubscriberTable {
 public:
  struct Channel;
  struct Group;
  // A subscriber's place in a channel. Kept by whoever subscribed.
  struct Place {
    Group* group = nullptr;
    uint32_t index = 0;
  };

  // What a subscriber gets, and in which form.
  struct Options {
    Framing framing;
    bool joins = false;  // joins and leaves too
    bool delta = false;
    bool has_base = false;  // delta: it has the channel's last publication
    bool latest_only = false;
    std::shared_ptr<const FilterNode> filter{};  // null: everything
  };

  SubscriberTable();
  ~SubscriberTable();
  SubscriberTable(const SubscriberTable&) = delete;
  SubscriberTable& operator=(const SubscriberTable&) = delete;

  // Adds `who`, whose place is `*place` from now on: the table writes to it
  // when the subscriber moves within the channel. `place` must stay where it
  // is until Remove(). `answer` says where the channel's stream is.
  void Add(const SubscribeAnswer& answer, const Options& options,
           Subscriber* who, Place* place);
  void Remove(Place* place);

  // Due to the channel's subscribers with the next Flush(). Where it is not
  // what follows the last one, the subscribers are told that they missed some.
  void Enqueue(EncodedPushPtr push);
  // The channel's stream has ended.
  void LoseStream(const std::string& channel_key);
  // Hands out what is due.
  void Flush();

  // The newest publication in the form of the place's owner; null where none
  // came yet. Kept for groups of `latest_only` alone.
  [[nodiscard]] static BufferRef Latest(const Place& place);

  [[nodiscard]] static std::string_view KeyOf(const Place& place);
  [[nodiscard]] size_t subscriptions() const { return subscriptions_; }
  // How many deliveries the next Flush() makes.
  [[nodiscard]] size_t due_deliveries() const;
  [[nodiscard]] uint64_t delivered() const { return delivered_; }

 private:
  struct Entry {
    Subscriber* who;
    Place* place;
  };

  static Group* GroupFor(Channel* channel, const Options& options, bool fresh);
  static void Put(Group* group, const Entry& entry,
                  std::shared_ptr<const FilterNode> filter);
  static void Take(Place* place);
  void Follow(Channel* channel, uint64_t stream, uint64_t top);
  void TellLost(Channel* channel);
  void Deliver(Channel* channel);
  void DeliverTo(Group* group, bool last, bool excludes);
  // Those of `due` that are for one subscriber, in its form.
  void DeliverOne(Group* group, const Entry& entry, const FilterNode* filter,
                  bool last);
  // Delta's newcomers have a base now.
  static void SettleFresh(Channel* channel);

  std::unordered_map<std::string, Channel> channels_;
  std::vector<Channel*> due_;
  std::vector<Subscriber*> unreadable_;  // told after the flush
  size_t subscriptions_ = 0;
  uint64_t delivered_ = 0;
  bool flushing_ = false;
};

// The way up: what a subscriber is given. It must not leave the table while it
// is given publications; it may when it is told that there are none for it.
class Subscriber {
 public:
  virtual ~Subscriber() = default;
  // Framed pushes of one channel, in order. `last`: no other channel has
  // anything due this turn.
  virtual void OnPublications(const BufferRef& framed, bool last) = 0;
  // The same where the newest one is enough: a subscriber that reads slowly
  // may skip it and ask for SubscriberTable::Latest() when it has caught up.
  virtual void OnLatest(const BufferRef& framed,
                        SubscriberTable::Place* place) = 0;
  // It has a publication that its encoding cannot carry.
  virtual void OnUnreadable() = 0;
  // Its position in the channel's stream means nothing any more. It may leave
  // the channel.
  virtual void OnStreamLost(SubscriberTable::Place* place) = 0;
  // Is it this client? Asked only where a publication excludes one.
  [[nodiscard]] virtual bool IsClient(const Uuid& client) const = 0;
};

}  // namespace rt
