// What may be done with a node, compared with what Drupal said.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>

#include "core/native/asked_site.h"

namespace drupalrt {
namespace {

constexpr NodeOperation kOperations[] = {
    NodeOperation::kView, NodeOperation::kUpdate, NodeOperation::kDelete};

struct Tally {
  int allowed = 0;
  int denied = 0;
  int unknown = 0;
  int wrong = 0;  // contradicts Drupal
};

void Count(Verdict verdict, bool drupal_says, Tally* tally) {
  switch (verdict) {
    case Verdict::kAllowed:
      ++tally->allowed;
      tally->wrong += drupal_says ? 0 : 1;
      break;
    case Verdict::kDenied:
      ++tally->denied;
      tally->wrong += drupal_says ? 1 : 0;
      break;
    case Verdict::kUnknown:
      ++tally->unknown;
      break;
  }
}

// Asks all that Drupal was asked, of a site that says `says` of itself.
// Somebody who is blocked is logged in to no Drupal: there "denied" is right,
// whatever was recorded.
Tally AskAll(const RecordedSite& site, int schema, const std::string& says) {
  const auto drupal =
      Open(site.Says(schema, ",\"node_access\":\"" + says + "\""));
  Tally tally;
  simdjson::dom::parser parser;
  const simdjson::dom::element json = parser.load(site.answers());
  const simdjson::dom::object accounts = json["answers"].get_object();
  for (const auto account : accounts) {
    const auto uid =
        static_cast<uint32_t>(std::stoul(std::string(account.key)));
    const bool active = uid == 0 || drupal->AccountOf(uid)->active;
    const simdjson::dom::object nodes = account.value.get_object();
    for (const auto node : nodes) {
      const std::string key(node.key);
      const std::string bits(node.value.get_string().value());
      const size_t colon = key.find(':');
      const std::string language =
          colon == std::string::npos ? "" : key.substr(colon + 1);
      for (size_t i = 0; i < 3; ++i) {
        const auto answer =
            drupal->NodeAccess(std::stoull(key), kOperations[i], uid, language);
        EXPECT_TRUE(answer.ok()) << answer.error().message;
        Count(answer->verdict, active && bits[i] == '1', &tally);
        EXPECT_EQ(tally.wrong, 0)
            << "user " << uid << ", node " << key << ", operation " << i
            << ", Drupal says " << bits << ": " << answer->reason;
        if (tally.wrong > 0) return tally;
      }
    }
  }
  EXPECT_GE(tally.allowed + tally.denied + tally.unknown, 1600);
  return tally;
}

TEST(NodeAccess, OfCoreAloneIsWhatDrupal10Said) {
  const Tally tally = AskAll(RecordedSite("drupal10-nodes"), 10, "core");
  EXPECT_EQ(tally.unknown, 0);
  EXPECT_GE(tally.allowed, 300);
  EXPECT_GE(tally.denied, 300);
}

TEST(NodeAccess, OfCoreAloneIsWhatDrupal7Said) {
  const Tally tally = AskAll(RecordedSite("drupal7-nodes"), 7, "core");
  EXPECT_EQ(tally.unknown, 0);
  EXPECT_GE(tally.allowed, 300);
  EXPECT_GE(tally.denied, 300);
}

TEST(NodeAccess, WithGrantsOfAModuleIsNeverOtherThanDrupalSaid) {
  const RecordedSite site("drupal10-nodes-grants");
  const Tally tally = AskAll(site, 10, "grants");
  EXPECT_GE(tally.unknown, 100);
  EXPECT_GE(tally.allowed, 300);
  EXPECT_GE(tally.denied, 300);
  // A site that denies its module gets no answer made of its table.
  const Tally belied = AskAll(site, 10, "core");
  EXPECT_LT(belied.allowed, tally.allowed);
}

TEST(NodeAccess, OfASiteThatSaysNothingIsNeverOtherThanDrupalSaid) {
  for (const char* name :
       {"drupal10-nodes", "drupal10-nodes-grants", "drupal10-nodes-hooks"}) {
    SCOPED_TRACE(name);
    const Tally tally = AskAll(RecordedSite(name), 10, "php");
    EXPECT_GE(tally.unknown, 500);
    EXPECT_GE(tally.allowed, 300);  // who bypasses node access
    EXPECT_GE(tally.denied, 100);   // who has no "access content"
  }
}

TEST(NodeAccess, WithoutTheOptionIsThatOfASiteWhoseModulesMayDecide) {
  const RecordedSite site("drupal10-nodes");
  const auto drupal = Open(SqliteDocument(site.path(), 10));
  const auto answer = drupal->NodeAccess(1, NodeOperation::kView, 2);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->verdict, Verdict::kUnknown);
  EXPECT_FALSE(answer->allowed());
  EXPECT_EQ(answer->reason, "modules may decide in PHP");
}

TEST(NodeAccess, IsDeniedForWhatIsNotThere) {
  const RecordedSite site("drupal10-nodes");
  const auto drupal =
      Open(SqliteDocument(site.path(), 10, ",\"node_access\":\"core\""));
  const auto view = [&](uint64_t nid, uint32_t uid, const char* language) {
    const auto answer =
        drupal->NodeAccess(nid, NodeOperation::kView, uid, language);
    EXPECT_EQ(answer->verdict, Verdict::kDenied);
    return answer->reason;
  };
  EXPECT_EQ(view(4711, 1, ""), "there is no such node");
  EXPECT_EQ(view(31, 1, "fr"), "the node is not there in that language");
  EXPECT_EQ(view(1, 4711, ""), "no such account");
  EXPECT_EQ(view(1, 14, ""), "blocked");
}

TEST(NodeAccess, IsUnknownWhereThereAreNoGrantsToRead) {
  const RecordedSite site("drupal10-nodes");
  const std::string document =
      SqliteDocument(site.path(), 10, ",\"node_access\":\"core\"");
  ASSERT_EQ(Open(document)->NodeAccess(1, NodeOperation::kView, 2)->verdict,
            Verdict::kAllowed);
  rt::ExecuteSql(site.path(), "DROP TABLE node_access");
  EXPECT_EQ(Open(document)->NodeAccess(1, NodeOperation::kView, 2)->verdict,
            Verdict::kUnknown);
}

TEST(NodeAccess, ATypesVariableOfDrupal7ThatCannotBeTakenLeavesItUnknown) {
  const RecordedSite site("drupal7-nodes");
  const auto update = [&](const std::string& change) {
    if (!change.empty()) rt::ExecuteSql(site.path(), change);
    return Open(SqliteDocument(site.path(), 7, ",\"node_access\":\"core\""))
        ->NodeAccess(1, NodeOperation::kUpdate, 4)
        ->verdict;
  };
  const std::string set = "UPDATE variable SET value = ";
  const std::string of = " WHERE name = 'node_permissions_article'";
  ASSERT_EQ(update(""), Verdict::kAllowed);
  EXPECT_EQ(update(set + "'a:0:{}'" + of), Verdict::kUnknown);
  EXPECT_EQ(update(set + "'s:1:\"0\";'" + of), Verdict::kDenied);
  EXPECT_EQ(update("DELETE FROM variable"), Verdict::kAllowed);
  EXPECT_EQ(update("UPDATE node_type SET disabled = 1"), Verdict::kUnknown);
}

class NodeAccessOnServers : public testing::TestWithParam<const char*> {};

TEST_P(NodeAccessOnServers, IsWhatDrupalSaidToo) {
  const Tally ten =
      AskAll(RecordedSite("drupal10-nodes", GetParam()), 10, "core");
  EXPECT_EQ(ten.unknown, 0);
  EXPECT_GE(ten.allowed, 300);
  const Tally seven =
      AskAll(RecordedSite("drupal7-nodes", GetParam()), 7, "core");
  EXPECT_EQ(seven.unknown, 0);
  EXPECT_GE(seven.allowed, 300);
  const Tally grants =
      AskAll(RecordedSite("drupal10-nodes-grants", GetParam()), 10, "grants");
  EXPECT_GE(grants.unknown, 100);
  EXPECT_GE(grants.allowed, 300);
}

INSTANTIATE_TEST_SUITE_P(Servers, NodeAccessOnServers,
                         testing::Values("mysql", "pgsql"),
                         [](const auto& driver) {
                           return std::string(driver.param);
                         });

}  // namespace
}  // namespace drupalrt
