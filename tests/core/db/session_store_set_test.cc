#include "db/session_store_set.h"

#include <gtest/gtest.h>

#include <map>

namespace rt {
namespace {

// A store in memory that can go away.
class FakeSessions {
 public:
  SessionStoreOpener opener() {
    return [this](const SessionStoreConfig&)
               -> Result<std::unique_ptr<SessionStore>> {
      ++opened;
      if (away) return Error{ErrorCode::kUnavailable, "away"};
      return std::unique_ptr<SessionStore>(new Connection(this));
    };
  }

  bool away = false;
  int broken = 0;  // so many reads fail
  bool closed = false;
  int opened = 0;
  int asked = 0;
  std::map<std::string, std::string> sessions;

 private:
  class Connection final : public SessionStore {
   public:
    explicit Connection(FakeSessions* sessions) : sessions_(sessions) {}
    SessionRead Read(const std::string& key) override {
      ++sessions_->asked;
      if (sessions_->away || sessions_->broken-- > 0) {
        return Error{ErrorCode::kUnavailable, "no answer"};
      }
      const auto found = sessions_->sessions.find(key);
      if (found == sessions_->sessions.end()) return SessionRead(std::nullopt);
      return SessionRead(found->second);
    }
    Result<std::vector<SessionRead>> ReadAll(
        const std::vector<std::string>& keys) override {
      std::vector<SessionRead> reads;
      for (const std::string& key : keys) reads.push_back(Read(key));
      return reads;
    }
    bool alive() override { return !sessions_->closed; }

   private:
    FakeSessions* sessions_;
  };
};

SiteLogin Site(const std::string& key) {
  SiteLogin site;
  site.key = key;
  return site;
}

class SessionStoreSetTest : public testing::Test {
 protected:
  SessionStoreSetTest() { fake_.sessions["id"] = "data"; }

  FakeSessions fake_;
  SessionStoreOpener open_ = fake_.opener();
  SessionStoreSet set_{2, open_};
};

TEST_F(SessionStoreSetTest, UsesASitesConnectionAgain) {
  EXPECT_TRUE(set_.empty());
  EXPECT_EQ(*set_.Read(Site("one"), 1, "id"), "data");
  EXPECT_EQ(*set_.Read(Site("one"), 1, "other"), std::nullopt);
  EXPECT_EQ(fake_.opened, 1);
  EXPECT_FALSE(set_.empty());
}

TEST_F(SessionStoreSetTest, ConnectsAnewForANewDocument) {
  EXPECT_TRUE(set_.Read(Site("one"), 1, "id").ok());
  EXPECT_TRUE(set_.Read(Site("one"), 2, "id").ok());
  EXPECT_EQ(fake_.opened, 2);
}

TEST_F(SessionStoreSetTest, AsksADeadConnectionsSuccessorOnce) {
  EXPECT_TRUE(set_.Read(Site("one"), 1, "id").ok());
  fake_.broken = 1;
  EXPECT_EQ(*set_.Read(Site("one"), 1, "id"), "data");
  EXPECT_EQ(fake_.opened, 2);

  fake_.broken = 2;
  EXPECT_FALSE(set_.Read(Site("one"), 1, "id").ok());
  EXPECT_EQ(fake_.asked, 5);
}

TEST_F(SessionStoreSetTest, AsksNoConnectionThatTheServerClosed) {
  EXPECT_TRUE(set_.Read(Site("one"), 1, "id").ok());
  fake_.closed = true;
  EXPECT_TRUE(set_.Read(Site("one"), 1, "id").ok());
  EXPECT_EQ(fake_.asked, 2);
  EXPECT_EQ(fake_.opened, 2);
}

TEST_F(SessionStoreSetTest, LeavesAStoreThatFailedAloneForAMoment) {
  fake_.away = true;
  EXPECT_FALSE(set_.Read(Site("one"), 1, "id").ok());
  const auto again = set_.Read(Site("one"), 1, "id");
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(fake_.opened, 1);
  EXPECT_FALSE(set_.Read(Site("two"), 1, "id").ok());
  EXPECT_EQ(fake_.opened, 2) << "another site's is another store";

  fake_.away = false;
  while (!set_.Read(Site("one"), 1, "id").ok()) {
  }
  EXPECT_EQ(fake_.opened, 3);
}

TEST_F(SessionStoreSetTest, ClosesTheOneThatWasIdleLongest) {
  for (const char* site : {"one", "two", "one", "three", "one"}) {
    EXPECT_TRUE(set_.Read(Site(site), 1, "id").ok());
  }
  EXPECT_EQ(fake_.opened, 3);
  EXPECT_TRUE(set_.Read(Site("two"), 1, "id").ok());
  EXPECT_EQ(fake_.opened, 4);
}

}  // namespace
}  // namespace rt
