// Keys, algorithms and signatures: what is good by which key, and nothing else.
#include "token/token_key.h"

#include <gtest/gtest.h>

#include <map>

#include "base/limits.h"
#include "core/token/signing.h"
#include "token/token_verifier.h"

namespace rt {
namespace {

using test::KeyPair;
using test::TokenBy;

constexpr int64_t kNow = 1'700'000'000;
constexpr char kClaims[] = R"({"sub":"42"})";
constexpr char kSecret[] = "the secret of these tests";

std::string SetOf(const std::string& keys) {
  return "{\"keys\":[" + keys + "]}";
}

// One of each kind, made once.
struct Pairs {
  KeyPair rsa = test::MakeRsa();
  KeyPair p256 = test::MakeEc("P-256");
  KeyPair p384 = test::MakeEc("P-384");
  KeyPair p521 = test::MakeEc("P-521");
  KeyPair ed25519 = test::MakeEd25519();

  [[nodiscard]] const KeyPair& For(const std::string& alg) const {
    if (alg.starts_with("RS")) return rsa;
    if (alg == "ES256") return p256;
    if (alg == "ES384") return p384;
    return alg == "ES512" ? p521 : ed25519;
  }
};

const Pairs& AllPairs() {
  static const Pairs* const kPairs = new Pairs;
  return *kPairs;
}

TokenOptions AllKeys() {
  const Pairs& pairs = AllPairs();
  TokenOptions options;
  options.hmac_secret = kSecret;
  options.jwks_json = SetOf(test::RsaJwk(pairs.rsa) + "," +
                            test::EcJwk(pairs.p256, "P-256", 32) + "," +
                            test::EcJwk(pairs.p384, "P-384", 48) + "," +
                            test::EcJwk(pairs.p521, "P-521", 66) + "," +
                            test::Ed25519Jwk(pairs.ed25519));
  return options;
}

std::shared_ptr<const TokenVerifier> Make(const TokenOptions& options) {
  auto made = TokenVerifier::Make(options);
  EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message);
  return made.ok() ? *made : nullptr;
}

std::string WhyNot(const TokenOptions& options, const std::string& token) {
  return Make(options)->VerifyConnection(token, kNow).why;
}

std::string Mistake(const TokenOptions& options) {
  const auto made = TokenVerifier::Make(options);
  return made.ok() ? "" : made.error().message;
}

class EveryAlgorithm : public testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] std::string Token(const std::string& alg) const {
    return alg.starts_with("HS") ? TokenBy(alg, kSecret, kClaims)
                                 : TokenBy(alg, AllPairs().For(alg), kClaims);
  }
};

TEST_P(EveryAlgorithm, IsGoodByItsKey) {
  const auto verdict =
      Make(AllKeys())->VerifyConnection(Token(GetParam()), kNow);
  EXPECT_EQ(verdict.why, "");
  EXPECT_EQ(verdict.fault, TokenFault::kNone);
  EXPECT_EQ(verdict.claims.user, "42");
}

TEST_P(EveryAlgorithm, IsNoGoodWithAnyBitOfTheSignatureChanged) {
  const std::string token = Token(GetParam());
  const size_t dot = token.rfind('.');
  const std::string signature = *Base64UrlDecode(token.substr(dot + 1));
  const auto verifier = Make(AllKeys());
  for (size_t i = 0; i < signature.size(); i += 7) {
    std::string other = signature;
    other[i] = static_cast<char>(other[i] ^ 1 << i % 8);
    const auto verdict = verifier->VerifyConnection(
        token.substr(0, dot + 1) + Base64UrlEncode(other), kNow);
    EXPECT_EQ(verdict.fault, TokenFault::kInvalid) << i;
    EXPECT_EQ(verdict.claims.user, "") << i;
  }
}

