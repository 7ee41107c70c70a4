#include "differential/meter.h"

#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

// Bytes that operator new has out, and the most of them since a meter began.
thread_local size_t held = 0;
thread_local size_t peak = 0;

// Before each block its size, in a place that keeps the block's alignment.
constexpr size_t kHead = alignof(std::max_align_t);

void* Allocate(size_t bytes) {
  auto* block = static_cast<char*>(malloc(bytes + kHead));
  if (block == nullptr) abort();
  *reinterpret_cast<size_t*>(block) = bytes;
  held += bytes;
  peak = std::max(peak, held);
  return block + kHead;
}

void Release(void* pointer) {
  if (pointer == nullptr) return;
  char* block = static_cast<char*>(pointer) - kHead;
  held -= *reinterpret_cast<size_t*>(block);
  free(block);
}

int64_t CpuNs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

}  // namespace

void* operator new(size_t bytes) { return Allocate(bytes); }
void* operator new[](size_t bytes) { return Allocate(bytes); }
void operator delete(void* pointer) noexcept { Release(pointer); }
void operator delete[](void* pointer) noexcept { Release(pointer); }
void operator delete(void* pointer, size_t) noexcept { Release(pointer); }
void operator delete[](void* pointer, size_t) noexcept { Release(pointer); }

namespace rt {

Meter::Meter() {
  peak = held;
  from_bytes_ = held;
  from_ns_ = CpuNs();
}

Cost Meter::Read() const { return {CpuNs() - from_ns_, peak - from_bytes_}; }

}  // namespace rt
