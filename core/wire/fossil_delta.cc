#include "wire/fossil_delta.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/check.h"
#include "base/limits.h"

namespace rt {

namespace {

constexpr size_t kBlockBytes = 16;
// Blocks of the base with the same hash that are looked at. More would find a
// longer copy now and then, and be quadratic where all blocks are the same.
constexpr int kMaxCandidates = 16;
// A copy costs its two numbers and signs: below it inserting is as good.
constexpr size_t kMinCopyBytes = 10;
constexpr uint32_t kNone = 0xffffffff;

constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";

void AppendNumber(uint64_t number, std::string* out) {
  char digits[11];
  size_t at = sizeof digits;
  do {
    digits[--at] = kDigits[number & 63];
    number >>= 6;
  } while (number > 0);
  out->append(digits + at, sizeof digits - at);
}

uint32_t Checksum(std::string_view bytes) {
  uint32_t sum = 0;
  size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) {
    sum += static_cast<uint32_t>(static_cast<uint8_t>(bytes[at])) << 24 |
           static_cast<uint32_t>(static_cast<uint8_t>(bytes[at + 1])) << 16 |
           static_cast<uint32_t>(static_cast<uint8_t>(bytes[at + 2])) << 8 |
           static_cast<uint32_t>(static_cast<uint8_t>(bytes[at + 3]));
  }
  for (int shift = 24; at < bytes.size(); ++at, shift -= 8) {
    sum += static_cast<uint32_t>(static_cast<uint8_t>(bytes[at])) << shift;
  }
  return sum;
}

// How many bytes two texts have in common at their beginnings.
size_t CommonPrefix(std::string_view a, std::string_view b) {
  const size_t most = std::min(a.size(), b.size());
  size_t at = 0;
  for (; at + 8 <= most; at += 8) {
    if (std::memcmp(a.data() + at, b.data() + at, 8) != 0) break;
  }
  while (at < most && a[at] == b[at]) ++at;
  return at;
}

// And at their ends, looking at no more than `most` bytes.
size_t CommonSuffix(std::string_view a, std::string_view b, size_t most) {
  most = std::min({most, a.size(), b.size()});
  const char* a_end = a.data() + a.size();
  const char* b_end = b.data() + b.size();
  size_t length = 0;
  for (; length + 8 <= most; length += 8) {
    if (std::memcmp(a_end - length - 8, b_end - length - 8, 8) != 0) break;
  }
  while (length < most && *(a_end - length - 1) == *(b_end - length - 1)) {
    ++length;
  }
  return length;
}

constexpr uint64_t kFactor = 0x100000001b3u;

constexpr uint64_t Power(uint64_t number, size_t times) {
  uint64_t power = 1;
  while (times-- > 0) power *= number;
  return power;
}

// The hash of kBlockBytes that move along a text: a polynomial, because sums
// are the same for all that has the same letters.
class RollingHash {
 public:
  explicit RollingHash(const char* bytes) {
    for (size_t i = 0; i < kBlockBytes; ++i) {
      value_ = value_ * kFactor + static_cast<uint8_t>(bytes[i]);
    }
  }

  void Roll(char leaves, char enters) {
    constexpr uint64_t kLeaving = Power(kFactor, kBlockBytes - 1);
    value_ -= kLeaving * static_cast<uint8_t>(leaves);
    value_ = value_ * kFactor + static_cast<uint8_t>(enters);
  }

  // The upper bits are the better mixed ones.
  [[nodiscard]] size_t Bucket(int bits) const {
    return static_cast<uint64_t>(value_ * 0x9e3779b97f4a7c15u) >> (64 - bits);
  }

