// The rights that doc/databases.md tells an operator to grant.
#pragma once

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "core/db/golden_site.h"
#include "source_dir.h"

namespace rt {

// The lines of the file's block of SQL under this heading.
inline std::vector<std::string> GrantsUnder(const std::string& heading) {
  std::istringstream file(golden::ReadFile(InSource("doc/databases.md")));
  std::vector<std::string> lines;
  std::string line;
  bool there = false;
  while (std::getline(file, line)) {
    if (line.starts_with("#")) there = line.ends_with(heading);
    if (there && line.starts_with("    ")) lines.push_back(line.substr(4));
  }
  EXPECT_GE(lines.size(), 3u) << heading;
  return lines;
}

}  // namespace rt
