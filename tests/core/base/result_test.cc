#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace rt {
namespace {

Result<int> Half(int number) {
  if (number % 2 != 0) return Error{ErrorCode::kInvalid, "odd"};
  return number / 2;
}

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> good = Half(4);
  const Result<int> bad = Half(3);

  ASSERT_TRUE(good.ok());
  EXPECT_TRUE(static_cast<bool>(good));
  EXPECT_EQ(*good, 2);
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(bad.error().message, "odd");
}

TEST(Result, GivesAwayAValueThatCannotBeCopied) {
  Result<std::unique_ptr<int>> made(std::make_unique<int>(7));

  std::unique_ptr<int> taken = std::move(made).value();

  EXPECT_EQ(*taken, 7);
}

TEST(Result, HoldsAValueThatIsItselfAnErrorCode) {
  const Result<ErrorCode> code(ErrorCode::kLimit);

  EXPECT_TRUE(code.ok());
  EXPECT_EQ(*code, ErrorCode::kLimit);
}

TEST(ResultDeathTest, AskingForWhatIsNotThereEndsTheProgram) {
  const Result<int> good = Half(4);
  const Result<int> bad = Half(3);

  EXPECT_DEATH((void)*bad, "check failed");
  EXPECT_DEATH((void)good.error(), "check failed");
}

TEST(Status, IsOkUnlessMadeFromAnError) {
  const Status good;
  const Status bad(Error{ErrorCode::kUnavailable, "away"});

  EXPECT_TRUE(good.ok());
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().message, "away");
  EXPECT_DEATH((void)good.error(), "check failed");
}

TEST(Error, EveryCodeHasItsName) {
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kInvalid), "invalid");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kNotFound), "not found");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kDenied), "denied");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kLimit), "limit");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kUnavailable), "unavailable");
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kInternal), "internal");
}

}  // namespace
}  // namespace rt
