#include "db/row_collector.h"

namespace rt {

Status RowCollector::BeginRow() {
  if (rows_.size() == max_rows_) {
    return Error{ErrorCode::kLimit, "more rows than expected"};
  }
  rows_.emplace_back().reserve(columns_);
  return Status();
}

Status RowCollector::Add(std::string value) {
  if (Status fits = CheckSize(value.size()); !fits) return fits;
  bytes_ += value.size();
  if (bytes_ > kMaxBytes) {
    return Error{ErrorCode::kLimit, "the rows are too large"};
  }
  rows_.back().emplace_back(std::move(value));
  return Status();
}

Status RowCollector::CheckSize(size_t bytes) {
  if (bytes <= Database::kMaxValueBytes) return Status();
  return Error{ErrorCode::kLimit, "a value is too large"};
}

}  // namespace rt
