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
    EXPECT_EQ(files_.Poll(), nullptr) << "it may not be all there yet";
    return files_.Poll();
  }

  Certificate certificate_;
  TlsFiles files_{{{"127.0.0.1:8443"},
                   certificate_.file(),
                   certificate_.key_file(),
                   "1.2"}};
};

TEST_F(TlsFilesTest, NothingIsNewWhereNothingChanged) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(files_.Poll(), nullptr);
}

TEST_F(TlsFilesTest, ANewPairIsTakenOnceItIsStill) {
  EXPECT_EQ(files_.Poll(), nullptr);
  certificate_.Renew("renewed.test");
  const TlsContextPtr renewed = PollTwice();
  ASSERT_NE(renewed, nullptr);
  EXPECT_NE(renewed->Describe().find("renewed.test"), std::string::npos);
  EXPECT_NE(files_.current().find("renewed.test"), std::string::npos);
  EXPECT_EQ(files_.Poll(), nullptr) << "once";
}

TEST_F(TlsFilesTest, ABrokenPairChangesNothingAndIsTriedOnce) {
  const std::string before = files_.current();
  const Certificate other("other.test");
  std::filesystem::copy_file(other.file(), certificate_.file(),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(PollTwice(), nullptr) << "the key is another's";
  EXPECT_EQ(files_.Poll(), nullptr);
  EXPECT_EQ(files_.current(), before);
  std::filesystem::copy_file(other.key_file(), certificate_.key_file(),
                             std::filesystem::copy_options::overwrite_existing);
  const TlsContextPtr mended = PollTwice();
  ASSERT_NE(mended, nullptr);
  EXPECT_NE(mended->Describe().find("other.test"), std::string::npos);
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
  EXPECT_EQ(files_.Poll(), nullptr);
  EXPECT_EQ(files_.Poll(), nullptr);
}

TEST(TlsFiles, WithoutTlsThereIsNothing) {
  TlsFiles files{TlsConfig()};
  const auto loaded = files.Load();
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(*loaded, nullptr);
  EXPECT_EQ(files.Poll(), nullptr);
}

}  // namespace
}  // namespace rt
