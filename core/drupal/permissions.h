// A sorted list of permission names, shared by everyone who holds the same
// roles: copying one costs a pointer, so ten thousand users with the same
// rights keep them once. Immutable once shared; any thread may read.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rt {

class Permissions {
 public:
  using List = std::vector<std::string>;

  Permissions() = default;
  Permissions(List names);                                // NOLINT: implicit
  Permissions(std::initializer_list<std::string> names);  // NOLINT: implicit

  [[nodiscard]] bool Contains(std::string_view name) const;

  // Sorted by byte, each once.
  [[nodiscard]] const List& list() const;
  [[nodiscard]] List::const_iterator begin() const { return list().begin(); }
  [[nodiscard]] List::const_iterator end() const { return list().end(); }
  [[nodiscard]] size_t size() const { return list().size(); }
  [[nodiscard]] bool empty() const { return list().empty(); }

  bool operator==(const Permissions& other) const {
    return list_ == other.list_ || list() == other.list();
  }

 private:
  std::shared_ptr<const List> list_;  // null: none
};

}  // namespace rt
