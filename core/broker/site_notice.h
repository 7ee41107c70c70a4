// What a site says has changed, within the request that changed it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rt {

struct SiteNotice {
  std::vector<std::string> sessions;  // stored keys of sessions that ended
  std::vector<uint32_t> users;        // blocked, deleted, other roles, …
  bool roles = false;                 // what roles grant
};

}  // namespace rt
