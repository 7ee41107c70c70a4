// From a program's query to text and parameters for any driver. What the text
// is made of are names that were checked; values are parameters. Pure.
#pragma once

#include <string>

#include "base/result.h"
#include "db/database.h"
#include "native/drupal.h"

namespace rt {

// Of one query. Above: kInvalid.
inline constexpr size_t kMaxSelectColumns = 64;
inline constexpr size_t kMaxSelectConditions = 32;
inline constexpr size_t kMaxSelectOperands = 500;
inline constexpr size_t kMaxSelectRows = 10'000;

struct SelectSql {
  std::string text;
  Database::Parameters parameters;
};

// kInvalid where the query is none; kDenied where it asks for what proves who
// somebody is, or for a table that may hold a copy of it.
//
// `strict`: for a database that takes "7abc" for 7 and every word for 0 where a
// number is compared with text, as MySQL does: what is equal is compared as
// text besides.
[[nodiscard]] Result<SelectSql> WriteSelect(const drupalrt::Query& query,
                                            bool strict = false);

}  // namespace rt
