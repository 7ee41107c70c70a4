// Queries as they are written down here, for any driver:
//
//   SELECT s.[sid] FROM {sessions} s WHERE s.[uid] = ?
//
// `[name]` is an identifier, quoted as the dialect does; `{table}` one of
// Drupal's tables, with the prefix and schema that the site gives it; `?` a
// parameter. None of these characters may stand in a literal: values are
// parameters. Pure.
#pragma once

#include <string>
#include <string_view>

#include "drupal/site_login.h"

namespace rt {

struct SqlDialect {
  char quote = '"';       // around identifiers; ` for MySQL
  bool numbered = false;  // parameters are $1, $2, … instead of ?
  bool prefixes = true;   // SQLite keeps a prefix's tables in another file
};

[[nodiscard]] std::string RenderSql(std::string_view text,
                                    const DatabaseConfig& config,
                                    const SqlDialect& dialect);

}  // namespace rt
