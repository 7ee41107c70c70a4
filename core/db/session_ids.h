// The ids of sessions that are found by nothing else (FindsSessionsById), by
// the hash that the rest of the broker knows a session by. An id is here for as
// long as an identity holds it, and in memory only: a session that somebody
// still uses can so be looked up again when a notice or a sweep names its hash.
// Not thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

namespace rt {

class SessionIds {
 public:
  using Id = std::shared_ptr<const std::string>;

  // Remembers `id` while anybody else holds what this returns: the same object
  // for all who have the session.
  [[nodiscard]] Id Keep(const std::string& site, const std::string& key, Id id);

  // Null where nobody holds it any more.
  [[nodiscard]] Id Find(const std::string& site, const std::string& key) const;

  [[nodiscard]] size_t size() const { return ids_.size(); }

 private:
  std::unordered_map<std::string, std::weak_ptr<const std::string>> ids_;
  size_t tidy_at_ = 1024;  // entries; then those that nobody holds go
};

}  // namespace rt
