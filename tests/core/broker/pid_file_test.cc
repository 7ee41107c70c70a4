#include "broker/pid_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "core/broker/temp_dir.h"

namespace rt {
namespace {

using ::testing::HasSubstr;

TEST(PidFile, TellsThePidWhileItIsHeld) {
  TempDir dir;
  Result<PidFile> held = PidFile::Acquire(dir.path("p"));

  ASSERT_TRUE(held.ok());
  EXPECT_EQ(*RunningPid(dir.path("p")), ::getpid());
}

TEST(PidFile, RefusesASecondHolderAndNamesTheFirst) {
  TempDir dir;
  Result<PidFile> held = PidFile::Acquire(dir.path("p"));

  const Result<PidFile> second = PidFile::Acquire(dir.path("p"));

  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kDenied);
  EXPECT_THAT(second.error().message,
              HasSubstr("already running, pid " + std::to_string(::getpid())));
}

TEST(PidFile, TellsNobodyOnceItIsReleased) {
  TempDir dir;
  { Result<PidFile> held = PidFile::Acquire(dir.path("p")); }

  EXPECT_EQ(RunningPid(dir.path("p")).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(PidFile::Acquire(dir.path("p")).ok());
}

TEST(PidFile, AsksWithoutTakingTheLock) {
  TempDir dir;
  EXPECT_EQ(RunningPid(dir.path("p")).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(dir.path("p")));
}

TEST(PidFile, IsFreeAgainWhenItsHolderIsKilled) {
  TempDir dir;
  const std::string path = dir.path("p");
  int told[2];
  ASSERT_EQ(::pipe(told), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    Result<PidFile> held = PidFile::Acquire(path);
    if (::write(told[1], held.ok() ? "y" : "n", 1) != 1) ::_exit(1);
    while (true) ::pause();
  }
  char answer = 0;
  ASSERT_EQ(::read(told[0], &answer, 1), 1);
  ASSERT_EQ(answer, 'y');
  EXPECT_EQ(*RunningPid(path), child);

  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);

  EXPECT_FALSE(RunningPid(path).ok());
  EXPECT_TRUE(PidFile::Acquire(path).ok());
  ::close(told[0]);
  ::close(told[1]);
}

TEST(PidFile, IsForNobodyElseToLock) {
  TempDir dir;
  Result<PidFile> held = PidFile::Acquire(dir.path("p"));

  struct stat info = {};
  ASSERT_EQ(::stat(dir.path("p").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 077, 0u);
}

TEST(PidFile, RefusesASymbolicLink) {
  TempDir dir;
  dir.Write("precious", "kept");
  std::filesystem::create_symlink(dir.path("precious"), dir.path("p"));

  EXPECT_FALSE(PidFile::Acquire(dir.path("p")).ok());
  EXPECT_EQ(dir.Read("precious"), "kept");
}

TEST(PidFile, MovesItsLock) {
  TempDir dir;
  Result<PidFile> held = PidFile::Acquire(dir.path("p"));
  PidFile moved = std::move(*held);

  EXPECT_TRUE(RunningPid(dir.path("p")).ok());
}

}  // namespace
}  // namespace rt
