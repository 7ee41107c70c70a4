#include "db/identity_cache.h"

#include <algorithm>
#include <utility>

#include "base/digest.h"

namespace rt {

IdentityCache::IdentityCache(size_t limit, int64_t positive_ttl_ms,
                             int64_t negative_ttl_ms)
    : positive_{std::max<size_t>(limit - limit / 4, 1), positive_ttl_ms, {}},
      negative_{std::max<size_t>(limit / 4, 1), negative_ttl_ms, {}} {}

IdentityCache::Digest IdentityCache::DigestOf(const std::string& site,
                                              const std::string& key) {
  // No site's key has a NUL, so the two cannot run into each other.
  std::string both = site;
  both += '\0';
  both += key;
  const auto whole = Sha256(both);
  Digest digest;
  std::copy_n(whole.begin(), digest.size(), digest.begin());
  return digest;
}

uint32_t IdentityCache::NumberOf(const std::string& site) {
  return sites_.try_emplace(site, static_cast<uint32_t>(sites_.size()))
      .first->second;
}

IdentityPtr IdentityCache::Find(const std::string& site, const std::string& key,
                                int64_t now_ms) const {
  const auto found = entries_.find(DigestOf(site, key));
  if (found == entries_.end() || found->second.expires_ms <= now_ms) {
    return nullptr;
  }
  return found->second.identity;
}

void IdentityCache::Put(const std::string& site, const std::string& key,
                        uint32_t subject, IdentityPtr identity,
                        int64_t now_ms) {
  const Digest digest = DigestOf(site, key);
  Kind* kind = identity->logged_in() ? &positive_ : &negative_;
  entries_.erase(digest);
  MakeRoom(kind, now_ms);
  const int64_t expires_ms = now_ms + kind->ttl_ms;
  kind->ages.push_back({digest, expires_ms});
  entries_.emplace(
      digest, Entry{std::move(identity), expires_ms, NumberOf(site), subject});
}

void IdentityCache::ForgetOldest(Kind* kind) {
  const Age oldest = kind->ages.front();
  kind->ages.pop_front();
  const auto found = entries_.find(oldest.digest);
  if (found != entries_.end() &&
      found->second.expires_ms == oldest.expires_ms) {
    entries_.erase(found);
  }
}

void IdentityCache::MakeRoom(Kind* kind, int64_t now_ms) {
  while (!kind->ages.empty() && (kind->ages.size() >= kind->limit ||
                                 kind->ages.front().expires_ms <= now_ms)) {
    ForgetOldest(kind);
  }
}

void IdentityCache::Expire(int64_t now_ms) {
  for (Kind* kind : {&positive_, &negative_}) {
    while (!kind->ages.empty() && kind->ages.front().expires_ms <= now_ms) {
      ForgetOldest(kind);
    }
  }
}

void IdentityCache::Drop(const std::string& site, const std::string& key) {
  entries_.erase(DigestOf(site, key));
}

void IdentityCache::DropUser(const std::string& site, uint32_t uid) {
  const uint32_t number = NumberOf(site);
  std::erase_if(entries_, [&](const auto& one) {
    return one.second.site == number && one.second.subject == uid;
  });
}

void IdentityCache::DropSite(const std::string& site) {
  const uint32_t number = NumberOf(site);
  std::erase_if(entries_,
                [&](const auto& one) { return one.second.site == number; });
}

}  // namespace rt
