// The library's answers on tables that real Drupals left behind.
#include "native/drupal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/db/live_golden_site.h"
#include "core/native/asked_site.h"
#include "db/database.h"
#include "drupal/cookie_header.h"
#include "drupal/session_key.h"
#include "source_dir.h"

namespace drupalrt {
namespace {

std::unique_ptr<Drupal> OpenGolden(const rt::GoldenSite& golden) {
  return Open(Document(golden.login.database, golden.login.schema, "",
                       golden.login.hosts.front()));
}

// As Drupal's table has it, of a cookie "NAME=ID" as the browser sent it.
std::string KeyOf(const std::string& cookie) {
  return rt::HashBase64(rt::RawUrlDecode(cookie.substr(cookie.find('=') + 1)));
}

// What has to hold of every recorded site, whatever it is kept in.
class GoldenChecks {
 public:
  explicit GoldenChecks(const std::string& name)
      : loaded_(rt::LoadGoldenSite(name)) {}

  void EveryUserMayWhatDrupalSaid() const;
  void EveryCookieIsWhoDrupalSaid() const;
  void SessionsOfAUserAreToldApartAndOpenNothing() const;
  void RolesHaveLabelsAndWhatTheyGrant() const;
  void EverySettingIsByteForByteWhatIsStored() const;
  void SettingsAreFoundByNameAndPath() const;
  void ColumnsAreReadByAQueryWithManyParameters() const;

