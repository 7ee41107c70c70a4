// What one channel with history remembers: the newest publications, their
// offsets and the epoch that offsets belong to. One thread: the sequencer's.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/namespace_options.h"
#include "wire/encoded_push.h"

namespace rt {

class Stream {
 public:
  // `id`: never the same for two streams.
  Stream(uint64_t id, int64_t now_ms);

  // Gives `publication` the next offset, and the stream's first one the epoch.
  void Place(Publication* publication);
  // Keeps what was placed and forgets what is over the namespace's size or age.
  void Append(const NamespaceOptions& options, int64_t now_ms,
              EncodedPushPtr push);

  // What a client missed that saw everything up to `offset` of `epoch` (empty:
  // of whichever). Nothing where that cannot be told without a gap, or where it
  // is more than kMaxRecovered.
  [[nodiscard]] std::optional<std::vector<EncodedPushPtr>> Since(
      uint64_t offset, std::string_view epoch) const;
  // For clients that want the state, not each step to it: the newest
  // publication, or none where the client has it. Nothing where it is not kept.
  [[nodiscard]] std::optional<std::vector<EncodedPushPtr>> Newest(
      uint64_t offset, std::string_view epoch) const;

  // At most `limit` publications, after `since` in their order (0: from the
  // oldest kept), or before it (0: from the newest) in reverse.
  [[nodiscard]] std::vector<EncodedPushPtr> Slice(uint64_t since, size_t limit,
                                                  bool reverse) const;

  // Forgets publications; offset and epoch stay.
  void Clear() { items_.clear(); }
  // Forgets publications that are too old; offset and epoch stay.
  void Expire(const NamespaceOptions& options, int64_t now_ms);

  // Has nothing been published or asked for history_meta_ttl?
  [[nodiscard]] bool Forgotten(const NamespaceOptions& options,
                               int64_t now_ms) const;

  // Is `version` no newer than the newest of the same `epoch`? Remembers it
  // where it is newer. Version 0 is never stale.
  [[nodiscard]] bool IsStale(uint64_t version, std::string_view epoch);

  [[nodiscard]] uint64_t id() const { return id_; }
  [[nodiscard]] const std::string& epoch() const { return epoch_; }
  [[nodiscard]] uint64_t top() const { return top_; }
  [[nodiscard]] size_t size() const { return items_.size(); }

 private:
  struct Item {
    EncodedPushPtr push;
    int64_t at_ms;
  };

  uint64_t id_;
  std::string epoch_;
  uint64_t top_ = 0;
  uint64_t version_ = 0;  // the publisher's own count, where it keeps one
  std::string version_epoch_;
  int64_t touched_ms_;
  std::deque<Item> items_;
};

}  // namespace rt
