// A publication on its way out: an event that has its offset, encoded once.
// Immutable and shared by all workers; whoever holds the last reference frees
// it, on whichever thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/random.h"

namespace rt {

struct EncodedPublication {
  std::string channel_key;  // ChannelKey()
  // The push as the JSON codec writes it, without a line feed or frame.
  // The Protobuf form gets its place beside it.
  std::string json;
  uint64_t offset = 0;  // 0 in a channel without history
  // The client that does not get it: as a rule the one that caused it.
  std::optional<Uuid> exclude;
};

using EncodedPublicationPtr = std::shared_ptr<const EncodedPublication>;

}  // namespace rt
