#include "db/login_sql.h"

#include <gtest/gtest.h>

#include "db/sql_text.h"

namespace rt {
namespace {

const SqlDialect kPostgres = {'"', true, true};
const SqlDialect kMysql = {'`', false, true};

std::string Sql(LoginQuery query, int schema, const DatabaseConfig& config,
                const SqlDialect& dialect) {
  return RenderSql(LoginSql(query, schema), config, dialect);
}

TEST(LoginSql, QuotesIdentifiersAsTheDialectDoes) {
  EXPECT_EQ(Sql(LoginQuery::kSession, 10, {}, kMysql),
            "SELECT `sid`, `session`, `uid` FROM `sessions` WHERE `sid` = ?");
  EXPECT_EQ(Sql(LoginQuery::kAccount, 10, {}, kPostgres),
            "SELECT \"name\", \"status\" FROM \"users_field_data\" "
            "WHERE \"uid\" = $1 AND \"default_langcode\" = 1");
}

TEST(LoginSql, PutsThePrefixBeforeTheBareName) {
  DatabaseConfig config;
  config.prefix = "dp_";
  EXPECT_EQ(Sql(LoginQuery::kAccountRoles, 10, config, kMysql),
            "SELECT `roles_target_id` FROM `dp_user__roles` "
            "WHERE `entity_id` = ?");
}

TEST(LoginSql, TakesAPrefixWithADotForAnotherDatabase) {
  DatabaseConfig config;
  config.prefix = "shared.dp_";
  EXPECT_EQ(Sql(LoginQuery::kAccountRoles, 7, config, kMysql),
            "SELECT `rid` FROM `shared`.`dp_users_roles` WHERE `uid` = ? "
            "AND `rid` IN (SELECT `rid` FROM `shared`.`dp_role`)");
}

TEST(LoginSql, KnowsDrupalSevensPrefixesByTable) {
  DatabaseConfig config;
  config.prefix = "dp_";
  config.table_prefixes["users"] = "shared_";
  EXPECT_EQ(Sql(LoginQuery::kAccount, 7, config, kMysql),
            "SELECT `name`, `status` FROM `shared_users` WHERE `uid` = ?");
  EXPECT_EQ(Sql(LoginQuery::kRoles, 7, config, kMysql),
            "SELECT `rid`, `permission` FROM `dp_role_permission`");
}

TEST(LoginSql, NamesASchemaOtherThanPublic) {
  DatabaseConfig config;
  config.schema = "drupal";
  EXPECT_EQ(Sql(LoginQuery::kAccountRoles, 10, config, kPostgres),
            "SELECT \"roles_target_id\" FROM \"drupal\".\"user__roles\" "
            "WHERE \"entity_id\" = $1");
  config.schema = "public";
  EXPECT_EQ(Sql(LoginQuery::kRoles, 10, config, kPostgres),
            "SELECT \"name\", \"data\" FROM \"config\" WHERE \"collection\" = "
            "'' AND \"name\" LIKE 'user.role.%'");
}

TEST(LoginSql, AsksDrupalSevensColumnForHttps) {
  EXPECT_EQ(Sql(LoginQuery::kSecureSession, 7, {}, kMysql),
            "SELECT `ssid`, `session`, `uid` FROM `sessions` WHERE `ssid` = ?");
  EXPECT_EQ(Sql(LoginQuery::kSecureSession, 10, {}, kMysql),
            Sql(LoginQuery::kSession, 10, {}, kMysql));
}

TEST(SqlText, NumbersTheParametersWhereTheDialectDoes) {
  EXPECT_EQ(RenderSql("SELECT s.[a] FROM {t} s WHERE [b] IN (?, ?) OR c = ?",
                      {}, kPostgres),
            "SELECT s.\"a\" FROM \"t\" s WHERE \"b\" IN ($1, $2) OR c = $3");
}

TEST(LoginSql, DoublesAQuoteInAName) {
  DatabaseConfig config;
  config.prefix = "a`b";
  EXPECT_EQ(Sql(LoginQuery::kAccountRoles, 7, config, kMysql),
            "SELECT `rid` FROM `a``busers_roles` WHERE `uid` = ? "
            "AND `rid` IN (SELECT `rid` FROM `a``brole`)");
}

}  // namespace
}  // namespace rt
