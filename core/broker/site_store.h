// Site documents that outlive the broker: STATE/sites/KEY.json (0600, in a
// folder of 0700), each with the uid of the process that registered it.
// Blocking file I/O; one thread. Documents named by --site are never put here.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace rt {

class SiteStore {
 public:
  struct Record {
    std::string key;
    uid_t uid = 0;     // who registered it, by SO_PEERCRED
    std::string json;  // the document, byte for byte
  };

  // Makes STATE/sites. `state` exists.
  static Result<SiteStore> Open(const std::string& state);

  // For a command that only reads; kNotFound where there is none that this
  // user may read.
  static Result<SiteStore> OpenToRead(const std::string& state);

  // Every record, sorted by key. A file that cannot be read as one is logged
  // and left alone.
  [[nodiscard]] std::vector<Record> LoadAll() const;

  // When it returns ok, the record survives a power loss. On failure the
  // former one is still there. kInvalid: not a key; kUnavailable: the disk.
  Status Put(const Record& record);

  // kNotFound where there is none.
  Status Remove(const std::string& key);

 private:
  explicit SiteStore(std::string dir) : dir_(std::move(dir)) {}

  [[nodiscard]] std::string PathOf(const std::string& key) const;

  std::string dir_;
};

// [A-Za-z0-9._-]{1,64}, and neither "." nor "..".
[[nodiscard]] bool IsSiteKey(std::string_view key);

}  // namespace rt
