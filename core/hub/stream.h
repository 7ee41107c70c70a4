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
#include "wire/client_protocol.h"

namespace rt {

class Stream {
 public:
  explicit Stream(int64_t now_ms);

  // Takes the next offset for `publication`, keeps it and forgets what is over
  // the namespace's size or age. The first one of a stream is given the epoch.
  void Append(const NamespaceOptions& options, int64_t now_ms,
              Publication* publication);

  // What a client missed that saw everything up to `offset` of `epoch` (empty:
  // of whichever). Nothing where that cannot be told without a gap, or where it
  // is more than kMaxRecovered.
  [[nodiscard]] std::optional<std::vector<Publication>> Since(
      uint64_t offset, std::string_view epoch) const;
  // For clients that want the state, not each step to it: the newest
  // publication, or none where the client has it. Nothing where it is not kept.
  [[nodiscard]] std::optional<std::vector<Publication>> Newest(
      uint64_t offset, std::string_view epoch) const;

  // Forgets publications that are too old; offset and epoch stay.
  void Expire(const NamespaceOptions& options, int64_t now_ms);

  // Has nothing been published or asked for history_meta_ttl?
  [[nodiscard]] bool Forgotten(const NamespaceOptions& options,
                               int64_t now_ms) const;

  // Is `version` no newer than the newest of the same `epoch`? Remembers it
  // where it is newer. Version 0 is never stale.
  [[nodiscard]] bool IsStale(uint64_t version, std::string_view epoch);

  [[nodiscard]] const std::string& epoch() const { return epoch_; }
  [[nodiscard]] uint64_t top() const { return top_; }
  [[nodiscard]] size_t size() const { return items_.size(); }

 private:
  struct Item {
    Publication publication;
    int64_t at_ms;
  };

  std::string epoch_;
  uint64_t top_ = 0;
  uint64_t version_ = 0;  // the publisher's own count, where it keeps one
  std::string version_epoch_;
  int64_t touched_ms_;
  std::deque<Item> items_;
};

}  // namespace rt
