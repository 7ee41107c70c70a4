// Gathers the rows of one answer for a driver, within the bounds that a
// database's answers have. What is above them fails with kLimit and is not
// kept. Lives for one query.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "db/database.h"

namespace rt {

class RowCollector {
 public:
  RowCollector(size_t max_rows, size_t columns)
      : max_rows_(max_rows), columns_(columns) {}

  // Begins a row; its values follow, one Add or AddNull for each column.
  [[nodiscard]] Status BeginRow();
  [[nodiscard]] Status Add(std::string value);
  void AddNull() { rows_.back().emplace_back(); }

  // May a value be so large? Asked before it is fetched.
  [[nodiscard]] static Status CheckSize(size_t bytes);

  [[nodiscard]] std::vector<DatabaseRow> Take() { return std::move(rows_); }

 private:
  // What all values of an answer may come to, as 16 rows of the largest
  // values would.
  static constexpr size_t kMaxBytes = 16 * Database::kMaxValueBytes;

  size_t max_rows_;
  size_t columns_;
  size_t bytes_ = 0;
  std::vector<DatabaseRow> rows_;
};

}  // namespace rt