 private:
  uint64_t value_ = 0;
};

// Where the blocks of the base are, by hash.
class BlockIndex {
 public:
  explicit BlockIndex(std::string_view base)
      : base_(base),
        bits_(std::max(
            1, static_cast<int>(std::bit_width(base.size() / kBlockBytes)))),
        first_(size_t{1} << bits_, kNone),
        next_(base.size() / kBlockBytes, kNone) {
    // From the end, so that a chain begins with the first of equal blocks.
    for (size_t block = next_.size(); block-- > 0;) {
      const RollingHash hash(base.data() + block * kBlockBytes);
      uint32_t& first = first_[hash.Bucket(bits_)];
      next_[block] = first;
      first = static_cast<uint32_t>(block);
    }
  }

  // Calls `found(offset in the base)` for blocks equal to that at `bytes`.
  template <typename Found>
  void ForEqual(const RollingHash& hash, const char* bytes, Found found) const {
    uint32_t block = first_[hash.Bucket(bits_)];
    for (int i = 0; i < kMaxCandidates && block != kNone; ++i) {
      const size_t offset = block * kBlockBytes;
      if (std::memcmp(base_.data() + offset, bytes, kBlockBytes) == 0) {
        found(offset);
      }
      block = next_[block];
    }
  }

 private:
  std::string_view base_;
  int bits_;
  std::vector<uint32_t> first_;  // by bucket: a block's number
  std::vector<uint32_t> next_;   // by block: the next one in its bucket
};

// Bytes that both have.
struct Match {
  size_t base = 0;
  size_t target = 0;
  size_t length = 0;
};

class DeltaWriter {
 public:
  DeltaWriter(std::string_view base, std::string_view target, bool utf8_safe)
      : base_(base), target_(target), utf8_safe_(utf8_safe) {}

  std::string Write() {
    AppendNumber(target_.size(), &out_);
    out_ += '\n';
    // Mostly one thing in the middle has changed, and nothing need be searched
    // for what comes before and behind it.
    const size_t prefix = CommonPrefix(base_, target_);
    Copy({0, 0, prefix});
    const size_t suffix =
        CommonSuffix(base_, target_, target_.size() - inserted_);
    const Match end =
        Trim({base_.size() - suffix, target_.size() - suffix, suffix});
    const bool copy_end = end.length >= kMinCopyBytes;
    Search(copy_end ? end.target : target_.size());
    if (copy_end) Copy(end);
    Insert(target_.size());
    AppendNumber(Checksum(target_), &out_);
    out_ += ';';
    return std::move(out_);
  }

 private:
  // Finds copies for the target up to `end`.
  void Search(size_t end) {
    size_t at = inserted_;
    if (base_.size() < kBlockBytes || end - at < kBlockBytes) return;
    const BlockIndex index(base_);
    RollingHash hash(target_.data() + at);
    while (true) {
      const Match best = Longest(index, hash, at, end);
      if (Copy(best)) {
        at = std::max(at + 1, inserted_);
        if (at + kBlockBytes > end) return;
        hash = RollingHash(target_.data() + at);
      } else {
        if (at + kBlockBytes >= end) return;
        hash.Roll(target_[at], target_[at + kBlockBytes]);
        ++at;
      }
    }
  }

  Match Longest(const BlockIndex& index, const RollingHash& hash, size_t at,
                size_t end) const {
    Match best;
    index.ForEqual(hash, target_.data() + at, [&](size_t offset) {
      const size_t ahead =
          CommonPrefix(base_.substr(offset), target_.substr(at, end - at));
      if (ahead + (at - inserted_) <= best.length) return;
      const size_t behind = CommonSuffix(base_.substr(0, offset),
                                         target_.substr(0, at), at - inserted_);
      if (behind + ahead <= best.length) return;
      best = {offset - behind, at - behind, behind + ahead};
    });
    return best;
  }

  [[nodiscard]] bool InsideCharacter(size_t at) const {
    return at < target_.size() &&
           (static_cast<uint8_t>(target_[at]) & 0xc0) == 0x80;
  }