TEST_P(EveryAlgorithm, IsNoGoodWithOtherClaims) {
  const std::string token = Token(GetParam());
  const size_t first = token.find('.');
  const size_t second = token.rfind('.');
  EXPECT_EQ(WhyNot(AllKeys(), token.substr(0, first + 1) +
                                  Base64UrlEncode(R"({"sub":"1"})") +
                                  token.substr(second)),
            "its signature is wrong");
}

TEST_P(EveryAlgorithm, IsNoGoodCutAnywhere) {
  const std::string token = Token(GetParam());
  const auto verifier = Make(AllKeys());
  for (size_t size = 0; size < token.size(); ++size) {
    EXPECT_EQ(verifier->VerifyConnection(token.substr(0, size), kNow).fault,
              TokenFault::kInvalid)
        << size;
  }
}

TEST_P(EveryAlgorithm, IsNoGoodUnderAnyOtherName) {
  const std::string token = Token(GetParam());
  const std::string signature = token.substr(token.rfind('.'));
  const auto verifier = Make(AllKeys());
  for (const std::string alg :
       {"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384",
        "ES512", "EdDSA", "PS256", "none", "None", "", "hs256", "HS2560"}) {
    if (alg == GetParam()) continue;
    const std::string other =
        test::Unsigned(test::HeaderOf(alg, ""), kClaims) + signature;
    EXPECT_EQ(verifier->VerifyConnection(other, kNow).fault,
              TokenFault::kInvalid)
        << alg;
  }
}

INSTANTIATE_TEST_SUITE_P(TokenKey, EveryAlgorithm,
                         testing::Values("HS256", "HS384", "HS512", "RS256",
                                         "RS384", "RS512", "ES256", "ES384",
                                         "ES512", "EdDSA"),
                         [](const auto& of) { return of.param; });

TEST(TokenKey, APublicKeyIsNeverASecret) {
  for (const KeyPair* pair : {&AllPairs().rsa, &AllPairs().p256}) {
    const std::string pem = test::PublicPem(*pair);
    TokenOptions options;
    (pair == &AllPairs().rsa ? options.rsa_public_key
                             : options.ecdsa_public_key) = pem;
    for (const std::string alg : {"HS256", "HS384", "HS512"}) {
      EXPECT_EQ(WhyNot(options, TokenBy(alg, pem, kClaims)),
                "no key here is for its algorithm and key id");
    }
  }
}

TEST(TokenKey, NoSignatureIsNoAlgorithm) {
  for (const std::string alg : {"none", "None", "NONE", "nOnE", ""}) {
    const std::string text = test::Unsigned(test::HeaderOf(alg, ""), kClaims);
    EXPECT_NE(WhyNot(AllKeys(), text + "."), "") << alg;
    EXPECT_NE(WhyNot(AllKeys(), text), "") << alg;
  }
  EXPECT_EQ(WhyNot(AllKeys(), test::Unsigned("{}", kClaims) + "."),
            "its header names no algorithm");
}

TEST(TokenKey, ACurveIsGoodForItsOwnAlgorithmOnly) {
  TokenOptions options;
  options.ecdsa_public_key = test::PublicPem(AllPairs().p384);
  EXPECT_EQ(WhyNot(options, TokenBy("ES384", AllPairs().p384, kClaims)), "");
  // A good signature by that key, over SHA-256.
  EXPECT_EQ(WhyNot(options, TokenBy("ES256", AllPairs().p384, kClaims)),
            "no key here is for its algorithm and key id");
}

TEST(TokenKey, AnEcSignatureInDerIsNoToken) {
  const std::string text = test::Unsigned(test::HeaderOf("ES256", ""), kClaims);
  // What OpenSSL makes when it is not asked for r and s.
  const std::string der = test::SignatureOf("RS256", AllPairs().p256, text);
  EXPECT_EQ(WhyNot(AllKeys(), text + "." + Base64UrlEncode(der)),
            "its signature is wrong");
  EXPECT_EQ(
      WhyNot(AllKeys(), text + "." + Base64UrlEncode(std::string(64, '\0'))),
      "its signature is wrong");
}

