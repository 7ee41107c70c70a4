// doc/configuration.md says of every key what the table of keys says.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "broker/config_keys.h"
#include "source_dir.h"

namespace rt {
namespace {

// The key's line in the document's table.
std::string RowOf(const ConfigKey& key) {
  const std::string value = ConfigValueToml(key, Config{});
  const std::string flag = FlagName(key);
  return fmt::format("| `{}` | {} | {} | {} |", key.name,
                     value.empty() ? "none" : "`" + value + "`",
                     flag.empty() ? "none" : "`" + flag + "`",
                     DescribeConfigKey(key));
}

TEST(ConfigDoc, SaysOfEveryKeyWhatTheTableSays) {
  std::ifstream file(InSource("doc/configuration.md"));
  const std::string doc{std::istreambuf_iterator<char>(file), {}};

  for (const ConfigKey& key : ConfigKeys()) {
    EXPECT_NE(doc.find("\n" + RowOf(key) + "\n"), std::string::npos)
        << "missing in doc/configuration.md:\n"
        << RowOf(key);
  }
}

TEST(ConfigDoc, SaysNothingOfKeysThatAreNot) {
  std::ifstream file(InSource("doc/configuration.md"));

  for (std::string line; std::getline(file, line);) {
    // The table of keys is the one with four columns.
    if (std::count(line.begin(), line.end(), '|') != 5) continue;
    if (!line.starts_with("| `")) continue;
    const std::string name = line.substr(3, line.find('`', 3) - 3);
    EXPECT_NE(FindConfigKey(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace rt
