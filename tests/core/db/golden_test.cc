// Login parity with real Drupal, on the tables that it left behind.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "core/db/live_golden_site.h"
#include "db/database.h"
#include "db/identity_service.h"
#include "db/login_reader.h"

namespace rt {
namespace {

Result<IdentityPtr> Ask(IdentityService* service,
                        const std::shared_ptr<const SiteLogin>& site,
                        const std::string& cookie) {
  auto promise = std::make_shared<std::promise<Result<IdentityPtr>>>();
  service->Lookup(site, cookie, false, [promise](Result<IdentityPtr> result) {
    promise->set_value(std::move(result));
  });
  return promise->get_future().get();
}

class GoldenTest : public testing::TestWithParam<std::string> {};

std::vector<std::string> GrantedOf(const Grants& grants,
                                   const std::vector<std::string>& asked) {
  std::vector<std::string> granted;
  for (const std::string& permission : asked) {
    if (grants.admin || grants.permissions.Contains(permission)) {
      granted.push_back(permission);
    }
  }
  return granted;
}

TEST_P(GoldenTest, WhoEveryCookieIsAndWhatTheyMayDoIsWhatDrupalSaid) {
  const auto loaded = LoadGoldenSite(GetParam());
  const GoldenSite& golden = *loaded;
  const auto site = std::make_shared<const SiteLogin>(golden.login);
  IdentityService service;
  ASSERT_GE(golden.answers.size(), 40u);
  ASSERT_GE(golden.asked.size(), 30u);
  for (const GoldenAnswer& says : golden.answers) {
    SCOPED_TRACE(says.note + ", Drupal says " + std::to_string(says.uid));
    const Result<IdentityPtr> result = Ask(&service, site, says.cookie);
    ASSERT_TRUE(result.ok()) << result.error().message;
    const Identity& who = **result;

    EXPECT_EQ(who.uid, says.uid) << who.reason;
    EXPECT_EQ(who.name, says.name);
    std::vector<std::string> roles = who.roles.list();
    std::sort(roles.begin(), roles.end());
    EXPECT_EQ(roles, says.roles);
    std::vector<std::string> granted;
    for (const std::string& permission : golden.asked) {
      if (who.HasPermission(permission)) granted.push_back(permission);
    }
    EXPECT_EQ(granted, says.permissions);
  }
}

TEST_P(GoldenTest, WhatEveryRoleGrantsIsWhatDrupalHasStored) {
  // Recorded before there were any.
  if (!GoldenSite(GetParam(), DatabaseConfig()).stored_roles) return;
  const auto golden = LoadGoldenSite(GetParam());
  auto database = OpenDatabase(golden->login.database);
  ASSERT_TRUE(database.ok()) << database.error().message;
  uint64_t queries = 0;
  const auto roles =
      LoginReader(golden->login, database->get(), &queries).Roles();
  ASSERT_TRUE(roles.ok()) << roles.error().message;
  ASSERT_EQ(roles->size(), golden->stored_roles->size());
  for (const auto& [id, role] : *golden->stored_roles) {
    SCOPED_TRACE(id);
    const auto found = roles->find(id);
    ASSERT_NE(found, roles->end());
    EXPECT_EQ(found->second.admin, role.admin);
    if (role.admin) continue;  // its list is beside the point
    EXPECT_EQ(found->second.permissions, role.permissions);
  }
}

// Else the set would pass by what the tables say.
TEST_P(GoldenTest, SettingsThatOverrideRolesChangeSomebodysRights) {
  const GoldenSite golden(GetParam(), DatabaseConfig());
  if (!golden.login.roles) return;  // none recorded
  int changed = 0;
  for (const GoldenAnswer& says : golden.answers) {
    const Grants stored = GrantsOf(*golden.stored_roles, says.roles);
    changed += GrantedOf(stored, golden.asked) != says.permissions;
  }
  EXPECT_GT(changed, 10);
}

TEST(Golden, AllThatAreKnownAreThere) {
  const std::vector<std::string> names = golden::Names();
  for (const char* core : {"drupal7", "drupal10", "drupal11"}) {
    for (const char* store : {"sqlite", "mariadb"}) {
      const std::string name = std::string(core) + "-" + store;
      EXPECT_TRUE(std::find(names.begin(), names.end(), name) != names.end())
          << name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Golden, GoldenTest, testing::ValuesIn(golden::Names()),
                         [](const auto& site) {
                           std::string name = site.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace rt