TEST(TokenKey, PemTellsWhatItIsNot) {
  const std::string expected =
      "expected a public key in PEM (-----BEGIN PUBLIC KEY-----)";
  TokenOptions options;
  options.rsa_public_key = "rubbish";
  EXPECT_EQ(Mistake(options), "rsa_public_key: " + expected);
  options.rsa_public_key = test::PublicPem(AllPairs().p256);
  EXPECT_EQ(Mistake(options), "rsa_public_key: it is a key of another kind");
  options.rsa_public_key = test::PublicPem(test::MakeRsa(1024));
  EXPECT_EQ(Mistake(options),
            "rsa_public_key: an RSA key has 2048 bits at least");
  options.rsa_public_key = "";
  options.ecdsa_public_key = test::PublicPem(AllPairs().rsa);
  EXPECT_EQ(Mistake(options), "ecdsa_public_key: it is a key of another kind");
  options.ecdsa_public_key = test::PublicPem(AllPairs().ed25519);
  EXPECT_EQ(Mistake(options), "ecdsa_public_key: it is a key of another kind");
  options.ecdsa_public_key = test::PublicPem(test::MakeEc("secp256k1"));
  EXPECT_EQ(Mistake(options),
            "ecdsa_public_key: expected one of the curves P-256, P-384, P-521");
}

TEST(TokenKey, BothSecretsAreGoodWhileOneReplacesTheOther) {
  TokenOptions options;
  options.hmac_secret = "new";
  options.previous_hmac_secret = "old";
  EXPECT_EQ(WhyNot(options, TokenBy("HS256", "new", kClaims)), "");
  EXPECT_EQ(WhyNot(options, TokenBy("HS256", "old", kClaims)), "");
  EXPECT_EQ(WhyNot(options, TokenBy("HS256", "older", kClaims)),
            "its signature is wrong");
}

TEST(TokenKey, NothingIsGoodWithoutKeys) {
  EXPECT_TRUE(TokenOptions().empty());
  EXPECT_EQ(WhyNot({}, TokenBy("HS256", "", kClaims)),
            "no key here is for its algorithm and key id");
}

// --- Key sets ---------------------------------------------------------------

TokenOptions Set(const std::string& keys) {
  TokenOptions options;
  options.jwks_json = SetOf(keys);
  return options;
}

TEST(TokenKeySet, ItsIdChoosesAmongTheLoadedKeysAndNothingElse) {
  const KeyPair other = test::MakeEc("P-256");
  const TokenOptions options =
      Set(test::EcJwk(AllPairs().p256, "P-256", 32, R"(,"kid":"a")") + "," +
          test::EcJwk(other, "P-256", 32, R"(,"kid":"b")"));
  const auto why = [&](const std::string& header) {
    return WhyNot(options, TokenBy("ES256", other, kClaims, header));
  };
  EXPECT_EQ(why(R"(,"kid":"b")"), "");
  EXPECT_EQ(why(""), "");  // tried by both
  EXPECT_EQ(why(R"(,"kid":"a")"), "its signature is wrong");
  for (const std::string kid : {"c", "/etc/passwd", "../b", "b\\u0000"}) {
    EXPECT_EQ(why(",\"kid\":\"" + kid + "\""),
              "no key here is for its algorithm and key id")
        << kid;
  }
  EXPECT_EQ(why(R"(,"kid":7)"), "its key's id is no string");
}

