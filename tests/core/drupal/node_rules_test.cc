#include "drupal/node_rules.h"

#include <gtest/gtest.h>

#include <set>

namespace rt {
namespace {

using Permissions = std::set<std::string, std::less<>>;

constexpr NodeOperation kView = NodeOperation::kView;
constexpr NodeOperation kUpdate = NodeOperation::kUpdate;
constexpr NodeOperation kDelete = NodeOperation::kDelete;
constexpr NodeOperation kOperations[] = {kView, kUpdate, kDelete};

constexpr NodeVerdict kAllowed = NodeVerdict::kAllowed;
constexpr NodeVerdict kDenied = NodeVerdict::kDenied;
constexpr NodeVerdict kUnknown = NodeVerdict::kUnknown;

NodeGrant DefaultGrant() { return {0, 0, "all", "", true, false, false}; }

// An article of user 5, asked for by user 5, on a site of core alone.
struct Case {
  NodeOperation operation = kView;
  Permissions holds = {"access content"};
  uint32_t uid = 5;
  bool published = true;
  NodeDeciders deciders = NodeDeciders::kCore;
  std::vector<NodeGrant> grants = {DefaultGrant()};
  NodeTypeRules type_rules = NodeTypeRules::kCount;
  int schema = 10;
  uint32_t owner = 5;

