// Bytes that several connections of one thread send: made once, immutable
// afterwards, freed with the last reference. The count is a plain integer, so
// a Buffer never leaves the thread that made it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace rt {

class BufferRef;

class Buffer {
 public:
  // Room for exactly `bytes`, to be filled through mutable_data() before the
  // reference is shared.
  static BufferRef Make(size_t bytes);
  static BufferRef Copy(std::string_view bytes);

  [[nodiscard]] char* mutable_data() {
    return reinterpret_cast<char*>(this) + sizeof(Buffer);
  }
  [[nodiscard]] const char* data() const {
    return reinterpret_cast<const char*>(this) + sizeof(Buffer);
  }
  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] std::string_view view() const { return {data(), size_}; }

 private:
  friend class BufferRef;
  explicit Buffer(uint32_t size) : size_(size) {}

  uint32_t refs_ = 0;
  uint32_t size_;
};

class BufferRef {
 public:
  BufferRef() = default;
  explicit BufferRef(Buffer* buffer) : buffer_(buffer) { ++buffer_->refs_; }
  BufferRef(const BufferRef& other) : buffer_(other.buffer_) {
    if (buffer_ != nullptr) ++buffer_->refs_;
  }
  BufferRef(BufferRef&& other) noexcept
      : buffer_(std::exchange(other.buffer_, nullptr)) {}
  BufferRef& operator=(BufferRef other) noexcept {
    std::swap(buffer_, other.buffer_);
    return *this;
  }
  ~BufferRef() {
    if (buffer_ != nullptr && --buffer_->refs_ == 0) std::free(buffer_);
  }

  [[nodiscard]] Buffer* operator->() const { return buffer_; }
  [[nodiscard]] Buffer& operator*() const { return *buffer_; }
  explicit operator bool() const { return buffer_ != nullptr; }

 private:
  Buffer* buffer_ = nullptr;
};

inline BufferRef Buffer::Make(size_t bytes) {
  RT_CHECK(bytes <= UINT32_MAX);
  void* room = std::malloc(sizeof(Buffer) + bytes);
  RT_CHECK(room != nullptr);
  return BufferRef(new (room) Buffer(static_cast<uint32_t>(bytes)));
}

inline BufferRef Buffer::Copy(std::string_view bytes) {
  BufferRef made = Make(bytes.size());
  std::memcpy(made->mutable_data(), bytes.data(), bytes.size());
  return made;
}

}  // namespace rt
