// A channel's name and its parts: `namespace:rest`, or a rest alone; both with
// a `$` before them where only those with a token may subscribe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rt {

struct ChannelParts {
  bool has_namespace = false;
  std::string_view name_space;  // before the first colon
  std::string_view rest;        // behind it, or all of it
};

[[nodiscard]] ChannelParts SplitChannel(std::string_view channel);

// 1 to kMaxChannelBytes bytes of printable ASCII.
[[nodiscard]] bool IsChannelName(std::string_view channel);

// What tells channels of different sites apart inside the hub: the site's
// number in four bytes, then the name.
[[nodiscard]] std::string ChannelKey(uint32_t site_id,
                                     std::string_view channel);
// The site's number out of a key.
[[nodiscard]] uint32_t SiteOfKey(std::string_view key);
// The name out of a key.
[[nodiscard]] inline std::string_view ChannelOfKey(std::string_view key) {
  return key.substr(sizeof(uint32_t));
}

}  // namespace rt
