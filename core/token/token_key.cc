#include "token/token_key.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <utility>

namespace rt {

namespace {

// SHA-256, SHA-384 or SHA-512, by the algorithm's last digits.
const EVP_MD* DigestOf(std::string_view alg) {
  if (alg.ends_with("256")) return EVP_sha256();
  if (alg.ends_with("384")) return EVP_sha384();
  return EVP_sha512();
}

// Tokens carry r and s one behind the other; OpenSSL wants them in DER.
std::string ToDer(std::string_view signature, size_t half) {
  if (signature.size() != 2 * half) return {};
  const auto* bytes = reinterpret_cast<const unsigned char*>(signature.data());
  ECDSA_SIG* pair = ECDSA_SIG_new();
  BIGNUM* r = BN_bin2bn(bytes, static_cast<int>(half), nullptr);
  BIGNUM* s = BN_bin2bn(bytes + half, static_cast<int>(half), nullptr);
  if (pair == nullptr || r == nullptr || s == nullptr ||
      ECDSA_SIG_set0(pair, r, s) != 1) {
    ECDSA_SIG_free(pair);
    BN_free(r);
    BN_free(s);
    return {};
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair, &der);
  std::string text;
  if (size > 0) {
    text.assign(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  }
  OPENSSL_free(der);
  ECDSA_SIG_free(pair);
  return text;
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

bool VerifyPublic(EVP_PKEY* key, const EVP_MD* digest, std::string_view message,
                  std::string_view signature) {
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  const bool good =
      context != nullptr &&
      EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
      EVP_DigestVerify(context.get(),
                       reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(),
                       reinterpret_cast<const unsigned char*>(message.data()),
                       message.size()) == 1;
  // OpenSSL keeps what went wrong for whoever asks the thread next.
  ERR_clear_error();
  return good;
}

}  // namespace

TokenKey TokenKey::FromSecret(std::string secret) {
  return {Kind::kSecret, std::move(secret), nullptr};
}

Result<std::unique_ptr<TokenKey>> TokenKey::FromPem(std::string_view pem) {
  const std::unique_ptr<BIO, FreeBio> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  PublicKey key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  if (key == nullptr) {
    ERR_clear_error();
    return Error{ErrorCode::kInvalid,
                 "expected a public key in PEM (-----BEGIN PUBLIC KEY-----)"};
  }
  return FromPublic(std::move(key));
}

Result<std::unique_ptr<TokenKey>> TokenKey::FromPublic(PublicKey key) {
  Kind kind = Kind::kRsa;
  const int bits = EVP_PKEY_get_bits(key.get());
  switch (EVP_PKEY_get_base_id(key.get())) {
    case EVP_PKEY_RSA:
      if (bits < 2048) {
        return Error{ErrorCode::kInvalid, "an RSA key has 2048 bits at least"};
      }
      break;
    case EVP_PKEY_EC: {
      char curve[32] = "";
      size_t length = 0;
      EVP_PKEY_get_group_name(key.get(), curve, sizeof curve, &length);
      const std::string_view name(curve, length);
      if (name == "prime256v1") {
        kind = Kind::kEc256;
      } else if (name == "secp384r1") {
        kind = Kind::kEc384;
      } else if (name == "secp521r1") {
        kind = Kind::kEc521;
      } else {
        return Error{ErrorCode::kInvalid,
                     "expected one of the curves P-256, P-384, P-521"};
      }
      break;
    }
    case EVP_PKEY_ED25519:
      kind = Kind::kEd25519;
      break;
    default:
      return Error{ErrorCode::kInvalid,
                   "expected an RSA, EC or Ed25519 public key"};
  }
  return std::unique_ptr<TokenKey>(new TokenKey(kind, {}, std::move(key)));
}

bool TokenKey::Fits(std::string_view alg) const {
  if (!only_alg_.empty() && only_alg_ != alg) return false;
  const auto is = [alg](std::string_view family) {
    return alg.size() == 5 && alg.starts_with(family) &&
           (alg.ends_with("256") || alg.ends_with("384") ||
            alg.ends_with("512"));
  };
  switch (kind_) {
    case Kind::kSecret:
      return is("HS");
    case Kind::kRsa:
      return is("RS");
    case Kind::kEc256:
      return alg == "ES256";
    case Kind::kEc384:
      return alg == "ES384";
    case Kind::kEc521:
      return alg == "ES512";
    case Kind::kEd25519:
      return alg == "EdDSA";
  }
  return false;
}

bool TokenKey::Verify(std::string_view alg, std::string_view message,
                      std::string_view signature) const {
  switch (kind_) {
    case Kind::kSecret: {
      const std::string good = SignWithSecret(alg, secret_, message);
      return good.size() == signature.size() &&
             CRYPTO_memcmp(good.data(), signature.data(), good.size()) == 0;
    }
    case Kind::kRsa:
      return VerifyPublic(key_.get(), DigestOf(alg), message, signature);
    case Kind::kEd25519:
      return VerifyPublic(key_.get(), nullptr, message, signature);
    case Kind::kEc256:
    case Kind::kEc384:
    case Kind::kEc521:
      break;
  }
  const size_t half = kind_ == Kind::kEc256   ? 32
                      : kind_ == Kind::kEc384 ? 48
                                              : 66;
  const std::string der = ToDer(signature, half);
  return !der.empty() && VerifyPublic(key_.get(), DigestOf(alg), message, der);
}

std::string SignWithSecret(std::string_view alg, std::string_view secret,
                           std::string_view message) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(DigestOf(alg), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(),
       mac, &size);
  return {reinterpret_cast<char*>(mac), size};
}

}  // namespace rt
