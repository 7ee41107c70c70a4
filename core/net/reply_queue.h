// The replies of one turn to one client, until they are framed together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.h"
#include "wire/framing.h"

namespace rt {

class ReplyQueue {
 public:
  void Add(std::string_view reply);
  void Clear();
  [[nodiscard]] bool empty() const { return ends_.empty(); }
  // Framed, and its memory given back. REQUIRES: !empty().
  [[nodiscard]] BufferRef Take(const Framing& framing);

 private:
  std::string text_;
  std::vector<uint32_t> ends_;
};

}  // namespace rt
