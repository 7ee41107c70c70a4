// A growing run of bytes from malloc, for what must outlive a request and a
// bailout: it is plain data, so a longjmp over it does no harm, and Zend's
// request memory never sees it. Running out of memory ends the process, as it
// does in PHP's own persistent allocations.
//
// Belongs to one thread. Zeroed memory is an empty one.
#pragma once

#include <stdint.h>
#include <string.h>

#include <string_view>

#include "php_headers.h"

namespace rt {

struct Bytes {
  char* data;
  size_t size;
  size_t capacity;

  [[nodiscard]] std::string_view view() const { return {data, size}; }
};

inline void Reserve(Bytes* bytes, size_t more) {
  const size_t needed = bytes->size + more;
  if (needed <= bytes->capacity) return;
  size_t capacity = bytes->capacity * 2;
  if (capacity < needed) capacity = needed;
  if (capacity < 512) capacity = 512;
  bytes->data = static_cast<char*>(perealloc(bytes->data, capacity, true));
  bytes->capacity = capacity;
}

inline void Append(Bytes* bytes, std::string_view more) {
  if (more.empty()) return;
  Reserve(bytes, more.size());
  memcpy(bytes->data + bytes->size, more.data(), more.size());
  bytes->size += more.size();
}

inline void Assign(Bytes* bytes, std::string_view value) {
  bytes->size = 0;
  Append(bytes, value);
}

inline void Release(Bytes* bytes) {
  if (bytes->data != nullptr) pefree(bytes->data, true);
  *bytes = Bytes{};
}

// Lets go of memory that one large event has left behind.
inline void Shrink(Bytes* bytes, size_t keep) {
  if (bytes->capacity > keep) Release(bytes);
}

// Little endian, whatever the machine is.
inline void AppendU8(Bytes* bytes, uint8_t value) {
  Reserve(bytes, 1);
  bytes->data[bytes->size++] = static_cast<char>(value);
}

inline void AppendU16(Bytes* bytes, uint16_t value) {
  AppendU8(bytes, static_cast<uint8_t>(value));
  AppendU8(bytes, static_cast<uint8_t>(value >> 8));
}

inline void AppendU32(Bytes* bytes, uint32_t value) {
  AppendU16(bytes, static_cast<uint16_t>(value));
  AppendU16(bytes, static_cast<uint16_t>(value >> 16));
}

inline uint32_t ReadU32(const char* at) {
  const unsigned char* bytes = reinterpret_cast<const unsigned char*>(at);
  return uint32_t{bytes[0]} | uint32_t{bytes[1]} << 8 |
         uint32_t{bytes[2]} << 16 | uint32_t{bytes[3]} << 24;
}

}  // namespace rt