  [[nodiscard]] NodeAnswer Ask() const {
    NodeQuestion question;
    question.operation = operation;
    question.uid = uid;
    question.holds = [this](std::string_view permission) {
      return holds.find(permission) != holds.end();
    };
    question.deciders = deciders;
    question.schema = schema;
    question.node = {7, owner, published, "article", "en", type_rules};
    question.grants = grants;
    return DecideNode(question);
  }
  [[nodiscard]] NodeVerdict verdict() const { return Ask().verdict; }
};

TEST(NodeRules, WhoBypassesNodeAccessMayDoAllWhateverModulesSay) {
  for (const NodeOperation operation : kOperations) {
    for (const auto deciders :
         {NodeDeciders::kPhp, NodeDeciders::kGrants, NodeDeciders::kCore}) {
      for (const bool published : {true, false}) {
        Case c{operation, {"bypass node access"}, 9, published, deciders, {}};
        EXPECT_EQ(c.verdict(), kAllowed);
      }
    }
  }
}

TEST(NodeRules, WithoutAccessContentNothingElseCounts) {
  const Permissions rest = {
      "edit any article content",     "delete any article content",
      "edit own article content",     "delete own article content",
      "view own unpublished content", "administer nodes"};
  for (const NodeOperation operation : kOperations) {
    for (const auto deciders :
         {NodeDeciders::kPhp, NodeDeciders::kGrants, NodeDeciders::kCore}) {
      EXPECT_EQ((Case{operation, rest, 5, true, deciders}).verdict(), kDenied);
    }
  }
}

TEST(NodeRules, AllElseIsUnknownUnlessTheSiteSaysThatNoModuleDecides) {
  const Permissions most = {"access content", "edit any article content",
                            "delete any article content",
                            "view own unpublished content"};
  for (const NodeOperation operation : kOperations) {
    for (const bool published : {true, false}) {
      Case c{operation, most, 5, published, NodeDeciders::kPhp};
      EXPECT_EQ(c.verdict(), kUnknown);
      c.holds = {"access content"};
      EXPECT_EQ(c.verdict(), kUnknown);
    }
  }
}

TEST(NodeRules, CoreAloneByTable) {
  const struct {
    const char* what;
    NodeOperation operation;
    const char* holds;
    uint32_t uid;
    bool published;
    NodeVerdict verdict;
  } rows[] = {
      {"published", kView, "", 9, true, kAllowed},
      {"published, to a visitor", kView, "", 0, true, kAllowed},
      {"a draft", kView, "", 9, false, kDenied},
      {"one's own draft", kView, "", 5, false, kDenied},
      {"one's own draft, with the permission", kView,
       "view own unpublished content", 5, false, kAllowed},
      {"another's draft, with it", kView, "view own unpublished content", 9,
       false, kDenied},
      {"any", kUpdate, "edit any article content", 9, true, kAllowed},
      {"any draft", kUpdate, "edit any article content", 9, false, kAllowed},
      {"own", kUpdate, "edit own article content", 5, true, kAllowed},
      {"another's", kUpdate, "edit own article content", 9, true, kDenied},
      {"another type", kUpdate, "edit any page content", 5, true, kDenied},
      {"case counts", kUpdate, "Edit any article content", 5, true, kDenied},
      {"the other verb", kUpdate, "delete any article content", 5, true,
       kDenied},
      {"any", kDelete, "delete any article content", 9, true, kAllowed},
      {"own", kDelete, "delete own article content", 5, false, kAllowed},
      {"another's", kDelete, "delete own article content", 9, true, kDenied},
      {"the other verb", kDelete, "edit any article content", 5, true, kDenied},
      {"no help", kDelete, "administer nodes", 5, true, kDenied},
      {"no help", kUpdate, "administer nodes", 5, true, kDenied},
      {"no help", kView, "administer nodes", 9, false, kDenied},
  };
  for (const auto& row : rows) {
    Case c{
        row.operation, {"access content", row.holds}, row.uid, row.published};
    EXPECT_EQ(c.verdict(), row.verdict) << row.what << ", " << row.holds;
  }
}

TEST(NodeRules, AVisitorNeverSeesADraftAndOwnsWhatNobodyOwns) {
  Case c{kView, {"access content", "view own unpublished content"}, 0, false};
  c.owner = 0;
  EXPECT_EQ(c.verdict(), kDenied);
  c.operation = kUpdate;
  c.holds = {"access content", "edit own article content"};
  EXPECT_EQ(c.verdict(), kAllowed);
}

TEST(NodeRules, CoreAloneIsBeliedByAnythingButTheDefaultRow) {
  const std::vector<NodeGrant> wrong[] = {
      {},
      {DefaultGrant(), DefaultGrant()},
      {{0, 0, "all", "", false, false, false}},
      {{0, 0, "all", "", true, true, false}},
      {{0, 1, "all", "", true, false, false}},
      {{0, 0, "ALL", "", true, false, false}},
      {{7, 0, "all", "en", true, false, false}},
      {DefaultGrant(), {7, 3, "group", "en", false, true, false}},
  };
  const Permissions most = {"access content", "edit any article content",
                            "delete any article content"};
  for (const auto& grants : wrong) {
    for (const NodeOperation operation : kOperations) {
      Case c{operation, most};
      c.grants = grants;
      EXPECT_EQ(c.verdict(), kUnknown);
    }
  }
}

TEST(NodeRules, GrantsByTable) {
  const NodeGrant all = {7, 0, "all", "en", true, false, false};
  const NodeGrant all_update = {7, 0, "all", "en", true, true, false};
  const NodeGrant other = {7, 3, "group", "en", true, false, false};
  const NodeGrant other_update = {7, 3, "group", "en", false, true, false};
  const NodeGrant german = {7, 0, "all", "de", true, false, false};
  const struct {
    const char* what;
    NodeOperation operation;
    bool published;
    std::vector<NodeGrant> grants;
    NodeVerdict verdict;
  } rows[] = {
      {"everybody may", kView, true, {all}, kAllowed},
      {"the default", kView, true, {DefaultGrant()}, kAllowed},
      {"everybody may, a group too", kView, true, {all, other}, kAllowed},
      {"a group may", kView, true, {other}, kUnknown},
      {"a group may do something else", kView, true, {other_update}, kUnknown},
      {"nobody may, if grants count at all", kView, true, {}, kUnknown},
      {"another language's row", kView, true, {german}, kUnknown},
      {"a draft", kView, false, {}, kDenied},
      {"a draft, the default", kView, false, {DefaultGrant()}, kDenied},
      {"a draft that all may see", kView, false, {all}, kUnknown},
      {"a draft of a group", kView, false, {other}, kUnknown},
      {"nobody may update", kUpdate, true, {all}, kDenied},
      {"all may update, if grants count",
       kUpdate,
       true,
       {all_update},
       kUnknown},
      {"a group may update", kUpdate, true, {all, other_update}, kUnknown},
      {"nobody may delete", kDelete, true, {all, other_update}, kDenied},
  };
  for (const auto& row : rows) {
    Case c{row.operation, {"access content"},    9,
           row.published, NodeDeciders::kGrants, row.grants};
    EXPECT_EQ(c.verdict(), row.verdict) << row.what;
  }
}

TEST(NodeRules, Drupal7HasNoLanguageInItsGrants) {
  Case c{kView, {"access content"},    9,
         true,  NodeDeciders::kGrants, {{7, 0, "all", "", true, false, false}}};
  EXPECT_EQ(c.verdict(), kUnknown);
  c.schema = 7;
  EXPECT_EQ(c.verdict(), kAllowed);
}

TEST(NodeRules, PermissionsOfATypeCountAsTheTypeSays) {
  const Permissions any = {"access content", "edit any article content"};
  Case c{kUpdate, any, 9, true};
  c.type_rules = NodeTypeRules::kIgnored;
  EXPECT_EQ(c.verdict(), kDenied);
  c.type_rules = NodeTypeRules::kUncertain;
  EXPECT_EQ(c.verdict(), kUnknown);
  c.holds = {"access content"};
  EXPECT_EQ(c.verdict(), kDenied);
  c.operation = kView;
  EXPECT_EQ(c.verdict(), kAllowed);
}

// The one property that must hold: a permission less, or a site that says
// less of itself, never makes anything allowed.
TEST(NodeRules, LessNeverMakesMoreAllowed) {
  const std::string names[] = {"access content",
                               "edit any article content",
                               "edit own article content",
                               "delete own article content",
                               "view own unpublished content",
                               "bypass node access"};
  for (unsigned set = 0; set < 1u << std::size(names); ++set) {
    for (const NodeOperation operation : kOperations) {
      for (const uint32_t uid : {0u, 5u, 9u}) {
        for (const bool published : {true, false}) {
          Case c{operation, {}, uid, published};
          for (unsigned i = 0; i < std::size(names); ++i) {
            if (set >> i & 1) c.holds.insert(names[i]);
          }
          const NodeVerdict more = c.verdict();
          c.deciders = NodeDeciders::kPhp;
          const NodeVerdict php = c.verdict();
          EXPECT_TRUE(php == more || php == kUnknown);
          c.deciders = NodeDeciders::kCore;
          for (const std::string& name : Permissions(c.holds)) {
            c.holds.erase(name);
            EXPECT_TRUE(more == kAllowed || c.verdict() != kAllowed);
            c.holds.insert(name);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace rt
