// One key that tokens may be signed with: a shared secret, or the public half
// of a pair. Which algorithms it is good for follows from its kind alone, so a
// token cannot make a secret of a public key. Immutable.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rt {

class TokenKey {
 public:
  enum class Kind { kSecret, kRsa, kEc256, kEc384, kEc521, kEd25519 };

  static TokenKey FromSecret(std::string secret);
  // kInvalid unless it is an RSA or EC public key in PEM.
  static Result<std::unique_ptr<TokenKey>> FromPem(std::string_view pem);
  // The public keys of a set (RFC 7517); others in it are passed over.
  static Result<std::vector<std::unique_ptr<TokenKey>>> FromJwks(
      std::string_view json);

  // `alg` as in a token's header: HS256, RS256, ES256, EdDSA, …
  [[nodiscard]] bool Fits(std::string_view alg) const;
  // Has it this `kid`, or none, or is none asked for?
  [[nodiscard]] bool IsNamed(std::string_view kid) const {
    return kid.empty() || id_.empty() || id_ == kid;
  }
  // REQUIRES: Fits(alg).
  [[nodiscard]] bool Verify(std::string_view alg, std::string_view message,
                            std::string_view signature) const;

 private:
  struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  using PublicKey = std::unique_ptr<EVP_PKEY, FreeKey>;

  TokenKey(Kind kind, std::string secret, PublicKey key)
      : kind_(kind), secret_(std::move(secret)), key_(std::move(key)) {}
  static Result<std::unique_ptr<TokenKey>> FromPublic(PublicKey key);
  friend class JwksReader;

  Kind kind_;
  std::string secret_;
  PublicKey key_;
  std::string id_;
  std::string only_alg_;  // where the set says so
};

// HMAC over `message` with HS256, HS384 or HS512.
[[nodiscard]] std::string SignWithSecret(std::string_view alg,
                                         std::string_view secret,
                                         std::string_view message);

}  // namespace rt
