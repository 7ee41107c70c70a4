// Answers that were given a moment ago, by site and session. Bounded: above
// its limit the oldest goes. Users and anonymous answers are kept apart, so
// that a flood of made-up session ids pushes no user out. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "drupal/identity.h"

namespace rt {

class IdentityCache {
 public:
  IdentityCache(size_t limit, int64_t positive_ttl_ms, int64_t negative_ttl_ms);

  // Null where nothing is known, or not any more.
  [[nodiscard]] IdentityPtr Find(const std::string& site,
                                 const std::string& key, int64_t now_ms);

  // `subject`: the user whom the answer is about, also where it is anonymous.
  void Put(const std::string& site, const std::string& key, uint32_t subject,
           IdentityPtr identity, int64_t now_ms);

  void Drop(const std::string& site, const std::string& key);
  void DropUser(const std::string& site, uint32_t uid);
  void DropSite(const std::string& site);

  [[nodiscard]] size_t size() const {
    return positive_.ages.size() + negative_.ages.size();
  }

 private:
  struct Age {
    std::string site;
    std::string key;
    int64_t expires_ms;
  };
  // One kind of answers, oldest first: all live equally long.
  struct Kind {
    size_t limit;
    int64_t ttl_ms;
    std::list<Age> ages;
  };
  struct Entry {
    IdentityPtr identity;
    uint32_t subject;
    Kind* kind;
    std::list<Age>::iterator age;
  };
  struct OfSite {
    std::unordered_map<std::string, Entry> by_key;
    std::unordered_multimap<uint32_t, std::string> by_user;
  };

  void MakeRoom(Kind* kind, int64_t now_ms);

  Kind positive_;
  Kind negative_;
  std::unordered_map<std::string, OfSite> sites_;
};

}  // namespace rt
