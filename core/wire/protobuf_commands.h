// Commands in Protobuf, bounded: nothing is allocated for a length that the
// bytes at hand do not have.
#pragma once

#include <string>
#include <string_view>

#include "wire/client_protocol.h"

namespace rt {

// Takes a length and so many bytes from the front. False where they are not
// there.
[[nodiscard]] bool TakeDelimited(std::string_view* message,
                                 std::string_view* body);

// One command without its length. An empty one is a pong.
[[nodiscard]] bool ParseProtobufCommand(std::string_view bytes,
                                        Command* command);

// What the emulation endpoint is sent.
struct EmulationRequest {
  std::string node;
  std::string session;
  std::string data;  // commands, as a message of the session's encoding
};
[[nodiscard]] bool ParseProtobufEmulation(std::string_view bytes,
                                          EmulationRequest* request);
[[nodiscard]] bool ParseJsonEmulation(std::string_view json,
                                      EmulationRequest* request);

}  // namespace rt
