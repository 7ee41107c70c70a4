#include "channel.h"

#include "core/wire/link_format.h"
#include "json.h"
#include "utf8.h"

namespace rt {

const char* ChannelFault(std::string_view channel) {
  if (channel.empty()) return "must not be empty";
  if (channel.size() > kLinkMaxChannelBytes) return "must be 255 bytes at most";
  if (!IsUtf8(channel)) return "must be valid UTF-8";
  return nullptr;
}

bool CheckChannel(uint32_t argument, const zend_string* channel) {
  const char* fault = ChannelFault(View(channel));
  if (fault == nullptr) return true;
  zend_argument_value_error(argument, "%s", fault);
  return false;
}

}  // namespace rt
