// One command of the client protocol in JSON to its value; for the JSON codec
// alone. Thread-safe.
#pragma once

#include <string_view>

#include "wire/client_protocol.h"

namespace rt {

// False when `line` is not one JSON object, or a field that we know is of
// another type than the schema's. Unknown fields are ignored, of repeated ones
// the last decides, and null is as good as absent.
[[nodiscard]] bool ParseJsonCommand(std::string_view line, Command* command);

// The one request of a client that only listens; empty: all of it left out.
[[nodiscard]] bool ParseJsonConnect(std::string_view json,
                                    ConnectRequest* request);

}  // namespace rt
