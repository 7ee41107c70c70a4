// What the sessions of one worker count. Written by its thread, read by any.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "session/transport.h"
#include "wire/client_protocol.h"

namespace rt {

// Numbers that only grow, by an index.
template <size_t kSize>
class CounterArray {
 public:
  void Add(size_t index, uint64_t by = 1) {
    if (index < kSize) counts_[index].fetch_add(by, std::memory_order_relaxed);
  }
  [[nodiscard]] uint64_t operator[](size_t index) const {
    return counts_[index].load(std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<uint64_t>, kSize> counts_{};
};

struct SessionMetrics {
  static constexpr size_t kCommands =
      static_cast<size_t>(Command::Kind::kUnknown) + 1;
  // Codes 100 to 119, then all others.
  static constexpr size_t kErrors = 21;
  // 3000 to 3019, 3500 to 3519, then all others.
  static constexpr size_t kDisconnects = 41;

  // By TransportKind, twice: JSON's, then Protobuf's.
  CounterArray<kTransportKinds * 2> opened;
  CounterArray<kTransportKinds * 2> closed;
  CounterArray<kCommands> commands;
  CounterArray<kErrors> errors;
  CounterArray<kDisconnects> disconnects;
  CounterArray<1> pings;
  CounterArray<1> messages_in;
  CounterArray<1> bytes_in;
  CounterArray<1> skipped;  // publications that slow readers did without
  CounterArray<1> lost;     // subscriptions that ended as their stream did

  static size_t ErrorIndex(uint32_t code) {
    return code >= 100 && code < 120 ? code - 100 : kErrors - 1;
  }
  static size_t DisconnectIndex(uint16_t code) {
    if (code >= 3000 && code < 3020) return code - 3000;
    if (code >= 3500 && code < 3520) return code - 3500 + 20;
    return kDisconnects - 1;
  }
};

}  // namespace rt