 private:
  std::unique_ptr<rt::GoldenSite> loaded_;
  const rt::GoldenSite& golden_ = *loaded_;
  std::unique_ptr<Drupal> drupal_ = OpenGolden(golden_);
  bool is7_ = golden_.login.schema == 7;
};

void GoldenChecks::EveryUserMayWhatDrupalSaid() const {
  std::map<uint32_t, std::vector<std::string>> granted;
  for (const rt::GoldenAnswer& answer : golden_.answers) {
    granted[answer.uid] = answer.permissions;
  }
  ASSERT_GE(granted.size(), 30u);
  for (const auto& [uid, permissions] : granted) {
    SCOPED_TRACE("user " + std::to_string(uid));
    const auto account = drupal_->AccountOf(uid);
    ASSERT_TRUE(account.ok()) << account.error().message;
    for (const std::string& permission : golden_.asked) {
      const bool drupal_says = std::binary_search(
          permissions.begin(), permissions.end(), permission);
      const auto by_uid = drupal_->Access(permission, uid);
      const auto by_account = drupal_->Access(permission, *account);
      ASSERT_TRUE(by_uid.ok() && by_account.ok());
      EXPECT_EQ(by_uid->allowed(), drupal_says)
          << permission << ": " << by_uid->reason;
      EXPECT_EQ(by_account->allowed(), drupal_says) << permission;
      EXPECT_NE(by_uid->verdict, Verdict::kUnknown);
      EXPECT_FALSE(by_uid->reason.empty());
    }
  }
}

void GoldenChecks::EveryCookieIsWhoDrupalSaid() const {
  for (const rt::GoldenAnswer& answer : golden_.answers) {
    SCOPED_TRACE(answer.note);
    const auto who = drupal_->WhoIs(answer.cookie, "", false);
    ASSERT_TRUE(who.ok()) << who.error().message;
    EXPECT_EQ(who->uid, answer.uid) << who->reason;
    EXPECT_EQ(who->name, answer.name);
    EXPECT_EQ(who->logged_in(), answer.uid != 0);
    for (const std::string& permission : golden_.asked) {
      EXPECT_EQ(who->Has(permission),
                std::binary_search(answer.permissions.begin(),
                                   answer.permissions.end(), permission));
    }
  }
}

void GoldenChecks::SessionsOfAUserAreToldApartAndOpenNothing() const {
  // Whose rows were given to another: found under neither.
  std::set<uint32_t> moved;
  for (const rt::GoldenAnswer& answer : golden_.answers) {
    if (answer.note == "uid column changed to 1") moved.insert(answer.uid);
  }
  EXPECT_LE(moved.size(), 1u);
  size_t checked = 0;
  size_t found = 0;
  for (const rt::GoldenAnswer& answer : golden_.answers) {
    if (answer.uid == 0 || (!is7_ && moved.count(answer.uid) > 0)) continue;
    const auto sessions = drupal_->SessionsOf(answer.uid);
    ASSERT_TRUE(sessions.ok()) << sessions.error().message;
    ASSERT_FALSE(sessions->empty()) << answer.note;
    // By the hash under which the table has it.
    found += std::any_of(
                 sessions->begin(), sessions->end(),
                 [&](const Session& session) {
                   return KeyOf(answer.cookie).starts_with(session.key_start);
                 })
                 ? 1
                 : 0;
    for (const Session& session : *sessions) {
      EXPECT_EQ(session.key_start.size(), 8u);
      EXPECT_FALSE(session.https);
    }
    ++checked;
  }
  EXPECT_GE(checked, 30u);
  EXPECT_EQ(found, checked);
  EXPECT_EQ(drupal_->SessionsOf(0).error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(drupal_->SessionsOf(4711)->empty());
}

void GoldenChecks::RolesHaveLabelsAndWhatTheyGrant() const {
  const auto roles = drupal_->Roles();
  ASSERT_TRUE(roles.ok()) << roles.error().message;
  ASSERT_GE(roles->size(), 8u);
  EXPECT_TRUE(
      std::is_sorted(roles->begin(), roles->end(),
                     [](const Role& a, const Role& b) { return a.id < b.id; }));
  const std::string first = is7_ ? "1" : "anonymous";
  const std::string second = is7_ ? "2" : "authenticated";
  std::set<std::string> labels;
  for (const Role& role : *roles) {
    labels.insert(role.label);
    const auto permissions = drupal_->PermissionsOf({role.id});
    ASSERT_TRUE(permissions.ok());
    EXPECT_EQ(*permissions, role.permissions) << role.id;
  }
  EXPECT_EQ(labels.size(), roles->size());
  EXPECT_EQ(labels.count(is7_ ? "anonymous user" : "Anonymous user"), 1u);
  EXPECT_TRUE(drupal_->PermissionsOf({"no such role"})->empty());
  // What two grant together is what either grants.
  std::set<std::string> either;
  for (const std::string& id : {first, second}) {
    const auto some = drupal_->PermissionsOf({id});
    either.insert(some->begin(), some->end());
  }
  const auto both = drupal_->PermissionsOf({first, second});
  EXPECT_EQ(*both, std::vector<std::string>(either.begin(), either.end()));
}

// The inverse of what is tested, as PHP does it.
std::string Serialize(const Value& value) {
  const auto text = [](const std::string& bytes) {
    return "s:" + std::to_string(bytes.size()) + ":\"" + bytes + "\";";
  };
  switch (value.type()) {
    case Value::Type::kNull:
      return "N;";
    case Value::Type::kBool:
      return *value.AsBool() ? "b:1;" : "b:0;";
    case Value::Type::kInt:
      return "i:" + std::to_string(*value.AsInt()) + ";";
    case Value::Type::kDouble:
      return "d:" + value.ToJson() + ";";
    case Value::Type::kString:
      return text(*value.AsString());
    case Value::Type::kArray:
      break;
  }
  std::string all = "a:" + std::to_string(value.AsArray()->size()) + ":{";
  for (const auto& [key, item] : *value.AsArray()) {
    const bool number =
        !key.empty() && key.size() < 10 && (key == "0" || key[0] != '0') &&
        std::all_of(key.begin(), key.end(),
                    [](char c) { return c >= '0' && c <= '9'; });
    all += number ? "i:" + key + ";" : text(key);
    all += Serialize(item);
  }
  return all + "}";
}

void GoldenChecks::EverySettingIsByteForByteWhatIsStored() const {
  const auto database = rt::OpenDatabase(golden_.login.database);
  ASSERT_TRUE(database.ok()) << database.error().message;
  const auto rows = (*database)->Run(
      is7_ ? "SELECT [name], [value] FROM {variable}"
           : "SELECT [name], [data] FROM {config} WHERE [collection] = ''",
      {}, 10'000);
  ASSERT_TRUE(rows.ok());
  ASSERT_GE(rows->size(), is7_ ? 2u : 10u);
  for (const auto& row : *rows) {
    if (*row[0] == "drupal_private_key") continue;
    const auto value = drupal_->Config(*row[0]);
    ASSERT_TRUE(value.ok()) << *row[0] << ": " << value.error().message;
    EXPECT_EQ(Serialize(*value), *row[1]) << *row[0];
  }
}

void GoldenChecks::SettingsAreFoundByNameAndPath() const {
  if (is7_) {
    EXPECT_EQ(*drupal_->Config("site_name")->AsString(), "Golden");
    EXPECT_TRUE(*drupal_->Config("hashed_session_ids_supported")->AsBool());
    EXPECT_EQ(drupal_->Config("drupal_private_key").error().code,
              ErrorCode::kDenied);
  } else {
    const auto front = drupal_->Config("system.site", "page.front");
    ASSERT_TRUE(front.ok()) << front.error().message;
    EXPECT_EQ(front->AsString()->front(), '/');
    EXPECT_EQ(drupal_->Config("system.site", "page.back").error().code,
              ErrorCode::kNotFound);
    EXPECT_EQ(drupal_->Config("SYSTEM.SITE").error().code,
              ErrorCode::kNotFound);
  }
  EXPECT_EQ(drupal_->Config("no.such.thing").error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(drupal_->Config("' OR '1'='1").error().code, ErrorCode::kNotFound);
}

void GoldenChecks::ColumnsAreReadByAQueryWithManyParameters() const {
  Query query;
  query.table = is7_ ? "users" : "users_field_data";
  query.columns = {"uid", "name"};
  query.where = {{"uid", Condition::Is::kOneOf, {2, 3, int64_t{4711}}},
                 {"status", Condition::Is::kEqual, {1}}};
  query.order_by = "uid";
  const auto rows = drupal_->Select(query);
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0][0], "2");
  EXPECT_EQ((*rows)[1][1], drupal_->AccountOf(3)->name);
  query.where = {{"name", Condition::Is::kEqual, {"' OR '1'='1"}}};
  EXPECT_TRUE(drupal_->Select(query)->empty());
  query.columns = {"pass"};
  EXPECT_EQ(drupal_->Select(query).error().code, ErrorCode::kDenied);
  query.columns = {"uid"};
  query.where.clear();
  query.limit = 3;
  EXPECT_EQ(drupal_->Select(query)->size(), 3u);
  query.table = "no_such_table";
  EXPECT_EQ(drupal_->Select(query).error().code, ErrorCode::kNotFound);
}

class GoldenDrupalTest : public testing::TestWithParam<const char*> {};

TEST_P(GoldenDrupalTest, SaysOfTheSiteWhatDrupalSaid) {
  const GoldenChecks checks(GetParam());
  checks.EveryUserMayWhatDrupalSaid();
  checks.EveryCookieIsWhoDrupalSaid();
  checks.SessionsOfAUserAreToldApartAndOpenNothing();
  checks.RolesHaveLabelsAndWhatTheyGrant();
  checks.EverySettingIsByteForByteWhatIsStored();
  checks.SettingsAreFoundByNameAndPath();
  checks.ColumnsAreReadByAQueryWithManyParameters();
}

INSTANTIATE_TEST_SUITE_P(Golden, GoldenDrupalTest,
                         testing::Values("drupal7-sqlite", "drupal7-mariadb",
                                         "drupal7-pgsql", "drupal10-sqlite",
                                         "drupal10-mariadb", "drupal10-pgsql",
                                         "drupal11-sqlite", "drupal11-mariadb"),
                         [](const auto& site) {
                           std::string name = site.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

class DrupalTest : public testing::Test {
 protected:
  void Change(const std::string& sql) { rt::ExecuteSql(site_.path(), sql); }

  RecordedSite site_{"drupal10-nodes"};
};

TEST_F(DrupalTest, WhoIsBlockedOrGoneIsDeniedEverything) {
  const auto drupal = Open(SqliteDocument(site_.path(), 10));
  EXPECT_EQ(drupal->Access("access content", 14)->reason, "blocked");
  EXPECT_FALSE(drupal->Access("access content", 14)->allowed());
  EXPECT_FALSE(drupal->AccountOf(14)->active);
  EXPECT_EQ(drupal->Access("access content", 4711)->reason, "no such account");
  EXPECT_FALSE(drupal->Access("access content", 4711)->allowed());
  EXPECT_EQ(drupal->AccountOf(4711).error().code, ErrorCode::kNotFound);
  Change("UPDATE users_field_data SET status = 0 WHERE uid = 1");
  EXPECT_FALSE(drupal->Access("access content", 1)->allowed());
}

TEST_F(DrupalTest, SaysWhySomethingIsAllowed) {
  const auto drupal = Open(SqliteDocument(site_.path(), 10));
  const auto reason = [&](const char* permission, uint32_t uid) {
    return drupal->Access(permission, uid)->reason;
  };
  EXPECT_EQ(reason("x", 1), "user 1 may do everything");
  EXPECT_EQ(reason("x", 10), "administrator role boss");
  EXPECT_EQ(reason("access content", 2), "role reader grants it");
  EXPECT_EQ(reason("access content", 0), "role anonymous grants it");
  EXPECT_EQ(reason("access content", 11), "none of its roles grants it");
}

TEST_F(DrupalTest, UserOneIsOneOfManyWhereTheSiteSaysSo) {
  const auto drupal =
      Open(SqliteDocument(site_.path(), 10, ",\"super_user\":false"));
  EXPECT_FALSE(drupal->Access("access content", 1)->allowed());
}

TEST_F(DrupalTest, PermissionsAreKeptUntilForgottenAndAccountsNever) {
  const auto drupal = Open(SqliteDocument(site_.path(), 10));
  ASSERT_TRUE(drupal->Access("access content", 2)->allowed());
  Change("DELETE FROM config WHERE name = 'user.role.reader'");
  EXPECT_TRUE(drupal->Access("access content", 2)->allowed());
  drupal->Forget();
  EXPECT_FALSE(drupal->Access("access content", 2)->allowed());
  ASSERT_TRUE(drupal->Access("access content", 3)->allowed());
  Change("DELETE FROM user__roles WHERE entity_id = 3");
  EXPECT_FALSE(drupal->Access("access content", 3)->allowed());
}

TEST_F(DrupalTest, PermissionsAreReadAnewWhenTheyAreOld) {
  const auto drupal =
      Open(SqliteDocument(site_.path(), 10), {.roles_ttl_ms = 0});
  ASSERT_TRUE(drupal->Access("access content", 2)->allowed());
  Change("DELETE FROM config WHERE name = 'user.role.reader'");
  EXPECT_FALSE(drupal->Access("access content", 2)->allowed());
}

TEST_F(DrupalTest, TheDocumentsPermissionsGoBeforeTheDatabases) {
  const auto drupal = Open(SqliteDocument(
      site_.path(), 10,
      ",\"roles\":{\"reader\":{\"admin\":false,\"permissions\":[\"fly\"]}}"));
  EXPECT_TRUE(drupal->Access("fly", 2)->allowed());
  EXPECT_FALSE(drupal->Access("access content", 2)->allowed());
  const auto roles = drupal->Roles();
  const auto reader =
      std::find_if(roles->begin(), roles->end(),
                   [](const Role& role) { return role.id == "reader"; });
  EXPECT_EQ(reader->label, "Reader");
  EXPECT_EQ(reader->permissions, std::vector<std::string>{"fly"});
}

TEST_F(DrupalTest, ASessionsDataDecidesWhoseItIs) {
  const std::string key = rt::HashBase64("an id");
  const auto row = [](const std::string& sid, const char* column,
                      const char* data) {
    return "INSERT INTO sessions VALUES (" + std::string(column) + ", '" + sid +
           "', '192.0.2.7', 1700000000, '_sf2_attributes|a:1:{s:3:\"uid"
           "\";s:1:\"" +
           data + "\";}');";
  };
  Change(
      "CREATE TABLE sessions (uid INTEGER, sid VARCHAR(128), hostname "
      "VARCHAR(128), timestamp INTEGER, session BLOB);" +
      row(key, "4", "4") + row("moved", "4", "5"));
  const auto drupal = Open(SqliteDocument(site_.path(), 10));
  const auto sessions = drupal->SessionsOf(4);
  ASSERT_TRUE(sessions.ok()) << sessions.error().message;
  ASSERT_EQ(sessions->size(), 1u);
  EXPECT_EQ(sessions->front().key_start, key.substr(0, 8));
  EXPECT_EQ(sessions->front().host, "192.0.2.7");
  EXPECT_EQ(sessions->front().timestamp, 1700000000);
  EXPECT_TRUE(drupal->SessionsOf(5)->empty());
}

TEST_F(DrupalTest, WithoutASessionTableThereAreNone) {
  const auto drupal = Open(SqliteDocument(site_.path(), 10));
  EXPECT_TRUE(drupal->SessionsOf(4)->empty());
}

TEST_F(DrupalTest, SessionsElsewhereAreNotListed) {
  const auto drupal = Open(SqliteDocument(
      site_.path(), 10, ",\"session\":{\"handler\":\"Some\\\\Handler\"}"));
  EXPECT_EQ(drupal->SessionsOf(4).error().code, ErrorCode::kDenied);
  EXPECT_EQ(drupal
                ->WhoIs("SESS9bcb1eb8bc9cbb59b1a2b0b5ba4fe2b1=x; "
                        "SESSab=y",
                        "example.test", false)
                ->uid,
            0u);
  EXPECT_TRUE(drupal->AccountOf(4).ok());
}

TEST(Drupal7Test, UnhashedIdsAreNeverShown) {
  rt::GoldenSite golden("drupal7-sqlite");
  rt::ExecuteSql(golden.path,
                 "UPDATE sessions SET sid = 'the-raw-id-itself' WHERE uid = 2 "
                 "AND sid = (SELECT MIN(sid) FROM sessions WHERE uid = 2)");
  const auto drupal = OpenGolden(golden);
  const auto sessions = drupal->SessionsOf(2);
  ASSERT_TRUE(sessions.ok());
  for (const Session& session : *sessions) {
    EXPECT_NE(session.key_start, "the-raw-");
  }
}

TEST(DrupalAwayTest, AnErrorIsAnAnswerAndGoesWhenTheDatabaseIsBack) {
  rt::TemporaryFolder folder;
  const std::string path = folder.File("site");
  const auto drupal = Open(SqliteDocument(path, 10));
  EXPECT_EQ(drupal->AccountOf(2).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(drupal->Access("x", 2).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(drupal->Roles().error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(drupal->Config("system.site").error().code,
            ErrorCode::kUnavailable);
  EXPECT_EQ(drupal->NodeAccess(1, NodeOperation::kView, 2).error().code,
            ErrorCode::kUnavailable);
  rt::ExecuteSql(path, rt::golden::ReadFile(rt::InSource(
                           "tests/core/native/drupal10-nodes.sql")));
  EXPECT_EQ(drupal->AccountOf(2)->name, "member2");
}

TEST(DrupalAwayTest, ADocumentWithAMistakeIsRefusedWithItsPlace) {
  const auto drupal = Drupal::FromDocument("{\"version\":1}");
  ASSERT_FALSE(drupal.ok());
  EXPECT_EQ(drupal.error().code, ErrorCode::kInvalid);
  EXPECT_NE(drupal.error().message.find("$"), std::string::npos);
  const auto wrong = Drupal::FromDocument(
      SqliteDocument("x", 10, ",\"node_access\":\"nobody\""));
  EXPECT_NE(wrong.error().message.find("$.node_access"), std::string::npos);
  EXPECT_EQ(Drupal::FromFile("/nonexistent").error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace drupalrt
