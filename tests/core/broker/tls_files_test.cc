#include "broker/tls_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "core/net/certificate.h"

namespace rt {
namespace {

class TlsFilesTest : public testing::Test {
 protected:
  TlsFilesTest() { EXPECT_TRUE(files_.Load().ok()); }

  // As long as it takes until nothing changes any more.
  TlsContextPtr PollTwice() {
    EXPECT_EQ(Poll(), nullptr) << "it may not be all there yet";
    return Poll();
  }

  TlsContextPtr Poll() { return files_.Poll(now_ms_); }

  int64_t now_ms_ = 1;
  Certificate certificate_;
  TlsFiles files_{{{"127.0.0.1:8443"},
                   certificate_.file(),
                   certificate_.key_file(),
                   "1.2"}};
};

TEST_F(TlsFilesTest, NothingIsNewWhereNothingChanged) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Poll(), nullptr);
}

TEST_F(TlsFilesTest, ANewPairIsTakenOnceItIsStill) {
  EXPECT_EQ(Poll(), nullptr);
  certificate_.Renew("renewed.test");
  const TlsContextPtr renewed = PollTwice();
  ASSERT_NE(renewed, nullptr);
  EXPECT_NE(renewed->Describe().find("renewed.test"), std::string::npos);
  EXPECT_NE(files_.current().find("renewed.test"), std::string::npos);
  EXPECT_EQ(Poll(), nullptr) << "once";
}

TEST_F(TlsFilesTest, ABrokenPairChangesNothingAndIsTriedOnce) {
  const std::string before = files_.current();
  const Certificate other("other.test");
  std::filesystem::copy_file(other.file(), certificate_.file(),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(PollTwice(), nullptr) << "the key is another's";
  EXPECT_EQ(Poll(), nullptr);
  EXPECT_EQ(files_.current(), before);
  std::filesystem::copy_file(other.key_file(), certificate_.key_file(),
                             std::filesystem::copy_options::overwrite_existing);
  const TlsContextPtr mended = PollTwice();
  ASSERT_NE(mended, nullptr);
  EXPECT_NE(mended->Describe().find("other.test"), std::string::npos);
}

TEST_F(TlsFilesTest, APairThatBecomesReadableIsTaken) {
  // As of a renewal that sets the key's owner and mode after it wrote it; here
  // a key is unreadable by being a folder, for root reads all others.
  certificate_.Renew("renewed.test");
  const std::string key = certificate_.key_file();
  std::filesystem::rename(key, key + ".kept");
  std::filesystem::create_directory(key);
  EXPECT_EQ(PollTwice(), nullptr);
  std::filesystem::remove(key);
  std::filesystem::rename(key + ".kept", key);
  EXPECT_NE(PollTwice(), nullptr);

  std::filesystem::permissions(key, std::filesystem::perms::owner_read,
                               std::filesystem::perm_options::replace);
  EXPECT_NE(PollTwice(), nullptr) << "another mode alone is a change";
}

TEST_F(TlsFilesTest, OnceADayAllIsMadeAnew) {
  EXPECT_EQ(Poll(), nullptr);
  now_ms_ += 24 * 3'600'000LL;
  EXPECT_NE(Poll(), nullptr);
  EXPECT_EQ(Poll(), nullptr);
}

TEST_F(TlsFilesTest, FilesThatAreGoneChangeNothing) {
  std::filesystem::remove(certificate_.file());
  EXPECT_EQ(PollTwice(), nullptr);
  EXPECT_EQ(files_.Reload(), nullptr);
  certificate_.Renew("back.test");
  EXPECT_NE(PollTwice(), nullptr);
}

TEST_F(TlsFilesTest, AReloadDoesNotWait) {
  certificate_.Renew("renewed.test");
  EXPECT_NE(files_.Reload(), nullptr);
  EXPECT_EQ(Poll(), nullptr);
  EXPECT_EQ(Poll(), nullptr);
}

TEST(TlsFiles, WithoutTlsThereIsNothing) {
  TlsFiles files{TlsConfig()};
  const auto loaded = files.Load();
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(*loaded, nullptr);
  EXPECT_EQ(files.Poll(1), nullptr);
}

}  // namespace
}  // namespace rt
