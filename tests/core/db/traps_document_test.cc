// The traps that doc/comparisons.md lists are held by the tests that it names.
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <string>

#include "core/db/golden_site.h"
#include "source_dir.h"

namespace rt {
namespace {

TEST(TrapsDocument, NamesTestsThatExist) {
  std::string tests;
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(InSource("tests/core"))) {
    if (file.path().string().ends_with("_test.cc")) {
      tests += golden::ReadFile(file.path());
    }
  }
  const std::string document = golden::ReadFile(InSource("doc/comparisons.md"));
  const std::regex name("`([A-Z][A-Za-z]+)\\.([A-Z][A-Za-z0-9]+)`");
  int names = 0;
  for (std::sregex_iterator it(document.begin(), document.end(), name), end;
       it != end; ++it) {
    const std::string suite = "(" + it->str(1) + ",";
    const std::string test = it->str(2) + ") {";
    EXPECT_NE(tests.find(suite), std::string::npos) << it->str();
    EXPECT_NE(tests.find(test), std::string::npos) << it->str();
    ++names;
  }
  EXPECT_GT(names, 20);
}

}  // namespace
}  // namespace rt
