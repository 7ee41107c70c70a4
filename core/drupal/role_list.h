// The ids of the roles somebody holds, in Drupal's order, shared by everyone
// who holds the same. Immutable once shared; any thread may read.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace rt {

class RoleList {
 public:
  using List = std::vector<std::string>;
  using value_type = std::string;
  using const_iterator = List::const_iterator;

  RoleList() = default;
  RoleList(List ids)  // NOLINT: implicit
      : list_(std::make_shared<const List>(std::move(ids))) {}
  RoleList(std::initializer_list<std::string> ids)  // NOLINT: implicit
      : RoleList(List(ids)) {}

  [[nodiscard]] const List& list() const {
    static const List kNone;
    return list_ ? *list_ : kNone;
  }
  [[nodiscard]] const_iterator begin() const { return list().begin(); }
  [[nodiscard]] const_iterator end() const { return list().end(); }
  [[nodiscard]] size_t size() const { return list().size(); }
  [[nodiscard]] bool empty() const { return list().empty(); }

  bool operator==(const RoleList& other) const {
    return list_ == other.list_ || list() == other.list();
  }

 private:
  std::shared_ptr<const List> list_;  // null: none
};

}  // namespace rt
