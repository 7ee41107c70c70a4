#include "db/job_queue.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

std::shared_ptr<LoginJob> Job(const std::string& site, const std::string& key) {
  SiteLogin login;
  login.key = site;
  auto job = std::make_shared<LoginJob>();
  job->site = std::make_shared<const SiteLogin>(login);
  job->cache_key = key;
  return job;
}

TEST(JobQueue, TakesTheOldestOfASiteFirst) {
  JobQueue queue(2, 100);
  EXPECT_FALSE(queue.ready());
  queue.Push(Job("a", "1"));
  queue.Push(Job("a", "2"));
  queue.PushFirst(Job("a", "0"));
  EXPECT_EQ(queue.size(), 3u);
  EXPECT_EQ(queue.Take()->cache_key, "0");
  EXPECT_EQ(queue.Take()->cache_key, "1");
}

TEST(JobQueue, LetsNoSiteHaveMoreThanItsShare) {
  JobQueue queue(2, 100);
  for (const char* key : {"1", "2", "3"}) queue.Push(Job("slow", key));
  (void)queue.Take();
  (void)queue.Take();
  EXPECT_FALSE(queue.ready());

  queue.Push(Job("other", "1"));

  ASSERT_TRUE(queue.ready());
  EXPECT_EQ(queue.Take()->site->key, "other");
  EXPECT_FALSE(queue.ready());
  queue.Done("slow");
  ASSERT_TRUE(queue.ready());
  EXPECT_EQ(queue.Take()->cache_key, "3");
}

TEST(JobQueue, LeavesAQuarterOfItsPlacesToOtherSites) {
  JobQueue queue(1, 8);
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(queue.HasRoom("slow"));
    queue.Push(Job("slow", std::to_string(i)));
  }
  EXPECT_FALSE(queue.HasRoom("slow"));
  ASSERT_TRUE(queue.HasRoom("other"));
  queue.Push(Job("other", "1"));
  queue.Push(Job("another", "1"));
  EXPECT_FALSE(queue.HasRoom("other"));

  (void)queue.Take();
  EXPECT_TRUE(queue.HasRoom("slow"));
}

TEST(JobQueue, HasAPlaceHoweverSmallItIs) {
  JobQueue queue(1, 1);
  EXPECT_TRUE(queue.HasRoom("a"));
}

TEST(JobQueue, CountsWhatElseRunsOfASite) {
  JobQueue queue(1, 100);
  queue.Push(Job("a", "1"));
  queue.Begin("a");
  EXPECT_FALSE(queue.MayRun("a"));
  EXPECT_TRUE(queue.MayRun("b"));
  EXPECT_FALSE(queue.ready());
  queue.Done("a");
  EXPECT_TRUE(queue.ready());
}

TEST(JobQueue, LetsSitesTakeTurns) {
  JobQueue queue(8, 100);
  for (const char* key : {"1", "2", "3"}) queue.Push(Job("many", key));
  queue.Push(Job("few", "1"));
  EXPECT_EQ(queue.Take()->site->key, "many");
  EXPECT_EQ(queue.Take()->site->key, "few");
  EXPECT_EQ(queue.Take()->site->key, "many");
}

TEST(JobQueue, GivesAllUpAtTheEnd) {
  JobQueue queue(1, 100);
  for (const char* key : {"1", "2", "3"}) queue.Push(Job("a", key));
  (void)queue.Take();
  EXPECT_EQ(queue.TakeAny()->cache_key, "2");
  EXPECT_EQ(queue.TakeAny()->cache_key, "3");
  EXPECT_EQ(queue.size(), 0u);
  queue.Done("a");
}

}  // namespace
}  // namespace rt