TEST(TokenKeySet, AKeyInTheTokenItselfIsNotLookedAt) {
  const KeyPair other = test::MakeEc("P-256");
  EXPECT_EQ(WhyNot(AllKeys(),
                   TokenBy("ES256", other, kClaims,
                           ",\"jwk\":" + test::EcJwk(other, "P-256", 32) +
                               R"(,"jku":"https://example.test/keys.json")")),
            "its signature is wrong");
}

TEST(TokenKeySet, AKeysAlgorithmAndUseAreKeptTo) {
  const std::string token = TokenBy("RS256", AllPairs().rsa, kClaims);
  const auto why = [&](const std::string& more) {
    // The second keeps the set from being empty.
    return WhyNot(Set(test::RsaJwk(AllPairs().rsa, more) + "," +
                      test::Ed25519Jwk(AllPairs().ed25519)),
                  token);
  };
  const std::string unfit = "no key here is for its algorithm and key id";
  EXPECT_EQ(why(R"(,"alg":"RS256","use":"sig","key_ops":["verify"])"), "");
  EXPECT_EQ(why(R"(,"alg":"RS512")"), unfit);
  EXPECT_EQ(why(R"(,"alg":"HS256")"), unfit);
  EXPECT_EQ(why(R"(,"use":"enc")"), unfit);
  EXPECT_EQ(why(R"(,"key_ops":["encrypt"])"), unfit);
}

TEST(TokenKeySet, KeysForOtherPurposesArePassedOver) {
  const std::string others =
      R"({"kty":"oct","k":"c2VjcmV0"},{"kty":"OKP","crv":"X25519","x":"AA"},)"
      R"({"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"},{"kty":"new"},)";
  EXPECT_EQ(WhyNot(Set(others + test::Ed25519Jwk(AllPairs().ed25519)),
                   TokenBy("EdDSA", AllPairs().ed25519, kClaims)),
            "");
  // The shared secret of a set is none here.
  EXPECT_EQ(WhyNot(Set(others + test::Ed25519Jwk(AllPairs().ed25519)),
                   TokenBy("HS256", "secret", kClaims)),
            "no key here is for its algorithm and key id");
}

TEST(TokenKeySet, AMistakeInItIsSaid) {
  const auto mistake = [](const std::string& json) {
    TokenOptions options;
    options.jwks_json = json;
    return Mistake(options);
  };
  const std::string shape =
      "jwks: expected a key set: {\"keys\": [{\"kty\": …}]}";
  EXPECT_EQ(mistake("rubbish"), shape);
  EXPECT_EQ(mistake("[]"), shape);
  EXPECT_EQ(mistake(R"({"keys":{}})"), shape);
  EXPECT_EQ(mistake(R"({"keys":[]})"),
            "jwks: the key set holds no RSA, EC or Ed25519 key for signatures");
  EXPECT_EQ(mistake(R"({"keys":[7]})"), "jwks: a key of the set is no object");
  const std::string malformed = "jwks: the key \"k\" is malformed";
  EXPECT_EQ(mistake(SetOf(R"({"kty":"RSA","kid":"k","e":"AQAB"})")), malformed);
  EXPECT_EQ(mistake(SetOf(
                R"({"kty":"EC","crv":"P-256","kid":"k","x":"AQ","y":"AQ"})")),
            malformed);
  EXPECT_EQ(
      mistake(SetOf(R"({"kty":"OKP","crv":"Ed25519","kid":"k","x":"AQ"})")),
      malformed);
  std::string many = test::Ed25519Jwk(AllPairs().ed25519);
  const std::string one = "," + many;
  for (size_t i = 0; i < kMaxTokenKeys; ++i) many += one;
  EXPECT_EQ(mistake(SetOf(many)), "jwks: the key set holds more than 64 keys");
}

TEST(TokenKeySet, APointThatIsNotOnTheCurveIsNoKey) {
  std::string x = test::NumberOf(AllPairs().p256, OSSL_PKEY_PARAM_EC_PUB_X, 32);
  const KeyPair other = test::MakeEc("P-256");
  const std::string y = test::NumberOf(other, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
  EXPECT_EQ(Mistake(Set(R"({"kty":"EC","crv":"P-256","kid":"k","x":")" + x +
                        R"(","y":")" + y + "\"}")),
            "jwks: the key \"k\" is malformed");
}

// --- Published vectors ------------------------------------------------------

// RFC 7515, appendix A: the claims of A.1 to A.3, which end at kEnd.
constexpr int64_t kEnd = 1'300'819'380;
constexpr char kPublishedClaims[] =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvb"
    "S9pc19yb290Ijp0cnVlfQ";

void ExpectPublished(const TokenOptions& options, const std::string& token) {
  TokenOptions by_issuer = options;
  by_issuer.issuer = "joe";
  const auto verifier = Make(by_issuer);
  const auto good = verifier->VerifyConnection(token, kEnd - 1);
  EXPECT_EQ(good.why, "");
  EXPECT_EQ(good.claims.expire_at_s, kEnd);
  EXPECT_EQ(verifier->VerifyConnection(token, kEnd).fault,
            TokenFault::kExpired);
}

TEST(TokenVectors, Rfc7515A1IsGoodByItsSecret) {
  TokenOptions options;
  options.hmac_secret = *Base64UrlDecode(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUu"
      "TwjAzZr1Z9CAow");
  ExpectPublished(options, std::string("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1"
                                       "NiJ9.") +
                               kPublishedClaims +
                               ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

TEST(TokenVectors, Rfc7515A2IsGoodByItsRsaKey) {
  ExpectPublished(
      Set(R"({"kty":"RSA","e":"AQAB","n":")"
          "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Va"
          "w-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b3"
          "2690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KX"
          "BdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5Ih"
          "lJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4"
          "FRWyuXpoQ\"}"),
      std::string("eyJhbGciOiJSUzI1NiJ9.") + kPublishedClaims +
          ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AA"
          "uHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAyn"
          "RFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZR"
          "mB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvW"
          "h6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypG"
          "lUPQGe77Rw");
}

TEST(TokenVectors, Rfc7515A3IsGoodByItsEcKey) {
  ExpectPublished(
      Set(R"({"kty":"EC","crv":"P-256",)"
          R"("x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
          R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})"),
      std::string("eyJhbGciOiJFUzI1NiJ9.") + kPublishedClaims +
          ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSAp"
          "mWQxfKTUJqPP3-Kg6NU1Q");
}

// Whether the one key of `jwk` takes a JWS whose payload is no token's.
bool Takes(const std::string& jwk, std::string_view alg,
           std::string_view message, std::string_view signature) {
  const auto keys = TokenKey::FromJwks(SetOf(jwk));
  return keys.ok() && keys->size() == 1 && (*keys)[0]->Fits(alg) &&
         (*keys)[0]->Verify(alg, message, *Base64UrlDecode(signature));
}

TEST(TokenVectors, Rfc7515A4IsGoodByItsP521Key) {
  const std::string jwk =
      R"({"kty":"EC","crv":"P-521",)"
      R"("x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6Ov)"
      R"(LFV1jSfS9tsz4qUxcWceqwQGk",)"
      R"("y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4)"
      R"(Kkd0AZMaZmh9ubmf63e3kyMj2"})";
  const std::string signature =
      "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-K"
      "GDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iK"
      "vU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";
  EXPECT_TRUE(
      Takes(jwk, "ES512", "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA", signature));
  EXPECT_FALSE(
      Takes(jwk, "ES512", "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZB", signature));
}

TEST(TokenVectors, Rfc8037A4IsGoodByItsEd25519Key) {
  const std::string jwk =
      R"({"kty":"OKP","crv":"Ed25519",)"
      R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
  const std::string message =
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
  const std::string signature =
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7"
      "sVvpAr_MuM0KAg";
  EXPECT_TRUE(Takes(jwk, "EdDSA", message, signature));
  EXPECT_FALSE(Takes(jwk, "EdDSA", message + "x", signature));
}

}  // namespace
}  // namespace rt
