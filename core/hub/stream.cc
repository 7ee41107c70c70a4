#include "hub/stream.h"

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
