#include "db/session_ids.h"

#include <algorithm>
#include <utility>

namespace rt {

namespace {

// Neither has a line feed.
std::string NameOf(const std::string& site, const std::string& key) {
  return site + '\n' + key;
}

}  // namespace

SessionIds::Id SessionIds::Keep(const std::string& site, const std::string& key,
                                Id id) {
  if (ids_.size() >= tidy_at_) {
    std::erase_if(ids_, [](const auto& one) { return one.second.expired(); });
    tidy_at_ = std::max<size_t>(1024, 2 * ids_.size());
  }
  std::weak_ptr<const std::string>& kept = ids_[NameOf(site, key)];
  if (Id known = kept.lock()) return known;
  kept = id;
  return id;
}

SessionIds::Id SessionIds::Find(const std::string& site,
                                const std::string& key) const {
  const auto found = ids_.find(NameOf(site, key));
  return found == ids_.end() ? nullptr : found->second.lock();
}

}  // namespace rt
