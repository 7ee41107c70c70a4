// The certificate of the broker's own TLS, and whether its files have changed:
// looked at once a second, because whoever renews a certificate tells nobody.
// A pair that cannot be used changes nothing and is an error in the log. Once a
// day all is made anew, so that no key of tickets is used for longer.
//
// Belongs to the main thread; what it loads goes to the workers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "broker/config.h"
#include "net/tls_context.h"

namespace rt {

class TlsFiles {
 public:
  explicit TlsFiles(TlsConfig config) : config_(std::move(config)) {}

  // Null where no TLS is configured.
  [[nodiscard]] Result<TlsContextPtr> Load();
  // What the files hold now, good or not having changed; null: go on with what
  // there is.
  [[nodiscard]] TlsContextPtr Reload();
  // Reloads where the files have changed since, and have been still from the
  // last call to this one: a pair is two files, written one after the other.
  // `now_ms`: monotonic.
  [[nodiscard]] TlsContextPtr Poll(int64_t now_ms);

  // Whose certificate it is, and until when.
  [[nodiscard]] const std::string& current() const { return current_; }

 private:
  // Of a file; all zero where there is none.
  struct Stamp {
    uint64_t inode = 0;
    int64_t size = 0;
    int64_t modified_ns = 0;
    int64_t changed_ns = 0;  // its owner and mode, too
    bool operator==(const Stamp&) const = default;
  };
  [[nodiscard]] std::vector<Stamp> Look() const;

  TlsConfig config_;
  std::string current_;
  std::vector<Stamp> loaded_;
  std::vector<Stamp> seen_;
  int64_t renewed_ms_ = 0;  // 0: not yet polled
};

}  // namespace rt
