#include "native/select_sql.h"

#include <gtest/gtest.h>

#include <string>

namespace rt {
namespace {

using drupalrt::Condition;
using drupalrt::Query;

Query Simple(std::string table, std::string column) {
  Query query;
  query.table = std::move(table);
  query.columns = {std::move(column)};
  return query;
}

Query Where(std::string table, std::string column, Condition::Is is,
            std::vector<Condition::Operand> operands) {
  Query query = Simple(std::move(table), "uid");
  query.where = {{std::move(column), is, std::move(operands)}};
  return query;
}

Query OrderedBy(std::string table, std::string column) {
  Query query = Simple(std::move(table), "uid");
  query.order_by = std::move(column);
  return query;
}

ErrorCode Refusal(const Query& query) {
  const Result<SelectSql> sql = WriteSelect(query);
  EXPECT_FALSE(sql.ok()) << sql->text;
  return sql.ok() ? ErrorCode::kInternal : sql.error().code;
}

TEST(SelectSql, ValuesAreParametersInTheOrderOfTheText) {
  Query query;
  query.table = "node_field_data";
  query.columns = {"nid", "title"};
  query.where = {
      {"type", Condition::Is::kOneOf, {"a?b", "x' OR '1'='1"}},
      {"status", Condition::Is::kEqual, {1}},
      {"uid", Condition::Is::kMore, {2}},
      {"langcode", Condition::Is::kNotNull, {}},
  };
  query.order_by = "nid";
  query.descending = true;
  query.limit = 7;
  const Result<SelectSql> sql = WriteSelect(query);
  ASSERT_TRUE(sql.ok()) << sql.error().message;
  EXPECT_EQ(sql->text,
            "SELECT [nid], [title] FROM {node_field_data} WHERE [type] IN "
            "(?, ?) AND [status] = ? AND [uid] > ? AND [langcode] IS NOT NULL "
            "ORDER BY [nid] DESC LIMIT ?");
  const Database::Parameters expected = {std::string("a?b"),
                                         std::string("x' OR '1'='1"),
                                         int64_t{1}, int64_t{2}, int64_t{7}};
  EXPECT_EQ(sql->parameters, expected);
}

TEST(SelectSql, StrictlyWhatIsEqualIsEqualAsTextBesides) {
  Query query = Where("users", "uid", Condition::Is::kOneOf, {7, "8"});
  query.where.push_back({"name", Condition::Is::kNotEqual, {"a"}});
  query.limit = 1;
  const Result<SelectSql> sql = WriteSelect(query, true);
  ASSERT_TRUE(sql.ok()) << sql.error().message;
  EXPECT_EQ(sql->text,
            "SELECT [uid] FROM {users} WHERE ([uid] IN (?, ?) AND CAST([uid] "
            "AS CHAR) IN (?, ?)) AND NOT ([name] IN (?) AND CAST([name] AS "
            "CHAR) IN (?)) LIMIT ?");
  const Database::Parameters expected = {
      int64_t{7},       std::string("8"), std::string("7"), std::string("8"),
      std::string("a"), std::string("a"), int64_t{1}};
  EXPECT_EQ(sql->parameters, expected);
}

TEST(SelectSql, NamesAreLettersDigitsAndUnderscores) {
  const std::string wrong[] = {"a b",
                               "a]",
                               "a}",
                               "a?",
                               "a\"",
                               "a`",
                               "a;--",
                               "1a",
                               "a.b",
                               "a\n",
                               "\xc3\xa9",
                               "nid) FROM x --",
                               std::string(65, 'a')};
  for (const std::string& name : wrong) {
    SCOPED_TRACE(name);
    EXPECT_EQ(Refusal(Simple(name, "nid")), ErrorCode::kInvalid);
    EXPECT_EQ(Refusal(Simple("node", name)), ErrorCode::kInvalid);
    EXPECT_EQ(Refusal(Where("node", name, Condition::Is::kNull, {})),
              ErrorCode::kInvalid);
    EXPECT_EQ(Refusal(OrderedBy("node", name)), ErrorCode::kInvalid);
  }
  EXPECT_EQ(Refusal(Simple("", "nid")), ErrorCode::kInvalid);
  EXPECT_EQ(Refusal(Simple("node", "")), ErrorCode::kInvalid);
}

TEST(SelectSql, WhatProvesWhoSomebodyIsIsNeitherReadNorCompared) {
  const struct {
    const char* table;
    const char* column;
  } secrets[] = {
      {"users_field_data", "pass"},
      {"users_field_data", "init"},
      {"users", "pass"},
      {"users", "PASS"},
      {"Users", "pass"},
      {"other_users", "pass"},
      {"sessions", "sid"},
      {"sessions", "ssid"},
      {"sessions", "session"},
      {"other_sessions", "Session"},
  };
  for (const auto& [table, column] : secrets) {
    SCOPED_TRACE(std::string(table) + "." + column);
    EXPECT_EQ(Refusal(Simple(table, column)), ErrorCode::kDenied);
    EXPECT_EQ(Refusal(OrderedBy(table, column)), ErrorCode::kDenied);
    EXPECT_EQ(Refusal(Where(table, column, Condition::Is::kMore, {"$2y$10"})),
              ErrorCode::kDenied);
  }
  for (const char* table :
       {"cache_entity", "CACHE_entity", "key_value", "key_value_expire",
        "variable", "other_cache_form"}) {
    EXPECT_EQ(Refusal(Simple(table, "data")), ErrorCode::kDenied);
  }
  // The same name elsewhere is the number of a form, say.
  EXPECT_TRUE(WriteSelect(Simple("webform_submission", "sid")).ok());
}

TEST(SelectSql, EverythingIsBounded) {
  Query query = Simple("node", "nid");
  EXPECT_TRUE(WriteSelect(query).ok());
  query.limit = 0;
  EXPECT_EQ(Refusal(query), ErrorCode::kInvalid);
  query.limit = kMaxSelectRows + 1;
  EXPECT_EQ(Refusal(query), ErrorCode::kInvalid);
  query.limit = kMaxSelectRows;
  query.columns.clear();
  EXPECT_EQ(Refusal(query), ErrorCode::kInvalid);
  query.columns.assign(kMaxSelectColumns, "nid");
  query.where.assign(kMaxSelectConditions, {"nid", Condition::Is::kEqual, {1}});
  EXPECT_TRUE(WriteSelect(query).ok());
  query.columns.emplace_back("nid");
  EXPECT_EQ(Refusal(query), ErrorCode::kInvalid);
  query.columns.pop_back();
  query.where.push_back(query.where.front());
  EXPECT_EQ(Refusal(query), ErrorCode::kInvalid);
}

TEST(SelectSql, AConditionHasTheOperandsItNeeds) {
  const auto with = [](Condition::Is is, size_t count) {
    return WriteSelect(
               Where("node", "nid", is,
                     std::vector<Condition::Operand>(count, int64_t{1})))
        .ok();
  };
  EXPECT_TRUE(with(Condition::Is::kEqual, 1));
  EXPECT_FALSE(with(Condition::Is::kEqual, 0));
  EXPECT_FALSE(with(Condition::Is::kEqual, 2));
  EXPECT_FALSE(with(Condition::Is::kOneOf, 0));
  EXPECT_TRUE(with(Condition::Is::kOneOf, kMaxSelectOperands));
  EXPECT_FALSE(with(Condition::Is::kOneOf, kMaxSelectOperands + 1));
  EXPECT_TRUE(with(Condition::Is::kNull, 0));
  EXPECT_FALSE(with(Condition::Is::kNull, 1));
}

}  // namespace
}  // namespace rt
