// The text of login's queries, for any driver: identifiers quoted, tables
// prefixed, one parameter at most. Pure.
#pragma once

#include <string>
#include <string_view>

#include "db/database.h"

namespace rt {

struct SqlDialect {
  char quote = '"';                  // around identifiers; ` for MySQL
  std::string_view parameter = "?";  // or "$1"
  bool prefixes = true;  // SQLite keeps a prefix's tables in another file
};

[[nodiscard]] std::string LoginSql(LoginQuery query, int schema,
                                   const DatabaseConfig& config,
                                   const SqlDialect& dialect);

}  // namespace rt
