// Numbers for things that come and go: a look-up by number costs one index,
// and a number whose thing is gone finds nothing, even when its slot is in use
// again. Holds pointers, owns nothing. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rt {

template <typename T>
class SlotMap {
 public:
  using Id = uint64_t;  // 48 bits: 24 of slot, 24 of generation. Never 0

  [[nodiscard]] Id Insert(T* thing) {
    uint32_t slot = 0;
    if (free_.empty()) {
      slot = static_cast<uint32_t>(slots_.size());
      slots_.push_back({});
    } else {
      slot = free_.back();
      free_.pop_back();
    }
    Slot& at = slots_[slot];
    at.thing = thing;
    at.generation = (at.generation + 1) & kMask;
    if (at.generation == 0) at.generation = 1;
    return static_cast<Id>(at.generation) << kBits | slot;
  }

  // Null when it is gone.
  [[nodiscard]] T* Find(Id id) const {
    const size_t slot = id & kMask;
    if (slot >= slots_.size()) return nullptr;
    const Slot& at = slots_[slot];
    return at.generation == (id >> kBits & kMask) ? at.thing : nullptr;
  }

  void Erase(Id id) {
    if (Find(id) == nullptr) return;
    slots_[id & kMask].thing = nullptr;
    free_.push_back(static_cast<uint32_t>(id & kMask));
  }

  [[nodiscard]] size_t size() const { return slots_.size() - free_.size(); }

  // Calls `visit(T*)` for each; it must not insert.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (size_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].thing != nullptr) visit(slots_[i].thing);
    }
  }

 private:
  static constexpr uint32_t kBits = 24;
  static constexpr uint32_t kMask = (1u << kBits) - 1;
  struct Slot {
    T* thing = nullptr;
    uint32_t generation = 0;
  };
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
};

}  // namespace rt
