// Users who may not connect and tokens that are no good any more, by site.
// Kept in the state folder, so that a restart lets nobody back in.
// Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace rt {

class Revocations {
 public:
  // `path`: the file; empty: kept in memory alone. A file that cannot be read
  // is an error, because forgetting it would open doors.
  static Result<std::map<std::string, int64_t>> Load(const std::string& path);
  Revocations(std::string path, std::map<std::string, int64_t> entries,
              const Clock* clock);

  // All take the site's key (empty: the broker's own) and until when in
  // seconds since 1970 (0: for good). kLimit above kMaxRevocations,
  // kUnavailable where it cannot be written.
  Status BlockUser(std::string_view site, std::string_view user,
                   int64_t until_s);
  Status UnblockUser(std::string_view site, std::string_view user);
  Status RevokeToken(std::string_view site, std::string_view token_id,
                     int64_t until_s);
  // All of the user's tokens that were issued before, or say no time.
  Status InvalidateTokens(std::string_view site, std::string_view user,
                          int64_t issued_before_s, int64_t until_s);

  [[nodiscard]] bool IsBlocked(std::string_view site,
                               std::string_view user) const;
  [[nodiscard]] bool IsRevoked(std::string_view site, std::string_view user,
                               std::string_view token_id,
                               int64_t issued_at_s) const;
  [[nodiscard]] size_t size() const;

 private:
  Status Put(std::string key, int64_t until_s);
  [[nodiscard]] Status Write() const;
  [[nodiscard]] bool Stands(const std::string& key) const;

  const std::string path_;
  const Clock* clock_;
  mutable std::mutex mutex_;
  // "SITE\tKIND\tNAME[\tTIME]" and until when.
  std::map<std::string, int64_t> entries_;
};

}  // namespace rt
