// What sessions need to know of the site they belong to. Immutable once made;
// a changed site is a new Site with the same number.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "hub/namespaces.h"

namespace rt {

struct Site {
  uint32_t id = 0;
  std::string key;        // empty: the broker's own, without a site document
  bool anonymous = true;  // may visitors who are not logged in connect?
  bool insecure = false;  // everyone may do everything
  Namespaces namespaces;

  explicit Site(Namespaces its_namespaces)
      : namespaces(std::move(its_namespaces)) {}
};

using SitePtr = std::shared_ptr<const Site>;

}  // namespace rt
