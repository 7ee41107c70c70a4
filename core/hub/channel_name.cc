#include "hub/channel_name.h"

#include <algorithm>
#include <cstring>

#include "base/limits.h"

namespace rt {

ChannelParts SplitChannel(std::string_view channel) {
  // A private channel is in the namespace behind its sign.
  if (channel.starts_with('$')) channel.remove_prefix(1);
  const size_t colon = channel.find(':');
  if (colon == std::string_view::npos) return {false, {}, channel};
  return {true, channel.substr(0, colon), channel.substr(colon + 1)};
}

bool IsChannelName(std::string_view channel) {
  return !channel.empty() && channel.size() <= kMaxChannelBytes &&
         std::all_of(channel.begin(), channel.end(),
                     [](char c) { return c >= ' ' && c <= '~'; });
}

std::string ChannelKey(uint32_t site_id, std::string_view channel) {
  std::string key(reinterpret_cast<const char*>(&site_id), sizeof site_id);
  key.append(channel);
  return key;
}

uint32_t SiteOfKey(std::string_view key) {
  uint32_t site_id = 0;
  std::memcpy(&site_id, key.data(), sizeof site_id);
  return site_id;
}

}  // namespace rt
