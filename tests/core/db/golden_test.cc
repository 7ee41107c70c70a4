// Login parity with real Drupal, on the tables that it left behind.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "core/db/live_golden_site.h"
#include "db/identity_service.h"

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

class GoldenTest : public testing::TestWithParam<const char*> {};

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

INSTANTIATE_TEST_SUITE_P(Golden, GoldenTest,
                         testing::Values("drupal7-sqlite", "drupal7-mariadb",
                                         "drupal7-pgsql", "drupal10-sqlite",
                                         "drupal10-mariadb", "drupal10-pgsql",
                                         "drupal11-sqlite", "drupal11-mariadb"),
                         [](const auto& site) {
                           std::string name = site.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace rt
