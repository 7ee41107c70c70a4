// The grammar of a whole HTTP/1.1 request head, for HttpHeadReader alone:
// it says when a head is whole, this says what is in it. Pure.
#pragma once

#include <string_view>

#include "wire/http_head.h"

namespace rt {

// May it stand in a token (RFC 9110 section 5.6.2)?
[[nodiscard]] bool IsHttpTokenByte(char c);

// Reads a head from its request line to the empty line at its end. Returns 0,
// or the HTTP status to refuse it with. REQUIRES: every line feed in `head`
// stands behind a carriage return, and the last two lines are
// whole.
[[nodiscard]] int ParseHttpHead(std::string_view head, HttpRequestHead* out);

}  // namespace rt