  // The match without the parts of characters at its edges. The base's
  // characters are those of the target there, for the bytes are the same.
  [[nodiscard]] Match Trim(Match match) const {
    if (!utf8_safe_) return match;
    for (int i = 0; i < 3 && match.length > 0; ++i) {
      if (!InsideCharacter(match.target)) break;
      ++match.base;
      ++match.target;
      --match.length;
    }
    for (int i = 0; i < 3 && match.length > 0; ++i) {
      if (!InsideCharacter(match.target + match.length)) break;
      --match.length;
    }
    return match;
  }

  // Writes what comes before the match and the match; false where it is too
  // short to be worth it.
  bool Copy(Match match) {
    match = Trim(match);
    if (match.length < kMinCopyBytes) return false;
    Insert(match.target);
    AppendNumber(match.length, &out_);
    out_ += '@';
    AppendNumber(match.base, &out_);
    out_ += ',';
    inserted_ = match.target + match.length;
    return true;
  }

  // Writes the target's bytes up to `end` that were not written yet.
  void Insert(size_t end) {
    if (end == inserted_) return;
    AppendNumber(end - inserted_, &out_);
    out_ += ':';
    out_.append(target_.substr(inserted_, end - inserted_));
    inserted_ = end;
  }

  std::string_view base_;
  std::string_view target_;
  bool utf8_safe_;
  size_t inserted_ = 0;  // bytes of the target that are in `out_`
  std::string out_;
};

// --- The way back -----------------------------------------------------------

// Takes a number, or nothing where there is none or it is beyond 32 bits.
std::optional<uint32_t> TakeNumber(std::string_view* text) {
  uint64_t number = 0;
  size_t count = 0;
  for (; count < text->size(); ++count) {
    const size_t digit = kDigits.find((*text)[count]);
    if (digit == std::string_view::npos) break;
    number = number << 6 | digit;
    if (number > 0xffffffff) return std::nullopt;
  }
  if (count == 0) return std::nullopt;
  text->remove_prefix(count);
  return static_cast<uint32_t>(number);
}

bool TakeSign(char sign, std::string_view* text) {
  if (!text->starts_with(sign)) return false;
  text->remove_prefix(1);
  return true;
}

// Takes what follows the count of a copy or an insert.
std::optional<std::string_view> TakePiece(uint32_t count, std::string_view base,
                                          std::string_view* delta) {
  if (TakeSign(':', delta)) {
    if (count > delta->size()) return std::nullopt;
    const std::string_view piece = delta->substr(0, count);
    delta->remove_prefix(count);
    return piece;
  }
  if (!TakeSign('@', delta)) return std::nullopt;
  const std::optional<uint32_t> offset = TakeNumber(delta);
  if (!offset.has_value() || !TakeSign(',', delta) || *offset > base.size() ||
      count > base.size() - *offset) {
    return std::nullopt;
  }
  return base.substr(*offset, count);
}

}  // namespace

std::string MakeFossilDelta(std::string_view base, std::string_view target,
                            bool utf8_safe) {
  RT_CHECK(base.size() < kNone && target.size() < kNone);
  return DeltaWriter(base, target, utf8_safe).Write();
}

std::optional<std::string> ApplyFossilDelta(std::string_view base,
                                            std::string_view delta) {
  const std::optional<uint32_t> length = TakeNumber(&delta);
  if (!length.has_value() || *length > kMaxDeltaTargetBytes ||
      !TakeSign('\n', &delta)) {
    return std::nullopt;
  }
  std::string target;
  while (true) {
    const std::optional<uint32_t> count = TakeNumber(&delta);
    if (!count.has_value()) return std::nullopt;
    if (TakeSign(';', &delta)) {
      if (!delta.empty() || target.size() != *length ||
          *count != Checksum(target)) {
        return std::nullopt;
      }
      return target;
    }
    const auto piece = TakePiece(*count, base, &delta);
    if (!piece.has_value() || piece->size() > *length - target.size()) {
      return std::nullopt;
    }
    target.append(*piece);
  }
}

}  // namespace rt
