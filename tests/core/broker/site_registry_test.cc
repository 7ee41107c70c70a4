#include "broker/site_registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/broker/temp_dir.h"

namespace rt {
namespace {

constexpr uid_t kRoot = 0;
constexpr uid_t kWeb = 33;
constexpr uid_t kOther = 1000;

std::string Document(const std::string& key, const std::string& more = "") {
  return R"({"version":1,"key":")" + key + R"(","hosts":[")" + key +
         R"(.test"])" + more + "}";
}

const char kSecret[] = "0123456789abcdef0123456789abcdef";
std::string Secret(const std::string& secret = kSecret) {
  return R"(,"secret":")" + secret + R"(")";
}

class SiteRegistryTest : public testing::Test {
 protected:
  SiteRegistryTest() { Restart(); }

  // A broker that finds what the former one kept.
  void Restart() {
    Result<SiteStore> store = SiteStore::Open(dir_.path());
    ASSERT_TRUE(store.ok()) << store.error().message;
    sites_.emplace(Namespaces({}), false, std::vector<std::string>(),
                   std::move(store).value());
  }
  Result<BrokerSitePtr> Register(const std::string& json, uid_t uid,
                                 const std::string& secret = "") {
    return sites_->Register(json, uid, secret);
  }
  BrokerSitePtr Find(const std::string& key) {
    return sites_->current()->FindKey(key);
  }

  TempDir dir_;
  std::optional<SiteRegistry> sites_;
};

TEST_F(SiteRegistryTest, NumbersStayWithTheKeyAndAreNeverTheBrokersOwn) {
  const auto one = Register(Document("one"), kWeb);
  const auto two = Register(Document("two"), kWeb);
  ASSERT_TRUE(one.ok() && two.ok());
  const uint32_t id = (*one)->site->id;
  EXPECT_NE(id, 0u);
  EXPECT_NE(id, (*two)->site->id);
  EXPECT_EQ((*Register(Document("one"), kWeb))->site->id, id);
  ASSERT_TRUE(sites_->Remove("one", kWeb, "").ok());
  EXPECT_EQ(sites_->NamespacesOf(id), nullptr) << "gone";
  EXPECT_EQ((*Register(Document("one"), kWeb))->site->id, id);
  EXPECT_NE(sites_->NamespacesOf(id), nullptr);
}

TEST_F(SiteRegistryTest, ChangesAreToldWithTheNewPicture) {
  std::vector<std::pair<uint32_t, bool>> told;
  sites_->set_on_change([&](const SiteSetPtr& now, uint32_t id) {
    told.emplace_back(id, now->FindId(id) != nullptr);
  });
  const uint32_t id = (*Register(Document("one"), kWeb))->site->id;
  ASSERT_TRUE(sites_->Remove("one", kWeb, "").ok());
  const std::vector<std::pair<uint32_t, bool>> expected = {{id, true},
                                                           {id, false}};
  EXPECT_EQ(told, expected);
}

TEST_F(SiteRegistryTest, ABadDocumentChangesNothing) {
  const auto before = *Register(Document("one"), kWeb);
  const auto refused = Register(Document("one", R"(,"hosst":[])"), kWeb);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("hosst"), std::string::npos);
  EXPECT_EQ(Find("one"), before);
}

TEST_F(SiteRegistryTest, AnotherUsersSiteIsLeftAlone) {
  ASSERT_TRUE(Register(Document("one"), kWeb).ok());
  const auto stolen = Register(Document("one"), kOther);
  ASSERT_FALSE(stolen.ok());
  EXPECT_EQ(stolen.error().code, ErrorCode::kDenied);
  EXPECT_EQ(sites_->Remove("one", kOther, "").error().code, ErrorCode::kDenied);
  EXPECT_EQ(sites_->KeysOf(kOther), std::vector<std::string>());
  EXPECT_EQ(sites_->KeysOf(kRoot), std::vector<std::string>({"one"}));
}

TEST_F(SiteRegistryTest, RootChangesASiteAndItStaysItsOwners) {
  ASSERT_TRUE(Register(Document("one"), kWeb).ok());
  ASSERT_TRUE(Register(Document("one", R"(,"anonymous":false)"), kRoot).ok());
  EXPECT_EQ(Find("one")->uid, kWeb);
  EXPECT_FALSE(Find("one")->site->anonymous) << "the new document is in force";
  EXPECT_TRUE(Register(Document("one"), kWeb).ok());
  Restart();
  sites_->LoadStored();
  EXPECT_EQ(Find("one")->uid, kWeb);
}

TEST_F(SiteRegistryTest, ASecretIsAskedForEvenOfTheSameUser) {
  ASSERT_TRUE(Register(Document("one", Secret()), kWeb).ok());
  const std::string other(40, 'z');
  const auto forged = Register(Document("one", Secret(other)), kWeb, other);
  ASSERT_FALSE(forged.ok());
  EXPECT_EQ(forged.error().code, ErrorCode::kDenied);
  EXPECT_EQ(forged.error().message.find(kSecret), std::string::npos);
  EXPECT_EQ(sites_->Remove("one", kWeb, "").error().code, ErrorCode::kDenied);
  EXPECT_FALSE(SiteRegistry::Admits(*Find("one"), kRoot, "").ok());
  EXPECT_TRUE(SiteRegistry::Admits(*Find("one"), kWeb, kSecret).ok());
  EXPECT_TRUE(Register(Document("one", Secret(other)), kWeb, kSecret).ok())
      << "who knows the old one may set a new one";
  EXPECT_TRUE(sites_->Remove("one", kWeb, other).ok());
}

