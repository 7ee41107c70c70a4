#include "hub/namespaces.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

Identity User(uint32_t uid) {
  Identity who;
  who.uid = uid;
  who.roles = {"authenticated", "editor"};
  who.permissions = {"post comments"};
  return who;
}

NamespaceOptions Named(const char* name, Rule::Kind subscribe) {
  NamespaceOptions options;
  options.name = name;
  options.subscribe.kind = subscribe;
  return options;
}

TEST(Namespaces, KnowsOnlyWhatTheSiteDeclared) {
  const Namespaces sites({Named("chat", Rule::Kind::kLoggedIn)});
  EXPECT_NE(sites.Find("chat:1"), nullptr);
  EXPECT_EQ(sites.Find("news:1"), nullptr);
  EXPECT_EQ(sites.Find("chat"), nullptr) << "a rest alone has no namespace";
}

TEST(Namespaces, GivesChannelsWithoutAColonTheNamelessOptions) {
  const Namespaces sites({Named("", Rule::Kind::kEveryone)});
  EXPECT_NE(sites.Find("news"), nullptr);
}

TEST(Namespaces, LetsOnlyTheOwnerIntoAUsersChannel) {
  const Namespaces sites({});
  const NamespaceOptions* options = sites.Find("user:7");
  ASSERT_NE(options, nullptr);
  const auto may = [&](uint32_t uid, std::string_view channel) {
    return sites.Allows(*options, ChannelAction::kSubscribe, User(uid),
                        channel);
  };
  EXPECT_TRUE(may(7, "user:7"));
  EXPECT_TRUE(may(7, "#7"));
  EXPECT_FALSE(may(8, "user:7"));
  EXPECT_FALSE(may(7, "user:07"));
  EXPECT_FALSE(may(0, "user:0")) << "nobody owns the anonymous channel";
}

TEST(Namespaces, LetsHoldersOfARoleIntoItsChannel) {
  const Namespaces sites({});
  const NamespaceOptions* options = sites.Find("role:editor");
  ASSERT_NE(options, nullptr);
  EXPECT_TRUE(sites.Allows(*options, ChannelAction::kSubscribe, User(7),
                           "role:editor"));
  EXPECT_FALSE(
      sites.Allows(*options, ChannelAction::kSubscribe, User(7), "role:admin"));
}

TEST(Namespaces, LetsNobodyPublishWhereNoRuleSaysSo) {
  const Namespaces sites({Named("chat", Rule::Kind::kEveryone)});
  const NamespaceOptions* options = sites.Find("chat:1");
  EXPECT_FALSE(
      sites.Allows(*options, ChannelAction::kPublish, User(1), "chat:1"));
}

TEST(Namespaces, AllowEverythingWhenInsecure) {
  const Namespaces sites({}, true);
  const NamespaceOptions* options = sites.Find("any:thing");
  ASSERT_NE(options, nullptr);
  EXPECT_TRUE(
      sites.Allows(*options, ChannelAction::kPublish, User(0), "any:thing"));
}

}  // namespace
}  // namespace rt
