#include "bench/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rt::bench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Measurement FanOut(const char* server, int64_t round, double cpu) {
  Measurement m;
  m.scenario = "fanout";
  m.server = server;
  m.round = round;
  m.subscribers = 1000;
  m.in_flight = 2;
  m.values = {{kDeliveriesPerS, 1234567},
              {kCpuPerMillionS, cpu},
              {kLatencyP50Us, 1500},
              {kLatencyP99Us, 250000}};
  return m;
}

TEST(Report, TakesTheMedianThatOneBadRoundDoesNotMove) {
  EXPECT_EQ(Median({3, 100, 1}), 3);
  EXPECT_EQ(Median({4, 2}), 3);
}

TEST(Report, ComparesWithTheLimitOfTheSameRound) {
  // The machine was twice as slow in the second round.
  const auto tables =
      MakeTables({FanOut("limit", 1, 1), FanOut("limit", 2, 2),
                  FanOut("drupalrt", 1, 1.1), FanOut("drupalrt", 2, 2.2)});

  ASSERT_EQ(tables.size(), 2u);
  EXPECT_THAT(tables[0].rows[0], ElementsAre("1,000", "2", "limit", "1,234,567",
                                             "1.50", "1.00", "1.50", "250"));
  EXPECT_EQ(tables[0].rows[1][5], "1.10");
  EXPECT_THAT(tables[1].rows[0],
              ElementsAre(HasSubstr("at most 1.2"), "1.10", "yes"));
}

TEST(Report, SaysWhereAnAimIsMissed) {
  const auto tables =
      MakeTables({FanOut("limit", 1, 1), FanOut("drupalrt", 1, 1.3)});
  EXPECT_EQ(tables[1].rows[0][2], "no");
}

TEST(Report, LeavesOutWhatWasNotMeasured) {
  EXPECT_TRUE(MakeTables({}).empty());
  const auto tables = MakeTables({FanOut("drupalrt", 1, 1.3)});
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].rows[0][5], "");
}

TEST(Report, ComesAsTextMarkdownAndJson) {
  const std::vector<Table> tables{
      {"Title", {"server", "rate"}, {{"ws", "1,000"}, {"limit", "2"}}}};

  EXPECT_EQ(ToText(tables),
            "Title\n\n"
            "  server  rate\n"
            "  ws      1,000\n"
            "  limit       2\n");
  EXPECT_EQ(ToMarkdown(tables),
            "### Title\n\n"
            "| server | rate |\n"
            "|---|---:|\n"
            "| ws | 1,000 |\n"
            "| limit | 2 |\n");
  EXPECT_EQ(TablesToJson(tables),
            "[{\"title\":\"Title\",\"rows\":[\n"
            "  {\"server\":\"ws\",\"rate\":\"1,000\"},\n"
            "  {\"server\":\"limit\",\"rate\":\"2\"}]}]\n");
}

TEST(Measurement, ComesBackFromItsLine) {
  Measurement m = FanOut("drupalrt", 3, 1.25);
  m.login = true;

  const auto read = ParseMeasurements(ToJson(m) + "\n\n" + ToJson(m));

  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->size(), 2u);
  const Measurement& back = read->at(1);
  EXPECT_EQ(back.scenario, "fanout");
  EXPECT_EQ(back.server, "drupalrt");
  EXPECT_EQ(back.round, 3);
  EXPECT_EQ(back.subscribers, 1000);
  EXPECT_EQ(back.in_flight, 2);
  EXPECT_TRUE(back.login);
  EXPECT_EQ(back.values.at(kCpuPerMillionS), 1.25);
}

TEST(Measurement, IsRefusedWhereALineIsNone) {
  EXPECT_FALSE(ParseMeasurements("{\"scenario\":\"fanout\"}").ok());
  EXPECT_FALSE(ParseMeasurements("nonsense\n").ok());
}

}  // namespace
}  // namespace rt::bench
