#include "db/identity_cache.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace rt {

IdentityCache::IdentityCache(size_t limit, int64_t positive_ttl_ms,
                             int64_t negative_ttl_ms)
    : positive_{std::max<size_t>(limit - limit / 4, 1), positive_ttl_ms, {}},
      negative_{std::max<size_t>(limit / 4, 1), negative_ttl_ms, {}} {}

IdentityPtr IdentityCache::Find(const std::string& site, const std::string& key,
                                int64_t now_ms) {
  const auto of_site = sites_.find(site);
  if (of_site == sites_.end()) return nullptr;
  const auto found = of_site->second.by_key.find(key);
  if (found == of_site->second.by_key.end()) return nullptr;
  const Entry& entry = found->second;
  return entry.age->expires_ms > now_ms ? entry.identity : nullptr;
}

void IdentityCache::Put(const std::string& site, const std::string& key,
                        uint32_t subject, IdentityPtr identity,
                        int64_t now_ms) {
  Drop(site, key);
  Kind* kind = identity->logged_in() ? &positive_ : &negative_;
  MakeRoom(kind, now_ms);
  kind->ages.push_back({site, key, now_ms + kind->ttl_ms});
  OfSite& of_site = sites_[site];
  of_site.by_key.emplace(key, Entry{std::move(identity), subject, kind,
                                    std::prev(kind->ages.end())});
  if (subject != 0) of_site.by_user.emplace(subject, key);
}

void IdentityCache::MakeRoom(Kind* kind, int64_t now_ms) {
  while (!kind->ages.empty() && (kind->ages.size() >= kind->limit ||
                                 kind->ages.front().expires_ms <= now_ms)) {
    const Age oldest = kind->ages.front();
    Drop(oldest.site, oldest.key);
  }
}

void IdentityCache::Drop(const std::string& site, const std::string& key) {
  const auto of_site = sites_.find(site);
  if (of_site == sites_.end()) return;
  const auto found = of_site->second.by_key.find(key);
  if (found == of_site->second.by_key.end()) return;
  auto [user, end] = of_site->second.by_user.equal_range(found->second.subject);
  while (user != end && user->second != key) ++user;
  if (user != end) of_site->second.by_user.erase(user);
  found->second.kind->ages.erase(found->second.age);
  of_site->second.by_key.erase(found);
  if (of_site->second.by_key.empty()) sites_.erase(of_site);
}

void IdentityCache::DropUser(const std::string& site, uint32_t uid) {
  const auto of_site = sites_.find(site);
  if (of_site == sites_.end()) return;
  std::vector<std::string> keys;
  const auto [first, last] = of_site->second.by_user.equal_range(uid);
  for (auto user = first; user != last; ++user) keys.push_back(user->second);
  for (const std::string& key : keys) Drop(site, key);
}

void IdentityCache::DropSite(const std::string& site) {
  const auto of_site = sites_.find(site);
  if (of_site == sites_.end()) return;
  for (const auto& [key, entry] : of_site->second.by_key) {
    entry.kind->ages.erase(entry.age);
  }
  sites_.erase(of_site);
}

}  // namespace rt
