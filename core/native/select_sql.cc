#include "native/select_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace rt {

namespace {

using drupalrt::Condition;
using drupalrt::Query;

// Longer than any database lets an identifier be.
constexpr size_t kMaxNameBytes = 64;

Error Wrong(std::string why) { return {ErrorCode::kInvalid, std::move(why)}; }

bool IsName(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= kMaxNameBytes &&
         !(name[0] >= '0' && name[0] <= '9') &&
         std::all_of(name.begin(), name.end(), fits);
}

std::string Lower(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool IsOneOf(std::string_view name,
             std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// By the end of the name: with an empty prefix, tables of a neighbour's prefix
// can be named too. Names of tables and columns may be told without case.
bool IsSecret(std::string_view table, std::string_view column) {
  const std::string of = Lower(table);
  const std::string name = Lower(column);
  if (of.ends_with("users") || of.ends_with("users_field_data")) {
    return IsOneOf(name, {"pass", "init"});
  }
  if (of.ends_with("sessions")) {
    return IsOneOf(name, {"sid", "ssid", "session"});
  }
  return false;
}

// Accounts as they are cached, with their password; the site's private key.
bool MayHoldSecrets(std::string_view table) {
  const std::string of = Lower(table);
  return of.find("cache") != std::string::npos ||
         of.find("key_value") != std::string::npos || of.ends_with("variable");
}

const char* Operator(Condition::Is is) {
  switch (is) {
    case Condition::Is::kEqual:
      return " = ?";
    case Condition::Is::kNotEqual:
      return " <> ?";
    case Condition::Is::kLess:
      return " < ?";
    case Condition::Is::kAtMost:
      return " <= ?";
    case Condition::Is::kMore:
      return " > ?";
    case Condition::Is::kAtLeast:
      return " >= ?";
    case Condition::Is::kNull:
      return " IS NULL";
    case Condition::Is::kNotNull:
      return " IS NOT NULL";
    case Condition::Is::kOneOf:
      break;
  }
  return "";
}

bool CountFits(const Condition& condition) {
  const size_t count = condition.operands.size();
  switch (condition.is) {
    case Condition::Is::kOneOf:
      return count >= 1 && count <= kMaxSelectOperands;
    case Condition::Is::kNull:
    case Condition::Is::kNotNull:
      return count == 0;
    default:
      return count == 1;
  }
}

class Writer {
 public:
  Writer(const Query& query, bool strict) : query_(query), strict_(strict) {}

  Result<SelectSql> Write() {
    if (Status status = CheckSizes(); !status) return status.error();
    sql_.text = "SELECT ";
    for (size_t i = 0; i < query_.columns.size(); ++i) {
      if (i > 0) sql_.text += ", ";
      if (Status s = Column(query_.columns[i]); !s) return s.error();
    }
    sql_.text += " FROM {" + query_.table + "}";
    for (size_t i = 0; i < query_.where.size(); ++i) {
      sql_.text += i == 0 ? " WHERE " : " AND ";
      if (Status s = Where(query_.where[i]); !s) return s.error();
    }
    if (!query_.order_by.empty()) {
      sql_.text += " ORDER BY ";
      if (Status s = Column(query_.order_by); !s) return s.error();
      if (query_.descending) sql_.text += " DESC";
    }
    sql_.text += " LIMIT ?";
    sql_.parameters.emplace_back(static_cast<int64_t>(query_.limit));
    return std::move(sql_);
  }

 private:
  Status CheckSizes() const {
    if (!IsName(query_.table)) {
      return Wrong("a table's name has to be letters, digits and _");
    }
    if (MayHoldSecrets(query_.table)) {
      return Error{ErrorCode::kDenied,
                   "table " + query_.table + " may hold secrets"};
    }
    if (query_.columns.empty() || query_.columns.size() > kMaxSelectColumns) {
      return Wrong(fmt::format("name 1 to {} columns", kMaxSelectColumns));
    }
    if (query_.where.size() > kMaxSelectConditions) {
      return Wrong(fmt::format("at most {} conditions", kMaxSelectConditions));
    }
    if (query_.limit == 0 || query_.limit > kMaxSelectRows) {
      return Wrong(fmt::format("a limit from 1 to {} rows", kMaxSelectRows));
    }
    return {};
  }

  Status Column(const std::string& name) {
    if (!IsName(name)) {
      return Wrong("a column's name has to be letters, digits and _");
    }
    if (IsSecret(query_.table, name)) {
      return Error{ErrorCode::kDenied,
                   "column " + name + " of " + query_.table + " is never read"};
    }
    sql_.text += "[" + name + "]";
    return {};
  }

  Status Where(const Condition& condition) {
    if (!CountFits(condition)) {
      return Wrong("the condition on " + condition.column +
                   " has the wrong number of operands");
    }
    const Condition::Is is = condition.is;
    const bool equality = is == Condition::Is::kEqual ||
                          is == Condition::Is::kNotEqual ||
                          is == Condition::Is::kOneOf;
    if (strict_ && equality) return StrictlyEqual(condition);
    if (Status status = Column(condition.column); !status) return status;
    sql_.text += is == Condition::Is::kOneOf ? OneOf(condition.operands.size())
                                             : Operator(is);
    for (const Condition::Operand& operand : condition.operands) {
      sql_.parameters.push_back(operand);
    }
    return {};
  }

  static std::string OneOf(size_t count) {
    std::string text = " IN (?";
    for (size_t i = 1; i < count; ++i) text += ", ?";
    return text + ")";
  }

  // As it is, for an index, and as text. Names that differ in case are as equal
  // as before.
  Status StrictlyEqual(const Condition& condition) {
    const size_t count = condition.operands.size();
    sql_.text += condition.is == Condition::Is::kNotEqual ? "NOT (" : "(";
    if (Status status = Column(condition.column); !status) return status;
    sql_.text += OneOf(count) + " AND CAST(";
    if (Status status = Column(condition.column); !status) return status;
    sql_.text += " AS CHAR)" + OneOf(count) + ")";
    for (const Condition::Operand& operand : condition.operands) {
      sql_.parameters.push_back(operand);
    }
    for (const Condition::Operand& operand : condition.operands) {
      const auto* number = std::get_if<int64_t>(&operand);
      sql_.parameters.emplace_back(number != nullptr
                                       ? std::to_string(*number)
                                       : std::get<std::string>(operand));
    }
    return {};
  }

  const Query& query_;
  const bool strict_;
  SelectSql sql_;
};

}  // namespace

Result<SelectSql> WriteSelect(const Query& query, bool strict) {
  return Writer(query, strict).Write();
}

}  // namespace rt
