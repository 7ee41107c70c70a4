#include "hub/stream.h"

#include <utility>

#include "base/limits.h"
#include "base/random.h"

namespace rt {

namespace {
constexpr size_t kEpochLetters = 8;
}  // namespace

Stream::Stream(uint64_t id, int64_t now_ms)
    : id_(id), epoch_(RandomLetters(kEpochLetters)), touched_ms_(now_ms) {}

void Stream::Place(Publication* publication) {
  publication->offset = ++top_;
  // A client that subscribed before there was a stream learns it from here.
  if (top_ == 1) publication->epoch = epoch_;
}

void Stream::Append(const NamespaceOptions& options, int64_t now_ms,
                    EncodedPushPtr push) {
  touched_ms_ = now_ms;
  items_.push_back({std::move(push), now_ms});
  Expire(options, now_ms);
}

std::optional<std::vector<EncodedPushPtr>> Stream::Since(
    uint64_t offset, std::string_view epoch) const {
  if (!epoch.empty() && epoch != epoch_) return std::nullopt;
  if (offset > top_ || top_ - offset > kMaxRecovered) return std::nullopt;
  const uint64_t missed = top_ - offset;
  if (missed > items_.size()) return std::nullopt;
  // Publications that skipped the history left no hole in the offsets, so what
  // is kept is contiguous up to the top.
  return Slice(offset, missed, false);
}

std::optional<std::vector<EncodedPushPtr>> Stream::Newest(
    uint64_t offset, std::string_view epoch) const {
  if (offset == top_ && epoch == epoch_) return std::vector<EncodedPushPtr>();
  if (items_.empty()) return std::nullopt;
  return std::vector<EncodedPushPtr>{items_.back().push};
}

std::vector<EncodedPushPtr> Stream::Slice(uint64_t since, size_t limit,
                                          bool reverse) const {
  std::vector<EncodedPushPtr> slice;
  if (items_.empty()) return slice;
  const uint64_t oldest = top_ - items_.size() + 1;
  if (reverse) {
    uint64_t offset = since == 0 || since > top_ ? top_ : since - 1;
    for (; offset >= oldest && slice.size() < limit; --offset) {
      slice.push_back(items_[offset - oldest].push);
    }
    return slice;
  }
  uint64_t offset = since + 1 < oldest ? oldest : since + 1;
  for (; offset <= top_ && slice.size() < limit; ++offset) {
    slice.push_back(items_[offset - oldest].push);
  }
  return slice;
}

bool Stream::IsStale(uint64_t version, std::string_view epoch) {
  if (version == 0) return false;
  if (epoch == version_epoch_ && version <= version_) return true;
  version_ = version;
  version_epoch_ = epoch;
  return false;
}

void Stream::Expire(const NamespaceOptions& options, int64_t now_ms) {
  while (!items_.empty() &&
         (items_.size() > options.history_size ||
          now_ms - items_.front().at_ms >= options.history_ttl_ms)) {
    items_.pop_front();
  }
}

bool Stream::Forgotten(const NamespaceOptions& options, int64_t now_ms) const {
  return items_.empty() && now_ms - touched_ms_ >= options.history_meta_ttl_ms;
}

}  // namespace rt
