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
[[nodiscard]] Result<SelectSql> WriteSelect(const drupalrt::Query& query);

}  // namespace rt
