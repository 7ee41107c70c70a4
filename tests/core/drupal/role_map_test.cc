#include "drupal/role_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/drupal/vectors.h"

namespace rt {
namespace {

using testing::ElementsAre;

void ExpectRole(simdjson::dom::element vector) {
  const Result<Role> role = ParseRoleConfig(BytesOf(vector, "data_b64"));
  ASSERT_TRUE(role.ok()) << role.error().message;
  EXPECT_EQ(role->admin, FlagOf(vector, "is_admin"));
  std::vector<std::string> expected = TextsOf(vector, "permissions");
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(role->permissions.list(), expected);
}

TEST(RoleConfig, ReadsEveryRowOfARealSite) {
  int cases = 0;
  for (const auto vector : Vectors()["roles_live_d10"].get_array()) {
    SCOPED_TRACE(TextOf(vector, "name"));
    ExpectRole(vector);
    ++cases;
  }
  EXPECT_EQ(cases, 5);
}

TEST(RoleConfig, ReadsOddRowsAsDrupalDoes) {
  int cases = 0;
  for (const auto vector : Vectors()["roles_synthetic"].get_array()) {
    SCOPED_TRACE(TextOf(vector, "label"));
    ExpectRole(vector);
    ++cases;
  }
  EXPECT_EQ(cases, 6);
}

TEST(RoleConfig, IsRefusedWhereItIsNoArrayOrCutShort) {
  EXPECT_FALSE(ParseRoleConfig("").ok());
  EXPECT_FALSE(ParseRoleConfig("N;").ok());
  EXPECT_FALSE(ParseRoleConfig("a:1:{s:8:\"is_admin\";b:1;").ok());
  EXPECT_FALSE(ParseRoleConfig("a:0:{}x").ok());
}

TEST(Grants, AreTheUnionOfTheRolesThatExist) {
  RoleMap map;
  map["authenticated"].permissions = {"access content"};
  map["editor"].permissions = {"edit", "access content"};
  const Grants grants = GrantsOf(map, {"authenticated", "editor", "ghost"});
  EXPECT_FALSE(grants.admin);
  EXPECT_THAT(grants.permissions.list(), ElementsAre("access content", "edit"));
}

TEST(Grants, AreEverythingWithAnAdministratorsRole) {
  RoleMap map;
  map["boss"].admin = true;
  EXPECT_TRUE(GrantsOf(map, {"authenticated", "boss"}).admin);
}

TEST(Grants, OfOneRoleShareItsList) {
  RoleMap map;
  map["authenticated"].permissions = {"access content"};
  const Grants grants = GrantsOf(map, {"authenticated", "ghost"});
  EXPECT_EQ(&grants.permissions.list(),
            &map["authenticated"].permissions.list());
}

TEST(RolesOfUser, StartWithAuthenticatedAndAreSortedAndDistinct) {
  EXPECT_THAT(RolesOfUser(10, {"editor", "boss", "editor"}),
              ElementsAre("authenticated", "boss", "editor"));
  EXPECT_THAT(RolesOfUser(7, {"5", "3", "2"}), ElementsAre("2", "3", "5"));
}

TEST(Permissions, AreComparedByteForByte) {
  const Permissions permissions = {"use rtprobe", "it's ünïcode perm"};
  EXPECT_TRUE(permissions.Contains("it's ünïcode perm"));
  EXPECT_FALSE(permissions.Contains("Use rtprobe"));
  EXPECT_FALSE(permissions.Contains(""));
}

TEST(RoleConfig, LetsTheLaterOfTwoEqualKeysReplaceTheFormer) {
  const auto role = ParseRoleConfig(
      "a:1:{s:11:\"permissions\";a:3:{i:0;s:1:\"a\";s:1:\"0\";s:1:\"b\";"
      "i:1;s:1:\"c\";}}");
  ASSERT_TRUE(role.ok());
  EXPECT_EQ(role->permissions.list(), (Permissions::List{"b", "c"}));
}

TEST(RoleConfig, TakesNoReferenceNorEscapedStringForAnAdministrator) {
  const auto admin = [](const std::string& flag) {
    const auto role =
        ParseRoleConfig("a:2:{i:0;b:0;s:8:\"is_admin\";" + flag + "}");
    return role.ok() && role->admin;
  };
  EXPECT_TRUE(admin("s:3:\"yes\";"));
  EXPECT_FALSE(admin("R:2;"));
  EXPECT_FALSE(admin("S:1:\"0\";"));
  EXPECT_FALSE(admin("E:6:\"Suit:H\";"));
}

TEST(RoleConfig, RefusesAListBeyondItsBound) {
  const auto list = [](int count) {
    std::string bytes = "a:" + std::to_string(count) + ":{";
    for (int i = 0; i < count; ++i) bytes += "i:" + std::to_string(i) + ";N;";
    return "a:1:{s:11:\"permissions\";" + bytes + "}}";
  };
  EXPECT_TRUE(ParseRoleConfig(list(20'000)).ok());
  EXPECT_FALSE(ParseRoleConfig(list(20'001)).ok());
}

}  // namespace
}  // namespace rt
