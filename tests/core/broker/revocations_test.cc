#include "broker/revocations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <optional>

#include "base/limits.h"
#include "core/broker/temp_dir.h"

namespace rt {
namespace {

constexpr int64_t kNow = 1'700'000'000;

class RevocationsTest : public testing::Test {
 protected:
  RevocationsTest() {
    SetNow(kNow);
    Restart();
  }

  // A broker that finds what the former one kept.
  void Restart() {
    auto entries = Revocations::Load(path_);
    ASSERT_TRUE(entries.ok()) << entries.error().message;
    revoked_.emplace(path_, std::move(entries).value(), &clock_);
  }
  [[nodiscard]] bool IsBlocked(std::string_view user) const {
    return revoked_->IsBlocked("one", user);
  }
  [[nodiscard]] bool IsRevoked(std::string_view user, std::string_view id,
                               int64_t issued_at_s) const {
    return revoked_->IsRevoked("one", user, id, issued_at_s);
  }

  void SetNow(int64_t now_s) {
    clock_.Advance(now_s * 1000 - clock_.wall_ms());
  }

  TempDir dir_;
  std::string path_ = dir_.path("revocations.json");
  ManualClock clock_;
  std::optional<Revocations> revoked_;
};

TEST_F(RevocationsTest, ABlockedUserIsBlockedAtThatSiteAlone) {
  ASSERT_TRUE(revoked_->BlockUser("one", "5", 0).ok());
  EXPECT_TRUE(IsBlocked("5"));
  EXPECT_FALSE(IsBlocked("55"));
  EXPECT_FALSE(IsBlocked(""));
  EXPECT_FALSE(revoked_->IsBlocked("two", "5"));
  EXPECT_FALSE(revoked_->IsBlocked("", "5"));
  ASSERT_TRUE(revoked_->UnblockUser("one", "5").ok());
  EXPECT_FALSE(IsBlocked("5"));
}

TEST_F(RevocationsTest, ARevokedTokenIsThatTokenAlone) {
  ASSERT_TRUE(revoked_->RevokeToken("one", "id", 0).ok());
  EXPECT_TRUE(IsRevoked("5", "id", kNow));
  EXPECT_FALSE(IsRevoked("5", "other", kNow));
  EXPECT_FALSE(IsRevoked("5", "", kNow));
  EXPECT_FALSE(revoked_->IsRevoked("two", "5", "id", kNow));
  EXPECT_FALSE(IsBlocked("id"));
}

TEST_F(RevocationsTest, AUsersTokensAreInvalidByWhenTheyWereIssued) {
  ASSERT_TRUE(revoked_->InvalidateTokens("one", "5", kNow, 0).ok());
  EXPECT_TRUE(IsRevoked("5", "id", kNow - 1));
  EXPECT_TRUE(IsRevoked("5", "", 0)) << "one that does not say when";
  EXPECT_FALSE(IsRevoked("5", "id", kNow));
  EXPECT_FALSE(IsRevoked("6", "id", kNow - 1));
  EXPECT_FALSE(IsRevoked("5\t1", "id", kNow - 1));
}

TEST_F(RevocationsTest, AnEarlierTimeBringsNoTokenBack) {
  ASSERT_TRUE(revoked_->InvalidateTokens("one", "5", kNow, 0).ok());
  ASSERT_TRUE(
      revoked_->InvalidateTokens("one", "5", kNow - 100, kNow + 60).ok());
  EXPECT_TRUE(IsRevoked("5", "", kNow - 1));
  EXPECT_EQ(revoked_->size(), 1U);
  SetNow(kNow + 61);
  EXPECT_TRUE(IsRevoked("5", "", kNow - 1)) << "the first was for good";
  ASSERT_TRUE(revoked_->InvalidateTokens("one", "5", kNow + 50, 0).ok());
  EXPECT_TRUE(IsRevoked("5", "", kNow + 49));
  EXPECT_EQ(revoked_->size(), 1U);
}

TEST_F(RevocationsTest, WhatHasAnEndEndsAndIsForgotten) {
  ASSERT_TRUE(revoked_->BlockUser("one", "5", kNow + 60).ok());
  ASSERT_TRUE(revoked_->RevokeToken("one", "id", kNow + 60).ok());
  SetNow(kNow + 59);
  EXPECT_TRUE(IsBlocked("5"));
  EXPECT_TRUE(IsRevoked("5", "id", 0));
  SetNow(kNow + 60);
  EXPECT_FALSE(IsBlocked("5"));
  EXPECT_FALSE(IsRevoked("5", "id", 0));
  ASSERT_TRUE(revoked_->BlockUser("one", "6", 0).ok());
  EXPECT_EQ(revoked_->size(), 1U);
  EXPECT_EQ(dir_.Read("revocations.json").find("\"one\\tuser\\t5\""),
            std::string::npos);
}

TEST_F(RevocationsTest, AllOfItOutlivesARestart) {
  ASSERT_TRUE(revoked_->BlockUser("one", "quo\"te\\", 0).ok());
  ASSERT_TRUE(revoked_->RevokeToken("", "id", kNow + 60).ok());
  ASSERT_TRUE(revoked_->InvalidateTokens("one", "5", kNow, 0).ok());
  Restart();
  EXPECT_EQ(revoked_->size(), 3U);
  EXPECT_TRUE(IsBlocked("quo\"te\\"));
  EXPECT_TRUE(revoked_->IsRevoked("", "7", "id", kNow));
  EXPECT_TRUE(IsRevoked("5", "", kNow - 1));
  ASSERT_TRUE(revoked_->UnblockUser("one", "quo\"te\\").ok());
  Restart();
  EXPECT_FALSE(IsBlocked("quo\"te\\"));
}

TEST_F(RevocationsTest, TheFileIsTheBrokersAlone) {
  ASSERT_TRUE(revoked_->BlockUser("one", "5", 0).ok());
  struct stat info;
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST_F(RevocationsTest, AFileThatIsNotItsOwnStopsTheStart) {
  for (const char* text : {"rubbish", "[]", R"({"one\tuser\t5":"x"})",
                           R"({"one\tuser\t5":1.5})", ""}) {
    dir_.Write("revocations.json", text);
    const auto entries = Revocations::Load(path_);
    ASSERT_FALSE(entries.ok()) << text;
    EXPECT_THAT(entries.error().message,
                testing::HasSubstr("move it away to start with nobody blocked"))
        << text;
  }
}

TEST_F(RevocationsTest, WhatCannotBeWrittenIsInForceAllTheSame) {
  Revocations homeless(dir_.path("gone/revocations.json"), {}, &clock_);
  EXPECT_EQ(homeless.BlockUser("one", "5", 0).error().code,
            ErrorCode::kUnavailable);
  EXPECT_TRUE(homeless.IsBlocked("one", "5"));
}

TEST_F(RevocationsTest, NamesThatNoTokenHasAreRefused) {
  for (const std::string& name :
       {std::string(), std::string("5\t6"), std::string("5\n"),
        std::string(kMaxTokenNameBytes + 1, 'a')}) {
    EXPECT_EQ(revoked_->BlockUser("one", name, 0).error().code,
              ErrorCode::kInvalid);
    EXPECT_EQ(revoked_->RevokeToken("one", name, 0).error().code,
              ErrorCode::kInvalid);
    EXPECT_EQ(revoked_->InvalidateTokens("one", name, 1, 0).error().code,
              ErrorCode::kInvalid);
  }
  EXPECT_EQ(revoked_->size(), 0U);
}

TEST_F(RevocationsTest, OneTooManyIsRefusedAndOneThereMayChange) {
  std::map<std::string, int64_t> many;
  for (size_t i = 0; i < kMaxRevocations; ++i) {
    many["one\tuser\t" + std::to_string(i)] = kNow + 60;
  }
  Revocations full("", std::move(many), &clock_);
  EXPECT_EQ(full.BlockUser("one", "new", 0).error().code, ErrorCode::kLimit);
  EXPECT_FALSE(full.IsBlocked("one", "new"));
  EXPECT_TRUE(full.BlockUser("one", "7", 0).ok());
  ASSERT_TRUE(full.UnblockUser("one", "8").ok());
  EXPECT_TRUE(full.BlockUser("one", "new", 0).ok());
  SetNow(kNow + 60);
  EXPECT_TRUE(full.BlockUser("one", "newer", 0).ok());
  EXPECT_EQ(full.size(), 3U) << "those for good";
}

}  // namespace
}  // namespace rt
