#include "wire/deflate.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/check.h"

namespace rt {

namespace {

// What a message that was flushed ends with, and what is not sent of it.
constexpr std::string_view kTail("\x00\x00\xff\xff", 4);

Bytef* BytesOf(const char* text) {
  // zlib reads only, but its oldest name for input is not const.
  return reinterpret_cast<Bytef*>(const_cast<char*>(text));
}

class Deflater {
 public:
  Deflater(int window_bits, int level) : level_(level) {
    constexpr int kMemory = 8;  // 128 KiB beside four times the window
    RT_CHECK(deflateInit2(&stream_, level, Z_DEFLATED, -window_bits, kMemory,
                          Z_DEFAULT_STRATEGY) == Z_OK);
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  [[nodiscard]] int level() const { return level_; }

  std::string Deflate(std::string_view payload) {
    RT_CHECK(deflateReset(&stream_) == Z_OK);
    // The bound is one for the end of a stream, a flush may take a little more.
    constexpr size_t kFlushBytes = 16;
    std::string out(deflateBound(&stream_, payload.size()) + kFlushBytes, '\0');
    stream_.next_in = BytesOf(payload.data());
    stream_.avail_in = static_cast<uInt>(payload.size());
    stream_.next_out = BytesOf(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    RT_CHECK(deflate(&stream_, Z_SYNC_FLUSH) == Z_OK && stream_.avail_in == 0 &&
             stream_.avail_out > 0);
    out.resize(out.size() - stream_.avail_out);
    RT_CHECK(out.ends_with(kTail));
    out.resize(out.size() - kTail.size());
    return out;
  }

 private:
  int level_;
  z_stream stream_{};
};

// One message at a time.
class Inflater {
 public:
  // The largest window reads what smaller ones wrote.
  Inflater() { RT_CHECK(inflateInit2(&stream_, -15) == Z_OK); }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  void Begin() {
    RT_CHECK(inflateReset(&stream_) == Z_OK);
    at_end_ = true;
  }

  InflateError Add(std::string_view deflated, size_t max_bytes,
                   std::string* out) {
    stream_.next_in = BytesOf(deflated.data());
    stream_.avail_in = static_cast<uInt>(deflated.size());
    std::array<char, 16 * 1024> piece;
    do {
      stream_.next_out = BytesOf(piece.data());
      stream_.avail_out = static_cast<uInt>(piece.size());
      const int result = inflate(&stream_, Z_SYNC_FLUSH);
      const size_t made = piece.size() - stream_.avail_out;
      if (made > max_bytes - out->size()) return InflateError::kTooBig;
      out->append(piece.data(), made);
      if (result == Z_STREAM_END) {
        // A block that says it is the last (section 7.2.3.4). What may follow
        // is read like a beginning, without what was before: a copy of it for
        // each such block would be costly, and nobody refers to it.
        Begin();
        if (stream_.avail_in == 0) return InflateError::kNone;
        continue;
      }
      // Z_BUF_ERROR: there was nothing to do, which is known here by itself.
      if (result != Z_OK && result != Z_BUF_ERROR) {
        return InflateError::kMalformed;
      }
      // Behind a whole block, and no bits of another were begun (zlib.h).
      at_end_ = stream_.data_type == 128;
    } while (stream_.avail_in > 0 || stream_.avail_out == 0);
    return InflateError::kNone;
  }

  // Does what was added end behind a block, at a byte's edge?
  [[nodiscard]] bool at_end() const { return at_end_; }

 private:
  z_stream stream_{};
  bool at_end_ = true;
};

}  // namespace

std::string DeflateMessage(std::string_view payload, int window_bits,
                           int level) {
  RT_CHECK(window_bits >= 9 && window_bits <= 15);
  RT_CHECK(payload.size() < size_t{1} << 30);
  thread_local std::array<std::unique_ptr<Deflater>, 16> deflaters;
  auto& deflater = deflaters[static_cast<size_t>(window_bits)];
  if (deflater == nullptr || deflater->level() != level) {
    deflater.reset();  // not two of them at a time
    deflater = std::make_unique<Deflater>(window_bits, level);
  }
  return deflater->Deflate(payload);
}

InflateError InflateMessage(std::string_view deflated, size_t max_bytes,
                            std::string* out) {
  thread_local Inflater inflater;
  out->clear();
  // Section 7.2.3.6 has a byte for an empty message; some send none.
  if (deflated.empty()) return InflateError::kNone;
  inflater.Begin();
  const InflateError error = inflater.Add(deflated, max_bytes, out);
  // At its end already: a last block without the padding behind it.
  if (error != InflateError::kNone || inflater.at_end()) return error;
  const InflateError tail = inflater.Add(kTail, max_bytes, out);
  if (tail != InflateError::kNone) return tail;
  return inflater.at_end() ? InflateError::kNone : InflateError::kMalformed;
}

}  // namespace rt
