#include "broker/site_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/log.h"
#include "core/broker/temp_dir.h"

namespace rt {
namespace {

using ::testing::IsEmpty;

class SiteStoreTest : public ::testing::Test {
 protected:
  SiteStoreTest() { SetLogLevel(LogLevel::kOff); }
  ~SiteStoreTest() override { SetLogLevel(LogLevel::kInfo); }

  SiteStore Open() {
    Result<SiteStore> store = SiteStore::Open(dir_.path());
    EXPECT_TRUE(store.ok());
    return std::move(*store);
  }

  TempDir dir_;
};

TEST_F(SiteStoreTest, KeepsDocumentsByteForByteAcrossARestart) {
  const std::string json = "{ \"key\" : \"b\",\n\t\"x\": \"\\u00e4}\" }";
  EXPECT_TRUE(Open().Put({"b", 33, json}).ok());
  EXPECT_TRUE(Open().Put({"a", 1000, "{}"}).ok());

  const auto records = Open().LoadAll();

  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].key, "a");
  EXPECT_EQ(records[1].key, "b");
  EXPECT_EQ(records[1].uid, 33u);
  EXPECT_EQ(records[1].json, json);
}

TEST_F(SiteStoreTest, ReplacesADocument) {
  SiteStore store = Open();
  ASSERT_TRUE(store.Put({"a", 1, "{\"v\":1}"}).ok());
  ASSERT_TRUE(store.Put({"a", 2, "{}"}).ok());

  const auto records = store.LoadAll();

  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].json, "{}");
  EXPECT_EQ(records[0].uid, 2u);
}

TEST_F(SiteStoreTest, ForgetsARemovedDocument) {
  SiteStore store = Open();
  ASSERT_TRUE(store.Put({"a", 1, "{}"}).ok());

  EXPECT_TRUE(store.Remove("a").ok());

  EXPECT_THAT(store.LoadAll(), IsEmpty());
  EXPECT_EQ(store.Remove("a").error().code, ErrorCode::kNotFound);
}

TEST_F(SiteStoreTest, KeepsItsFilesToItself) {
  SiteStore store = Open();
  ASSERT_TRUE(store.Put({"a", 1, "{}"}).ok());

  struct stat info = {};
  ASSERT_EQ(::stat(dir_.path("sites").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0700u);
  ASSERT_EQ(::stat(dir_.path("sites/a.json").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600u);
}

TEST_F(SiteStoreTest, SkipsWhatItDidNotWriteAndLoadsTheRest) {
  SiteStore store = Open();
  ASSERT_TRUE(store.Put({"good", 1, "{}"}).ok());
  dir_.Write("sites/bad.json", "{\"key\":\"bad\"}");
  dir_.Write("sites/empty.json", "");
  dir_.Write("sites/cut.json", "{\"registered_by\":1,\"document\":{");
  dir_.Write("sites/big.json",
             "{\"registered_by\":4294967296,\"document\":{}}");
  dir_.Write("sites/left.json.new", "{");
  dir_.Write("sites/not a key.json", "{}");
  std::filesystem::create_directory(dir_.path("sites/folder.json"));
  std::filesystem::create_symlink(dir_.path("sites/good.json"),
                                  dir_.path("sites/link.json"));

  const auto records = store.LoadAll();

  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].key, "good");
  EXPECT_TRUE(std::filesystem::exists(dir_.path("sites/bad.json")));
}

TEST_F(SiteStoreTest, WritesOverWhatAnInterruptedWriteLeft) {
  SiteStore store = Open();
  dir_.Write("sites/a.json.new", "half of someth");

  EXPECT_TRUE(store.Put({"a", 1, "{}"}).ok());

  EXPECT_EQ(store.LoadAll().size(), 1u);
  EXPECT_FALSE(std::filesystem::exists(dir_.path("sites/a.json.new")));
}

TEST_F(SiteStoreTest, KeepsTheFormerDocumentWhenTheNewOneCannotBeWritten) {
  SiteStore store = Open();
  ASSERT_TRUE(store.Put({"a", 1, "{}"}).ok());
  // A folder in the temporary file's place, which unlink does not remove.
  std::filesystem::create_directory(dir_.path("sites/a.json.new"));

  EXPECT_EQ(store.Put({"a", 1, "{\"v\":2}"}).error().code,
            ErrorCode::kUnavailable);

  ASSERT_EQ(store.LoadAll().size(), 1u);
  EXPECT_EQ(store.LoadAll()[0].json, "{}");
}

TEST_F(SiteStoreTest, RefusesKeysThatLeadElsewhere) {
  SiteStore store = Open();
  for (const char* key : {"", ".", "..", "../a", "a/b", "a b", "ä"}) {
    EXPECT_FALSE(IsSiteKey(key)) << key;
    EXPECT_EQ(store.Put({key, 1, "{}"}).error().code, ErrorCode::kInvalid);
    EXPECT_EQ(store.Remove(key).error().code, ErrorCode::kInvalid);
  }
  EXPECT_FALSE(IsSiteKey(std::string(65, 'a')));
  EXPECT_TRUE(IsSiteKey(std::string(64, 'a')));
  EXPECT_TRUE(IsSiteKey("Example.test_1-2"));
}

TEST_F(SiteStoreTest, RefusesAFolderThatOthersCanRead) {
  std::filesystem::create_directory(dir_.path("sites"));
  ::chmod(dir_.path("sites").c_str(), 0755);

  EXPECT_FALSE(SiteStore::Open(dir_.path()).ok());
}

}  // namespace
}  // namespace rt
