// The sequencer: the one place where publications get their order. It counts
// the subscribers of every channel, keeps streams, encodes each publication
// once and queues it for the workers that have a subscriber.
//
// One thread. What it queues leaves with Flush(), once per loop turn, as one
// batch per worker.
#pragma once

#include <cstdint>
#include <functional>
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

  // Does what a worker ordered, and queues the answer where one is due.
  void Execute(HubOrder order);

  // Runs on the worker's thread behind all that was queued for it so far.
  void Post(WorkerId worker, WorkerTask task);
  void PostToAll(const std::function<WorkerTask(WorkerId)>& make);

  // Hands what was queued to the outlet.
  void Flush();

  // Forgets a site's channels and streams. Its subscribers must be gone.
  void DropSite(uint32_t site_id);

  // Drops what is too old. Call about once a second; looks at a bounded part.
  void Sweep();

  [[nodiscard]] size_t channels() const { return channels_.size(); }
  [[nodiscard]] uint64_t publications() const { return publications_; }
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
    std::unique_ptr<Stream> stream;
  };

  Channel& Touch(uint32_t site_id, std::string_view channel);
  void EraseIfIdle(const std::string& key);
  Stream& StreamOf(Channel* channel);
  Receipt PublishNow(uint32_t site_id, std::string_view channel,
                     Publication publication, const PublishOptions& how);
  void FanOut(const Channel& channel, const Publication& publication,
              const PublishOptions& how);
  // To the channel's subscribers, where there are any; says how many.
  uint64_t FanOutTo(uint32_t site_id, std::string_view channel,
                    const Publication& publication, const PublishOptions& how);
  void DoSubscribe(WorkerId worker, SubscribeOrder order);
  // Where a new subscriber is in the stream, and what it missed.
  ProtocolError Position(const NamespaceOptions& options,
                         const SubscribeOrder& order, Channel* channel,
                         SubscribeResult* result);
  void DoUnsubscribe(WorkerId worker, const UnsubscribeOrder& order);
  void DoPublish(WorkerId worker, PublishOrder order);

  const Clock* clock_;
  NamespacesOf namespaces_of_;
  HubOutlet* outlet_;
  std::unordered_map<std::string, Channel> channels_;
  std::vector<std::vector<HubEvent>> queued_;  // per worker
  IdempotencyCache<Receipt> receipts_;
  std::string sweep_from_;
  uint64_t publications_ = 0;
};

}  // namespace rt
