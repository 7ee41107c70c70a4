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
  // seconds since 1970 (0: for good). kInvalid for a name that no token can
  // have, kLimit above kMaxRevocations: nothing has changed. kUnavailable where
  // it cannot be written: in force all the same, but not after a restart.
  Status BlockUser(std::string_view site, std::string_view user,
                   int64_t until_s);
  Status UnblockUser(std::string_view site, std::string_view user);
  Status RevokeToken(std::string_view site, std::string_view token_id,
                     int64_t until_s);
  // All of the user's tokens that were issued before, or say no time. A call
  // with an earlier time brings none of them back.
  Status InvalidateTokens(std::string_view site, std::string_view user,
                          int64_t issued_before_s, int64_t until_s);

  [[nodiscard]] bool IsBlocked(std::string_view site,
                               std::string_view user) const;
  [[nodiscard]] bool IsRevoked(std::string_view site, std::string_view user,
                               std::string_view token_id,
                               int64_t issued_at_s) const;
  [[nodiscard]] size_t size() const;

 private:
  using Entries = std::map<std::string, int64_t>;

  // Has `change` change the entries, then writes them. Questions wait for the
  // change, never for the disk.
  template <typename Change>
  Status Apply(Change change);
  [[nodiscard]] bool Stands(const std::string& key) const;

  const std::string path_;
  const Clock* clock_;
  std::mutex changing_;       // held by whoever changes, until it is written
  mutable std::mutex mutex_;  // of entries_, taken second
  // "SITE\tKIND\tNAME[\tTIME]" and until when.
  Entries entries_;
};

}  // namespace rt
