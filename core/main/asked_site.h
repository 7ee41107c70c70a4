// The site that a command asks about, through the library that other programs
// use too (native/drupal.h). Needs no broker that runs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "main/arguments.h"
#include "main/command_line.h"
#include "main/site_call.h"
#include "native/drupal.h"

namespace rt {

// Besides kDone and the others: nothing can be said. For a question that is
// answered with yes or no, 0 and 1 are the answers.
inline constexpr int kCannotTell = 3;

class AskedSite {
 public:
  // --site, --key, where registered sites are found, and --json.
  void AddOptions(Arguments* arguments);

  // After parsing. Null: complained, for wrong usage.
  std::unique_ptr<drupalrt::Drupal> Open();

  [[nodiscard]] bool json() const { return json_; }

 private:
  ConfigFlags location_;
  SiteChoice choice_;
  bool json_ = false;
};

// A number such as UID; complains where it is none.
std::optional<uint64_t> ParseId(std::string_view what, std::string_view text,
                                uint64_t max);

// Prints the verdict and why, and returns the exit status that says it.
int TellDecision(const drupalrt::Answer<drupalrt::Decision>& answer, bool json);

// Complains, and returns the exit status.
int TellError(const drupalrt::Error& error, int status);

}  // namespace rt
