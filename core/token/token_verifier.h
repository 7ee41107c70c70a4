// Says whether a JSON Web Token is good, and what it claims. Immutable once
// made; any thread may ask.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "token/claims.h"

namespace rt {

struct TokenOptions {
  // HS256, HS384, HS512. The previous one is good too, while tokens under it
  // are still about.
  std::string hmac_secret;
  std::string previous_hmac_secret;
  std::string rsa_public_key;    // PEM; RS256, RS384, RS512
  std::string ecdsa_public_key;  // PEM; ES256, ES384, ES512 by its curve
  // A key set (RFC 7517) with RSA, EC and Ed25519 public keys.
  std::string jwks_json;
  std::string audience;  // empty: any
  std::string issuer;

  [[nodiscard]] bool empty() const {
    return hmac_secret.empty() && previous_hmac_secret.empty() &&
           rsa_public_key.empty() && ecdsa_public_key.empty() &&
           jwks_json.empty();
  }
};

enum class TokenFault {
  kNone,
  kInvalid,
  kExpired,  // good but for that
};

template <typename Claims>
struct TokenVerdict {
  TokenFault fault = TokenFault::kInvalid;
  Claims claims;    // none where there is a fault
  std::string why;  // of a fault; never a part of the token
};

class TokenKey;

class TokenVerifier {
 public:
  // kInvalid for a key that is none, which the message names.
  static Result<std::shared_ptr<const TokenVerifier>> Make(
      const TokenOptions& options);
  ~TokenVerifier();

  // Why a subscription token is no connection token.
  static constexpr char kIsSubscription[] = "it is a subscription token";

  // `now_s`: seconds since 1970.
  [[nodiscard]] TokenVerdict<ConnectionClaims> VerifyConnection(
      std::string_view token, int64_t now_s) const;
  [[nodiscard]] TokenVerdict<SubscriptionClaims> VerifySubscription(
      std::string_view token, int64_t now_s) const;

 private:
  TokenVerifier();
  // `read_own`: reads the claims that only this kind of token has.
  template <typename Claims, typename ReadOwn>
  [[nodiscard]] TokenVerdict<Claims> Verify(std::string_view token,
                                            int64_t now_s,
                                            ReadOwn read_own) const;
  // Empty where the signature is good, else why it is not. `payload`: the
  // claims' JSON.
  [[nodiscard]] std::string CheckSignature(std::string_view token,
                                           std::string* payload) const;

  std::vector<std::unique_ptr<TokenKey>> keys_;
  std::string audience_;
  std::string issuer_;
};

}  // namespace rt
