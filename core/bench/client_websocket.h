// The browser's side of WebSocket (RFC 6455), as little of it as a load
// generator needs: the handshake, masked frames out, whole unfragmented frames
// in. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/websocket.h"

namespace rt::bench {

// The site that all requests name in Host and Origin.
inline constexpr std::string_view kBenchHost = "bench.test";

// The request that opens a WebSocket. `cookie` may be empty.
[[nodiscard]] std::string HandshakeRequest(std::string_view path,
                                           std::string_view cookie);
// Is `head`, up to its empty line, the answer that accepts it? If not, the
// error quotes the status line.
[[nodiscard]] Status CheckHandshakeAnswer(std::string_view head);

// Appends a whole masked frame.
void AppendClientFrame(WebSocketOpcode opcode, std::string_view payload,
                       std::string* out);

struct ServerFrame {
  WebSocketOpcode opcode = WebSocketOpcode::kText;
  std::string_view payload;
  size_t size = 0;  // header and payload
};

enum class FrameRead {
  kWhole,
  kMore,    // the frame does not end within the bytes
  kBroken,  // masked, fragmented or compressed: no server here does that
};

// Reads the frame at the front of `bytes`.
FrameRead ReadServerFrame(std::string_view bytes, ServerFrame* frame);

}  // namespace rt::bench
