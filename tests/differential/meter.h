// What a call costs: the thread's own CPU time, so that a busy machine counts
// for nothing, and the most memory that it held at a time. One call at a time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rt {

struct Cost {
  int64_t cpu_ns = 0;
  size_t peak_bytes = 0;
};

class Meter {
 public:
  Meter();
  [[nodiscard]] Cost Read() const;

 private:
  int64_t from_ns_;
  size_t from_bytes_;
};

}  // namespace rt
