// The statements that a connection has prepared, by their text. Bounded: when
// it is full, a further one is kept until the next such one comes.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "db/database.h"

namespace rt {

// `Handle` owns a driver's statement.
template <typename Handle>
class StatementBook {
 public:
  [[nodiscard]] Handle* Find(std::string_view text) {
    const auto found = kept_.find(text);
    return found == kept_.end() ? nullptr : &found->second;
  }

  [[nodiscard]] bool full() const {
    return kept_.size() >= Database::kMaxPrepared;
  }
  [[nodiscard]] size_t size() const { return kept_.size(); }

  // The handle where it stays, until the next Put at least.
  Handle* Put(std::string_view text, Handle handle) {
    if (full()) {
      spare_ = std::move(handle);
      return &spare_;
    }
    return &kept_.insert_or_assign(std::string(text), std::move(handle))
                .first->second;
  }

 private:
  std::map<std::string, Handle, std::less<>> kept_;
  Handle spare_{};
};

}  // namespace rt
