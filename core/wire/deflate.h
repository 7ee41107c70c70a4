// permessage-deflate (RFC 7692), always without context takeover: what is
// deflated once is shared by all who negotiated the same window, and a
// connection at rest keeps no memory for it. Any thread; a thread keeps up to
// 260 KiB for each window that it deflated with and 40 KiB if it inflated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/limits.h"

namespace rt {

struct DeflateParams {
  uint8_t server_window_bits = 15;  // 9 to 15
  uint8_t client_window_bits = 15;  // 8 to 15

  bool operator==(const DeflateParams&) const = default;
};

// What of it is worth the time, as configured: the same for all connections.
struct DeflateEffort {
  uint8_t level = 1;                        // 1 (fast) to 9 (small)
  uint32_t from_bytes = kMinDeflatedBytes;  // smaller messages go as they are

  bool operator==(const DeflateEffort&) const = default;
};

// Takes the first offer that can be met out of a client's
// Sec-WebSocket-Extensions, several joined by commas; `*response` is then the
// header to answer with. Nothing, which is no error, where there is none:
// offers that are malformed, have unknown or repeated parameters, or want a
// server's window of 8 bits, which zlib does not have, are passed over.
[[nodiscard]] std::optional<DeflateParams> NegotiateDeflate(
    std::string_view offers, std::string* response);

// One message, deflated on its own; of a short one that has no repetitions
// longer than `payload`, so compare. `level`: 1 (fast) to 9 (small).
// REQUIRES: `window_bits` is from 9 to 15, the payload below 1 GiB.
[[nodiscard]] std::string DeflateMessage(std::string_view payload,
                                         int window_bits, int level = 1);

enum class InflateError {
  kNone,
  kTooBig,     // close with 1009
  kMalformed,  // close with 1007
};

// One message of the other side's into `*out`, which never holds more than
// `max_bytes`: what would be larger is given up before its memory is spent.
// A message that is cut short is malformed.
[[nodiscard]] InflateError InflateMessage(std::string_view deflated,
                                          size_t max_bytes, std::string* out);

}  // namespace rt
