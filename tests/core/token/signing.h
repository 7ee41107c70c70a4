// Signs tokens in tests with OpenSSL alone: none of the code under test makes
// what it is to judge. Keys are fresh for each process.
#pragma once

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/digest.h"

namespace rt::test {

struct FreeOpenSsl {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(ECDSA_SIG* pair) const { ECDSA_SIG_free(pair); }
  void operator()(BIGNUM* number) const { BN_free(number); }
};
using KeyPair = std::unique_ptr<EVP_PKEY, FreeOpenSsl>;

inline KeyPair MakeRsa(unsigned bits = 2048) {
  return KeyPair(EVP_RSA_gen(bits));
}
inline KeyPair MakeEc(const char* curve) { return KeyPair(EVP_EC_gen(curve)); }
inline KeyPair MakeEd25519() {
  return KeyPair(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

inline std::string PublicPem(const KeyPair& pair) {
  const std::unique_ptr<BIO, FreeOpenSsl> bio(BIO_new(BIO_s_mem()));
  RT_CHECK(PEM_write_bio_PUBKEY(bio.get(), pair.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<size_t>(size)};
}

inline std::string NumberOf(const KeyPair& pair, const char* name,
                            int bytes = 0) {
  BIGNUM* number = nullptr;
  RT_CHECK(EVP_PKEY_get_bn_param(pair.get(), name, &number) == 1);
  const std::unique_ptr<BIGNUM, FreeOpenSsl> owned(number);
  std::string text(bytes > 0 ? bytes : BN_num_bytes(number), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(text.data()),
               static_cast<int>(text.size()));
  return Base64UrlEncode(text);
}

// `more`: further members, such as R"(,"kid":"a")".
inline std::string RsaJwk(const KeyPair& pair, const std::string& more = "") {
  return R"({"kty":"RSA","n":")" + NumberOf(pair, OSSL_PKEY_PARAM_RSA_N) +
         R"(","e":")" + NumberOf(pair, OSSL_PKEY_PARAM_RSA_E) + '"' + more +
         "}";
}
inline std::string EcJwk(const KeyPair& pair, const std::string& curve,
                         int bytes, const std::string& more = "") {
  return R"({"kty":"EC","crv":")" + curve + R"(","x":")" +
         NumberOf(pair, OSSL_PKEY_PARAM_EC_PUB_X, bytes) + R"(","y":")" +
         NumberOf(pair, OSSL_PKEY_PARAM_EC_PUB_Y, bytes) + '"' + more + "}";
}
inline std::string Ed25519Jwk(const KeyPair& pair,
                              const std::string& more = "") {
  unsigned char bytes[32];
  size_t size = sizeof bytes;
  RT_CHECK(EVP_PKEY_get_raw_public_key(pair.get(), bytes, &size) == 1);
  return R"({"kty":"OKP","crv":"Ed25519","x":")" +
         Base64UrlEncode({reinterpret_cast<char*>(bytes), size}) + '"' + more +
         "}";
}

inline const EVP_MD* DigestOf(std::string_view alg) {
  return alg.ends_with("256")   ? EVP_sha256()
         : alg.ends_with("384") ? EVP_sha384()
                                : EVP_sha512();
}

inline std::string HmacOf(std::string_view alg, std::string_view secret,
                          std::string_view message) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(DigestOf(alg), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(),
       mac, &size);
  return {reinterpret_cast<char*>(mac), size};
}

inline std::string RawFromDer(const std::string& der, int half) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<ECDSA_SIG, FreeOpenSsl> pair(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  std::string raw(2 * static_cast<size_t>(half), '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out, half);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out + half, half);
  return raw;
}

// By RS…, ES… or EdDSA, as tokens carry it.
inline std::string SignatureOf(std::string_view alg, const KeyPair& pair,
                               std::string_view message) {
  const std::unique_ptr<EVP_MD_CTX, FreeOpenSsl> context(EVP_MD_CTX_new());
  const EVP_MD* digest = alg == "EdDSA" ? nullptr : DigestOf(alg);
  RT_CHECK(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr,
                              pair.get()) == 1);
  std::string text(1024, '\0');
  size_t size = text.size();
  RT_CHECK(EVP_DigestSign(
               context.get(), reinterpret_cast<unsigned char*>(text.data()),
               &size, reinterpret_cast<const unsigned char*>(message.data()),
               message.size()) == 1);
  text.resize(size);
  if (!alg.starts_with("ES")) return text;
  return RawFromDer(text, (EVP_PKEY_get_bits(pair.get()) + 7) / 8);
}

inline std::string Unsigned(std::string_view header, std::string_view claims) {
  return Base64UrlEncode(header) + "." + Base64UrlEncode(claims);
}

inline std::string HeaderOf(std::string_view alg, const std::string& more) {
  return "{\"alg\":\"" + std::string(alg) + "\"" + more + "}";
}

inline std::string TokenBy(std::string_view alg, std::string_view secret,
                           std::string_view claims,
                           const std::string& more = "") {
  const std::string text = Unsigned(HeaderOf(alg, more), claims);
  return text + "." + Base64UrlEncode(HmacOf(alg, secret, text));
}
inline std::string TokenBy(std::string_view alg, const KeyPair& pair,
                           std::string_view claims,
                           const std::string& more = "") {
  const std::string text = Unsigned(HeaderOf(alg, more), claims);
  return text + "." + Base64UrlEncode(SignatureOf(alg, pair, text));
}

}  // namespace rt::test
