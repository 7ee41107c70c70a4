#include "hub/rule.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

using Kind = Rule::Kind;

Rule Make(Kind kind, std::string operand = "", std::vector<Rule> parts = {}) {
  Rule rule;
  rule.kind = kind;
  rule.operand = std::move(operand);
  rule.parts = std::move(parts);
  return rule;
}

Identity Member() {
  Identity who;
  who.uid = 5;
  who.roles = {"authenticated", "editor"};
  who.permissions = {"post comments"};
  return who;
}

Identity Visitor() {
  Identity who;
  who.roles = {"anonymous"};
  who.permissions = {"access content"};
  return who;
}

TEST(Rule, IsServerOnlyUnlessSaidOtherwise) {
  Identity admin = Member();
  admin.admin = true;
  EXPECT_FALSE(Rule().Allows(admin, "x"));
}

TEST(Rule, LetsEveryoneOrOnlyThoseWhoAreLoggedIn) {
  EXPECT_TRUE(Make(Kind::kEveryone).Allows(Visitor(), "x"));
  EXPECT_FALSE(Make(Kind::kLoggedIn).Allows(Visitor(), "x"));
  EXPECT_TRUE(Make(Kind::kLoggedIn).Allows(Member(), "x"));
}

TEST(Rule, LetsTheOwnerAloneIntoAChannelThatEndsInTheirId) {
  const Rule owner = Make(Kind::kOwner);
  EXPECT_TRUE(owner.Allows(Member(), "5"));
  EXPECT_FALSE(owner.Allows(Member(), "05"));
  EXPECT_FALSE(owner.Allows(Member(), "55"));
  EXPECT_FALSE(owner.Allows(Member(), ""));
  EXPECT_FALSE(owner.Allows(Visitor(), "0"));
}

TEST(Rule, AsksForAPermissionOfVisitorsToo) {
  EXPECT_TRUE(Make(Kind::kPermission, "post comments").Allows(Member(), "x"));
  EXPECT_TRUE(Make(Kind::kPermission, "access content").Allows(Visitor(), "x"));
  EXPECT_FALSE(Make(Kind::kPermission, "post comments").Allows(Visitor(), "x"));
  Identity admin = Member();
  admin.admin = true;
  EXPECT_TRUE(Make(Kind::kPermission, "whatever").Allows(admin, "x"));
}

TEST(Rule, AsksForARoleOfAdministratorsToo) {
  EXPECT_TRUE(Make(Kind::kRole, "editor").Allows(Member(), "x"));
  Identity admin = Visitor();
  admin.admin = true;
  EXPECT_FALSE(Make(Kind::kRole, "editor").Allows(admin, "x"));
}

TEST(Rule, NeverLetsATokensRuleThrough) {
  EXPECT_FALSE(Make(Kind::kToken).Allows(Member(), "x"));
}

TEST(Rule, LetsASubscriberDoWhatSubscribersMay) {
  const Rule rule =
      Make(Kind::kAll, "", {Make(Kind::kLoggedIn), Make(Kind::kSubscriber)});
  EXPECT_FALSE(rule.Allows(Member(), "x"));
  EXPECT_TRUE(rule.Allows(Member(), "x", true));
  EXPECT_FALSE(rule.Allows(Visitor(), "x", true));
}

TEST(Rule, JoinsItsPartsByAnyOrByAll) {
  const std::vector<Rule> parts = {Make(Kind::kRole, "editor"),
                                   Make(Kind::kOwner)};
  EXPECT_TRUE(Make(Kind::kAny, "", parts).Allows(Member(), "9"));
  EXPECT_FALSE(Make(Kind::kAll, "", parts).Allows(Member(), "9"));
  EXPECT_TRUE(Make(Kind::kAll, "", parts).Allows(Member(), "5"));
}

TEST(Rule, WithoutPartsLetsNobodyThrough) {
  EXPECT_FALSE(Make(Kind::kAny).Allows(Member(), "x"));
  EXPECT_FALSE(Make(Kind::kAll).Allows(Member(), "x"));
}

TEST(Rule, DescribesItselfForWhoeverWasRefused) {
  const Rule rule = Make(
      Kind::kAny, "",
      {Make(Kind::kPermission, "post comments"), Make(Kind::kOwner),
       Make(Kind::kAll, "", {Make(Kind::kRole, "x"), Make(Kind::kServer)})});
  EXPECT_EQ(rule.Describe(),
            "any of (permission \"post comments\", owner, "
            "all of (role \"x\", server only))");
}

}  // namespace
}  // namespace rt
