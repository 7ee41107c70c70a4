#include "drupal/permissions.h"

#include <algorithm>

namespace rt {

Permissions::Permissions(List names) {
  if (names.empty()) return;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  names.shrink_to_fit();
  list_ = std::make_shared<const List>(std::move(names));
}

Permissions::Permissions(std::initializer_list<std::string> names)
    : Permissions(List(names)) {}

bool Permissions::Contains(std::string_view name) const {
  return std::binary_search(begin(), end(), name);
}

const Permissions::List& Permissions::list() const {
  static const List kNone;
  return list_ ? *list_ : kNone;
}

}  // namespace rt