TEST_F(SiteRegistryTest, NobodyTakesAnothersOriginOrHost) {
  ASSERT_TRUE(Register(Document("one"), kWeb).ok());
  const auto origin =
      Register(Document("two", R"(,"origins":["HTTP://One.test:80"])"), kOther);
  ASSERT_FALSE(origin.ok());
  EXPECT_EQ(origin.error().code, ErrorCode::kDenied);
  EXPECT_EQ(origin.error().message,
            "$.origins: http://one.test belongs to the site \"one\"");
  const auto host =
      Register(R"({"version":1,"key":"two","hosts":["two.test","ONE.test"],)"
               R"("origins":["http://two.test"]})",
               kOther);
  ASSERT_FALSE(host.ok());
  EXPECT_EQ(host.error().message,
            "$.hosts: one.test belongs to the site \"one\"");
  EXPECT_EQ(Find("two"), nullptr);
}

TEST_F(SiteRegistryTest, WhatIsKeptOutlivesTheBroker) {
  ASSERT_TRUE(Register(Document("one"), kWeb).ok());
  ASSERT_TRUE(Register(Document("two"), kWeb).ok());
  ASSERT_TRUE(sites_->Remove("two", kWeb, "").ok());
  Restart();
  EXPECT_EQ(Find("one"), nullptr);
  sites_->LoadStored();
  ASSERT_NE(Find("one"), nullptr);
  EXPECT_EQ(Find("one")->uid, kWeb);
  EXPECT_EQ(Find("two"), nullptr);
}

TEST_F(SiteRegistryTest, TheOperatorsFileDecides) {
  ASSERT_TRUE(Register(Document("one"), kWeb).ok());
  Restart();
  const std::string path =
      dir_.Write("one.json", Document("one", R"(,"anonymous":false)"));
  ASSERT_TRUE(sites_->AddFile(path).ok());
  sites_->LoadStored();
  ASSERT_TRUE(Find("one")->from_file);
  EXPECT_FALSE(Find("one")->site->anonymous) << "not the one that PHP sent";
  EXPECT_EQ(Register(Document("one"), kWeb).error().code, ErrorCode::kDenied);
  EXPECT_EQ(sites_->Remove("one", kRoot, "").error().code, ErrorCode::kDenied);
  EXPECT_TRUE(SiteRegistry::Admits(*Find("one"), kOther, "").ok());
  EXPECT_EQ(sites_->KeysOf(kOther), std::vector<std::string>({"one"}));
}

TEST_F(SiteRegistryTest, AFileThatIsWrongIsNamed) {
  const std::string path = dir_.Write("bad.json", "{");
  EXPECT_NE(sites_->AddFile(path).error().message.find(path),
            std::string::npos);
  EXPECT_FALSE(sites_->AddFile(dir_.path("nowhere.json")).ok());
}

// --- Whose tokens are good where --------------------------------------------

std::string WhyNot(const BrokerSitePtr& site, const TokenSigning& signing) {
  return site->site->tokens
      ->VerifyConnection(MintToken(signing, ConnectionClaims(), 1000), 1000)
      .why;
}

TEST_F(SiteRegistryTest, TokensAreGoodUnderTheSecretAndTheOneBefore) {
  const auto site =
      Register(Document("one", Secret() + R"(,"previous_secret":"old")"), kWeb);
  ASSERT_TRUE(site.ok());
  EXPECT_EQ(WhyNot(*site, {kSecret, "", ""}), "");
  EXPECT_EQ(WhyNot(*site, {"old", "", ""}), "");
  EXPECT_EQ(WhyNot(*site, {"other", "", ""}), "its signature is wrong");
  EXPECT_EQ((*site)->connection_signing.secret, kSecret);
}

TEST_F(SiteRegistryTest, ASecretForTokensIsInsteadOfTheSites) {
  const auto site = Register(
      Document("one",
               Secret() + R"(,"tokens":{"hmac_secret_key":"a","issuer":"i"})"),
      kWeb);
  ASSERT_TRUE(site.ok());
  EXPECT_EQ(WhyNot(*site, {"a", "", "i"}), "");
  EXPECT_NE(WhyNot(*site, {"a", "", ""}), "");
  EXPECT_NE(WhyNot(*site, {kSecret, "", "i"}), "");
}

TEST_F(SiteRegistryTest, ASiteWithoutASecretTakesWhatTheBrokerSignsAlone) {
  const auto one = Register(Document("one"), kWeb);
  const auto two = Register(Document("two"), kWeb);
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(WhyNot(*one, (*one)->connection_signing), "");
  EXPECT_NE(WhyNot(*one, (*two)->connection_signing), "");
  EXPECT_NE(WhyNot(*one, {"", "", ""}), "");
}

}  // namespace
}  // namespace rt
