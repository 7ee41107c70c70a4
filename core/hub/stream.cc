#include "hub/stream.h"

#include "base/limits.h"
#include "base/random.h"

namespace rt {

namespace {
constexpr size_t kEpochLetters = 8;
}  // namespace

Stream::Stream(int64_t now_ms)
    : epoch_(RandomLetters(kEpochLetters)), touched_ms_(now_ms) {}

void Stream::Append(const NamespaceOptions& options, int64_t now_ms,
                    Publication* publication) {
  publication->offset = ++top_;
  // A client that subscribed before there was a stream learns it from here.
  if (top_ == 1) publication->epoch = epoch_;
  touched_ms_ = now_ms;
  items_.push_back({*publication, now_ms});
  Expire(options, now_ms);
}

std::optional<std::vector<Publication>> Stream::Since(
    uint64_t offset, std::string_view epoch) const {
  if (!epoch.empty() && epoch != epoch_) return std::nullopt;
  if (offset > top_ || top_ - offset > kMaxRecovered) return std::nullopt;
  const uint64_t missed = top_ - offset;
  if (missed > items_.size()) return std::nullopt;
  std::vector<Publication> since;
  since.reserve(missed);
  for (auto item = items_.end() - static_cast<ptrdiff_t>(missed);
       item != items_.end(); ++item) {
    since.push_back(item->publication);
  }
  // Publications that skipped the history left no hole in the offsets, so what
  // is kept is contiguous up to the top.
  return since;
}

std::optional<std::vector<Publication>> Stream::Newest(
    uint64_t offset, std::string_view epoch) const {
  if (offset == top_ && epoch == epoch_) return std::vector<Publication>();
  if (items_.empty()) return std::nullopt;
  return std::vector<Publication>{items_.back().publication};
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
