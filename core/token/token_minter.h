// Signs tokens under a secret (HS256), for pages that need one and for tools.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "token/claims.h"

namespace rt {

// Each gets a random id where it has none, and `now_s` as its time of issue.
[[nodiscard]] std::string MintToken(std::string_view secret,
                                    const ConnectionClaims& claims,
                                    int64_t now_s);
[[nodiscard]] std::string MintToken(std::string_view secret,
                                    const SubscriptionClaims& claims,
                                    int64_t now_s);

}  // namespace rt
