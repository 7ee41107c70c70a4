// The sequencer: the one place where publications get their order. It counts
// the subscribers of every channel, keeps streams, encodes each publication
// once and queues it for the workers that have a subscriber.
//
// One thread. What it queues leaves with Flush(), once per loop turn, as one
// batch per worker.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "hub/idempotency.h"
#include "hub/message.h"
#include "hub/namespaces.h"
#include "hub/roster.h"
#include "hub/stream.h"

namespace rt {

// Takes batches to a worker. The fan-out's only way out of the sequencer.
class HubOutlet {
 public:
  virtual ~HubOutlet() = default;
  // Takes all of `*events` and leaves it empty.
  virtual void Deliver(WorkerId worker, std::vector<HubEvent>* events) = 0;
};

class Sequencer {
 public:
  // A site's namespaces by its number; null for a site that is gone.
  using NamespacesOf = std::function<const Namespaces*(uint32_t site_id)>;

  struct Receipt {
    ProtocolError error;  // code 0: published
    uint64_t offset = 0;
    std::string epoch;  // empty without history
    uint64_t receivers = 0;
  };

  struct PublishOptions {
    bool skip_history = false;
    // A second publish to the channel with it gets the first one's receipt.
    std::string idempotency_key;
    // With history: an event not newer than the newest of the same epoch is
    // not published. 0: no version.
    uint64_t version = 0;
    std::string version_epoch;
    std::optional<Uuid> exclude;  // the client that does not get it
    // Subscribers who negotiated it get what changed since the one before.
    bool delta = false;
    bool counted = true;  // in the figures; not where it tells of them
  };

  // Since the start.
  struct Counters {
    uint64_t publications = 0;
    uint64_t joins = 0;
    uint64_t leaves = 0;
    uint64_t recovered = 0;
    uint64_t unrecovered = 0;
    uint64_t patches = 0;  // publications with a patch
  };

  struct SiteCounters {
    uint64_t publications = 0;   // since the start
    uint64_t deliveries = 0;     // of these, to a subscriber each
    uint64_t subscriptions = 0;  // now
  };

  // All outlive the sequencer.
  Sequencer(const Clock* clock, NamespacesOf namespaces_of, size_t workers,
            HubOutlet* outlet);

  // Publishes an event of the server's. `publication` has data, tags, info.
  Receipt Publish(uint32_t site_id, std::string_view channel,
                  Publication publication, const PublishOptions& how);
  Receipt Publish(uint32_t site_id, std::string_view channel,
                  Publication publication) {
    return Publish(site_id, channel, std::move(publication), PublishOptions());
  }

  // Who is in a channel; kErrorNotAvailable where its namespace does not keep
  // count, kErrorUnknownChannel where there is none.
  ProtocolError Presence(uint32_t site_id, std::string_view channel,
                         PresenceResult* result) const;
  ProtocolError Stats(uint32_t site_id, std::string_view channel,
                      PresenceStats* result) const;
  // kErrorNotAvailable without history, kErrorUnrecoverablePosition for another
  // epoch, kErrorBadRequest for a reverse from 0. A negative limit means all,
  // at most kMaxHistoryLimit.
  ProtocolError History(uint32_t site_id, std::string_view channel,
                        const HistoryRequest& request, HistoryResult* result);
  // Forgets the publications; offset and epoch stay.
  ProtocolError RemoveHistory(uint32_t site_id, std::string_view channel);
  // Channels with subscribers and how many those are; `pattern` with * and ?
  // as in file names, empty for all. At most `limit`.
  [[nodiscard]] std::map<std::string, uint64_t> Channels(
      uint32_t site_id, std::string_view pattern, size_t limit) const;

  // Does what a worker ordered, and queues the answer where one is due.
  void Execute(HubOrder order);

  // Runs on the worker's thread behind all that was queued for it so far.
  void Post(WorkerId worker, WorkerTask task);
  void PostToAll(const std::function<WorkerTask(WorkerId)>& make);

  // Hands what was queued to the outlet.
  void Flush();

  // Forgets a site's channels and streams. Its subscribers must be gone.
  void DropSite(uint32_t site_id);

  // Drops what is too old, and lets go of those who did not come back. Call
  // about once a second; looks at a bounded part.
  void Sweep();

  [[nodiscard]] size_t channels() const { return channels_.size(); }
  [[nodiscard]] const Counters& counters() const { return counters_; }
  [[nodiscard]] SiteCounters counters(uint32_t site_id) const;
  // Subscriptions of all workers.
  [[nodiscard]] uint64_t subscriptions() const { return subscriptions_; }
  [[nodiscard]] uint64_t subscribers(uint32_t site_id,
                                     std::string_view channel) const;

