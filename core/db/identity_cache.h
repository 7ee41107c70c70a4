// Answers that were given a moment ago, by site and session. Bounded: above
// its limit the oldest goes. Users and anonymous answers are kept apart, so
// that a flood of made-up session ids pushes no user out. Not thread-safe.
//
// Thousands of answers live here at once, so an entry is small: it is found by
// a digest of site and session, and notices about a user or a site, which are
// rare, look at all of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <unordered_map>

#include "drupal/identity.h"

namespace rt {

class IdentityCache {
 public:
  IdentityCache(size_t limit, int64_t positive_ttl_ms, int64_t negative_ttl_ms);

  // Null where nothing is known, or not any more.
  [[nodiscard]] IdentityPtr Find(const std::string& site,
                                 const std::string& key, int64_t now_ms) const;

  // `subject`: the user whom the answer is about, also where it is anonymous.
  void Put(const std::string& site, const std::string& key, uint32_t subject,
           IdentityPtr identity, int64_t now_ms);

  void Drop(const std::string& site, const std::string& key);
  void DropUser(const std::string& site, uint32_t uid);
  void DropSite(const std::string& site);
  // Forgets what is too old. From time to time, to give the memory back.
  void Expire(int64_t now_ms);

  [[nodiscard]] size_t size() const { return entries_.size(); }

 private:
  // Half of a SHA-256: finding another session with the same one is as hard
  // as guessing a session id.
  using Digest = std::array<uint8_t, 16>;
  struct DigestHash {
    size_t operator()(const Digest& digest) const {
      size_t hash = 0;
      std::memcpy(&hash, digest.data(), sizeof hash);
      return hash;
    }
  };
  struct Entry {
    IdentityPtr identity;
    int64_t expires_ms;
    uint32_t site;  // its number in sites_
    uint32_t subject;
  };
  struct Age {
    Digest digest;
    int64_t expires_ms;
  };
  // One kind of answers, oldest first: all live equally long. An age whose
  // entry was dropped or replaced since is passed over.
  struct Kind {
    size_t limit;
    int64_t ttl_ms;
    std::deque<Age> ages;
  };

  [[nodiscard]] static Digest DigestOf(const std::string& site,
                                       const std::string& key);
  [[nodiscard]] uint32_t NumberOf(const std::string& site);
  void ForgetOldest(Kind* kind);
  void MakeRoom(Kind* kind, int64_t now_ms);

  Kind positive_;
  Kind negative_;
  std::unordered_map<Digest, Entry, DigestHash> entries_;
  std::unordered_map<std::string, uint32_t> sites_;
};

}  // namespace rt
