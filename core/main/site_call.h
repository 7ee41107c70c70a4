// Asking the running broker on behalf of a site, for the commands that do.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "broker/config.h"
#include "main/arguments.h"

namespace rt {

// Which site is meant, and the secret that says that one may.
class SiteChoice {
 public:
  // --key and --site.
  void AddOptions(Arguments* arguments);
  // After parsing. kInvalid with a sentence for the user.
  Status Resolve(const Config& config);

  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] const std::string& secret() const { return secret_; }
  // The document that was named; empty: none.
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  std::string key_;  // empty: the only one of this user
  std::string file_;
  std::string secret_;
};

// The result's JSON, or what went wrong.
Result<std::string> CallBroker(const Config& config, const SiteChoice& site,
                               std::string_view method,
                               std::string_view params);

}  // namespace rt
