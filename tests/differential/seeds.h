// Data that real PHP and real Drupal wrote, to start from: the recorded
// vectors, the recorded sites, and what the PHP at hand writes.
#pragma once

#include <string>
#include <vector>

#include "differential/php_process.h"

namespace rt {

struct Seeds {
  std::vector<std::string> php;            // sessions of the handler "php"
  std::vector<std::string> php_serialize;  // and of the other
  std::vector<std::string> values;
  std::vector<std::string> roles;
};

// Ends the process where recordings are missing.
[[nodiscard]] Seeds LoadSeeds(PhpProcess* php);

}  // namespace rt
