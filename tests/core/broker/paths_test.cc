#include "broker/paths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "broker/config.h"
#include "core/broker/temp_dir.h"

namespace rt {
namespace {

using ::testing::HasSubstr;

class Paths : public ::testing::Test {
 protected:
  Paths() {
    rules_.system_socket_dir = dir_.path("run");
    rules_.user_socket_dir = dir_.path("tmp");
    rules_.system_state_dir = dir_.path("var");
    rules_.user_state_dir = dir_.path("home/.local/state/drupalrt");
    rules_.last_state_dir = dir_.path("last");
    rules_.uid = ::geteuid();
  }

  static mode_t ModeOf(const std::string& path) {
    struct stat info = {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
    return info.st_mode & 07777;
  }

  TempDir dir_;
  PathRules rules_;
  Config config_;
};

TEST_F(Paths, TakesTheSystemsFolderWhereItExists) {
  ::mkdir(dir_.path("run").c_str(), 0755);
  ::mkdir(dir_.path("var").c_str(), 0755);

  ASSERT_TRUE(ResolvePaths(&config_, rules_).ok());

  EXPECT_EQ(config_.socket, dir_.path("run/drupalrt.sock"));
  EXPECT_EQ(config_.state, dir_.path("var"));
}

TEST_F(Paths, ElseMakesPrivateFoldersOfTheUser) {
  ASSERT_TRUE(ResolvePaths(&config_, rules_).ok());

  EXPECT_EQ(config_.socket, dir_.path("tmp/s"));
  EXPECT_EQ(ModeOf(dir_.path("tmp")), 0700u);
  EXPECT_EQ(config_.state, rules_.user_state_dir);
  EXPECT_EQ(ModeOf(rules_.user_state_dir), 0700u);
}

TEST_F(Paths, TakesTheLastStateFolderWhereTheUserHasNoHome) {
  // Nobody can make a folder below a file.
  dir_.Write("home", "");

  ASSERT_TRUE(ResolvePaths(&config_, rules_).ok());

  EXPECT_EQ(config_.state, rules_.last_state_dir);
  EXPECT_EQ(ModeOf(rules_.last_state_dir), 0700u);
}

TEST_F(Paths, RefusesASymbolicLinkInPlaceOfAPrivateFolder) {
  ::mkdir(dir_.path("elsewhere").c_str(), 0700);
  std::filesystem::create_symlink(dir_.path("elsewhere"), dir_.path("tmp"));

  const Status status = ResolvePaths(&config_, rules_);

  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kDenied);
  EXPECT_THAT(status.error().message, HasSubstr("is a symbolic link"));
}

TEST_F(Paths, RefusesAFolderThatOthersCanEnter) {
  ::mkdir(dir_.path("tmp").c_str(), 0700);
  ::chmod(dir_.path("tmp").c_str(), 0755);

  EXPECT_THAT(MakePrivateDir(dir_.path("tmp"), rules_.uid).error().message,
              HasSubstr("is open to other users"));
}

TEST_F(Paths, RefusesAFolderOfAnotherUser) {
  ::mkdir(dir_.path("tmp").c_str(), 0700);

  EXPECT_THAT(MakePrivateDir(dir_.path("tmp"), rules_.uid + 1).error().message,
              HasSubstr("belongs to another user"));
}

TEST_F(Paths, RefusesAFileInPlaceOfAFolder) {
  dir_.Write("tmp", "");

  EXPECT_THAT(MakePrivateDir(dir_.path("tmp"), rules_.uid).error().message,
              HasSubstr("is not a folder"));
}

TEST_F(Paths, TakesAFolderThatIsPrivateAlready) {
  EXPECT_TRUE(MakePrivateDir(dir_.path("tmp"), rules_.uid).ok());
  EXPECT_TRUE(MakePrivateDir(dir_.path("tmp"), rules_.uid).ok());
}

TEST_F(Paths, MakesTheFoldersThatTheConfigurationNames) {
  config_.socket = dir_.path("a/b/rt.sock");
  config_.state = dir_.path("c/d");

  ASSERT_TRUE(ResolvePaths(&config_, rules_).ok());

  EXPECT_TRUE(std::filesystem::is_directory(dir_.path("a/b")));
  EXPECT_EQ(ModeOf(dir_.path("c/d")), 0700u);
}

TEST_F(Paths, MakesRelativePathsAbsolute) {
  config_.socket = "rt.sock";
  config_.state = "./state/../state";

  ASSERT_TRUE(FindPaths(&config_, rules_).ok());

  const std::string here = std::filesystem::current_path().string();
  EXPECT_EQ(config_.socket, here + "/rt.sock");
  EXPECT_EQ(config_.state, here + "/state");
}

TEST_F(Paths, RefusesASocketPathThatTheKernelWouldCut) {
  config_.socket = dir_.path(std::string(120, 's'));

  EXPECT_THAT(ResolvePaths(&config_, rules_).error().message,
              HasSubstr("longer than the 107 bytes"));
}

TEST_F(Paths, MakesNothingForACommandThatOnlyLooks) {
  ASSERT_TRUE(FindPaths(&config_, rules_).ok());

  EXPECT_EQ(config_.socket, dir_.path("tmp/s"));
  EXPECT_EQ(config_.state, rules_.user_state_dir);
  EXPECT_TRUE(std::filesystem::is_empty(dir_.path()));
}

TEST_F(Paths, FindsTheStateFolderThatABrokerWithoutHomeTook) {
  ::mkdir(rules_.last_state_dir.c_str(), 0700);

  ASSERT_TRUE(FindPaths(&config_, rules_).ok());

  EXPECT_EQ(config_.state, rules_.last_state_dir);
}

}  // namespace
}  // namespace rt
