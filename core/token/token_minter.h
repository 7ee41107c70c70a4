// Signs tokens under a secret (HS256), for pages that need one and for tools.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "token/claims.h"

namespace rt {

// What a TokenVerifier with the same secret, audience and issuer takes.
struct TokenSigning {
  std::string secret;
  std::string audience;  // empty: the token names none
  std::string issuer;
};

// Each gets a random id where it has none, and `now_s` as its time of issue.
// REQUIRES: info, data and meta are JSON or empty.
[[nodiscard]] std::string MintToken(const TokenSigning& signing,
                                    const ConnectionClaims& claims,
                                    int64_t now_s);
[[nodiscard]] std::string MintToken(const TokenSigning& signing,
                                    const SubscriptionClaims& claims,
                                    int64_t now_s);

}  // namespace rt
