#include "bench/process_stats.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace rt::bench {
namespace {

TEST(ProcessStats, ReadsTheProportionalSetSize) {
  const auto bytes = ParsePss(
      "00400000-7fff rollup [rollup]\n"
      "Rss:                2048 kB\n"
      "Pss:                 512 kB\n"
      "Pss_Dirty:            64 kB\n");
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(*bytes, 512 * 1024);
}

TEST(ProcessStats, DoesNotGuessWhereTheLineIsMissing) {
  EXPECT_FALSE(ParsePss("Rss: 2048 kB\n").ok());
  EXPECT_FALSE(ParsePss("x\nPss: kB\n").ok());
  EXPECT_FALSE(ParsePss("").ok());
}

TEST(ProcessStats, KnowsThisProcess) {
  const auto cpu = ProcessCpuNs(getpid());
  const auto memory = ProcessMemoryBytes(getpid());
  ASSERT_TRUE(cpu.ok());
  ASSERT_TRUE(memory.ok());
  EXPECT_GT(*cpu, 0);
  EXPECT_GT(*memory, 100 * 1024);
}

TEST(ProcessStats, FailsForAProcessThatIsNot) {
  // Above the kernel's largest process id.
  EXPECT_FALSE(ProcessCpuNs(1 << 23).ok());
  EXPECT_FALSE(ProcessMemoryBytes(1 << 23).ok());
}

TEST(ProcessStats, DescribesTheMachineWithoutItsName) {
  char name[256] = "";
  ASSERT_EQ(gethostname(name, sizeof(name) - 1), 0);
  const std::string text = DescribeMachine();
  EXPECT_NE(text.find(" cores, Linux "), std::string::npos);
  if (std::string(name).size() > 4) {
    EXPECT_EQ(text.find(name), std::string::npos);
  }
}

}  // namespace
}  // namespace rt::bench