 private:
  // A count for each worker; the usual few without memory of their own.
  class Counts {
   public:
    explicit Counts(size_t workers)
        : more_(workers > kFew ? std::make_unique<uint32_t[]>(workers)
                               : nullptr) {}
    uint32_t& operator[](WorkerId worker) {
      return more_ == nullptr ? few_[worker] : more_[worker];
    }
    uint32_t operator[](WorkerId worker) const {
      return more_ == nullptr ? few_[worker] : more_[worker];
    }

   private:
    static constexpr size_t kFew = 4;
    uint32_t few_[kFew] = {};
    std::unique_ptr<uint32_t[]> more_;
  };

  struct Channel {
    explicit Channel(size_t workers) : by_worker(workers) {}

    const std::string* key = nullptr;
    Counts by_worker;  // subscribers
    uint64_t subscribers = 0;
    uint64_t delta_subscribers = 0;
    std::unique_ptr<Stream> stream;
    std::unique_ptr<Roster> roster;
    // The publication before, where patches may be asked for.
    EncodedPushPtr last;
  };

  using ChannelMap = std::unordered_map<std::string, Channel>;

  Channel& Touch(uint32_t site_id, std::string_view channel);
  // Could it go without anybody noticing?
  [[nodiscard]] static bool IsIdle(const Channel& channel);
  void EraseIfIdle(const std::string& key);
  [[nodiscard]] const NamespaceOptions* OptionsOf(
      uint32_t site_id, std::string_view channel) const;
  [[nodiscard]] const NamespaceOptions* OptionsOfKey(
      std::string_view key) const;
  [[nodiscard]] const Channel* FindChannel(uint32_t site_id,
                                           std::string_view channel) const;
  // Makes it where there is none yet.
  Stream& StreamOf(Channel* channel);
  // Ends it, where subscribers count on it.
  void LoseStream(Channel* channel);
  Receipt PublishNow(uint32_t site_id, std::string_view channel,
                     Publication publication, const PublishOptions& how);
  Receipt Count(uint32_t site_id, const PublishOptions& how, Receipt receipt);
  // To the channel's subscribers, where there are any; counts them.
  uint64_t FanOutTo(uint32_t site_id, std::string_view channel,
                    const NamespaceOptions& options,
                    const Publication& publication, const PublishOptions& how);
  // Encoded for the channel, with a patch where one is wanted.
  EncodedPushPtr Prepare(Channel* channel, const NamespaceOptions& options,
                         Publication publication, const PublishOptions& how);
  [[nodiscard]] EncodedPush::Routing RoutingOf(const Channel& channel) const;
  void FanOut(const Channel& channel, const EncodedPushPtr& push);
  void DoSubscribe(WorkerId worker, SubscribeOrder order);
  // Where a new subscriber is in the stream, and what it missed.
  ProtocolError Position(const NamespaceOptions& options,
                         const SubscribeOrder& order, Channel* channel,
                         SubscribeResult* result);
  // Counts the new subscriber, and says what it needs to know of the stream.
  void Admit(WorkerId worker, const SubscribeOrder& order, Channel* channel,
             SubscribeAnswer* answer);
  void Join(const SubscribeOrder& order, Channel* channel);
  void TellLeave(const Channel& channel, std::optional<Roster::Member> gone);
  void DoUnsubscribe(WorkerId worker, const UnsubscribeOrder& order);
  void Part(const UnsubscribeOrder& order, Channel* channel);
  void DoPublish(WorkerId worker, PublishOrder order);
  void DoQuery(WorkerId worker, const QueryOrder& order);
  void ExpireLost(int64_t now_ms);
  void ExpireStream(Channel* channel, int64_t now_ms);

  const Clock* clock_;
  NamespacesOf namespaces_of_;
  HubOutlet* outlet_;
  ChannelMap channels_;
  std::vector<std::vector<HubEvent>> queued_;  // per worker
  IdempotencyCache<Receipt> receipts_;
  std::string sweep_from_;
  // Those who may come back, by when they will have left.
  struct Lost {
    std::string channel_key;
    Uuid client;
  };
  std::multimap<int64_t, Lost> lost_;
  Counters counters_;
  std::unordered_map<uint32_t, SiteCounters> site_counters_;
  uint64_t subscriptions_ = 0;
  uint64_t last_stream_ = 0;
};

}  // namespace rt
