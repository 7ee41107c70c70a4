// Channels as the extension's functions take them. What else makes a channel
// is the broker's to judge: it knows the namespaces.
#pragma once

#include <stdint.h>

#include <string_view>

#include "php_headers.h"

namespace rt {

// "must …" where the text is no channel, else null.
[[nodiscard]] const char* ChannelFault(std::string_view channel);

// False with a ValueError thrown that names the argument.
[[nodiscard]] bool CheckChannel(uint32_t argument, const zend_string* channel);

}  // namespace rt
