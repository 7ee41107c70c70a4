// Property: a token nobody signed is invalid, never expired; claims that are
// taken hold JSON on one line within the bounds, and are the same after they
// are minted and verified again; a key set is refused or verifies nothing that
// was not signed. The input is a token, signed claims and a key set in turn.
#include <algorithm>
#include <string>

#include "base/check.h"
#include "base/digest.h"
#include "base/limits.h"
#include "token/token_key.h"
#include "token/token_minter.h"
#include "token/token_verifier.h"
#include "wire/json_text.h"

namespace rt {
namespace {

constexpr int64_t kNow = 1'700'000'000;
constexpr char kSecret[] = "nobody who writes inputs knows it";

const TokenVerifier& Verifier() {
  static const auto kVerifier = [] {
    TokenOptions options;
    options.hmac_secret = kSecret;
    return *TokenVerifier::Make(options);
  }();
  return *kVerifier;
}

std::string Sign(std::string_view claims) {
  std::string token = Base64UrlEncode(R"({"alg":"HS256"})") + ".";
  token += Base64UrlEncode(claims);
  return token + "." + Base64UrlEncode(SignWithSecret("HS256", kSecret, token));
}

void CheckPayload(const std::string& json) {
  if (json.empty()) return;
  RT_CHECK(IsJson(json));
  RT_CHECK(json.find_first_of("\r\n") == std::string::npos);
}

void CheckSame(const ConnectionClaims& a, const ConnectionClaims& b) {
  RT_CHECK(a.user == b.user && a.info == b.info && a.meta == b.meta);
  RT_CHECK(a.expire_at_s == b.expire_at_s && b.issued_at_s == kNow);
  RT_CHECK(std::equal(a.subs.begin(), a.subs.end(), b.subs.begin(),
                      b.subs.end(), [](const auto& one, const auto& other) {
                        return one.first == other.first &&
                               one.second.info == other.second.info &&
                               one.second.data == other.second.data &&
                               one.second.overrides.presence ==
                                   other.second.overrides.presence;
                      }));
}

void CheckClaims(std::string_view input) {
  const std::string token = Sign(input);
  const TokenSigning signing{kSecret, "", ""};
  const auto connection = Verifier().VerifyConnection(token, kNow);
  const auto subscription = Verifier().VerifySubscription(token, kNow);
  // No token is both.
  RT_CHECK(connection.fault != TokenFault::kNone ||
           subscription.fault != TokenFault::kNone);
  if (connection.fault == TokenFault::kNone) {
    const ConnectionClaims& claims = connection.claims;
    CheckPayload(claims.info);
    CheckPayload(claims.meta);
    RT_CHECK(claims.subs.size() <= kMaxChannelsPerClient);
    for (const auto& [channel, like] : claims.subs) {
      CheckPayload(like.info);
      CheckPayload(like.data);
    }
    const std::string again = MintToken(signing, claims, kNow);
    // Escapes may be longer than what they stand for.
    if (again.size() > kMaxTokenBytes) return;
    const auto read = Verifier().VerifyConnection(again, kNow);
    RT_CHECK(read.fault == TokenFault::kNone);
    CheckSame(claims, read.claims);
  }
  if (subscription.fault == TokenFault::kNone) {
    CheckPayload(subscription.claims.info);
    RT_CHECK(!subscription.claims.channel.empty());
  }
}

void CheckKeySet(std::string_view input) {
  TokenOptions options;
  options.jwks_json = input;
  const auto verifier = TokenVerifier::Make(options);
  if (!verifier.ok()) return;
  RT_CHECK((*verifier)->VerifyConnection(Sign("{}"), kNow).fault ==
           TokenFault::kInvalid);
}

}  // namespace
}  // namespace rt

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  RT_CHECK(rt::Verifier().VerifyConnection(input, rt::kNow).fault ==
           rt::TokenFault::kInvalid);
  rt::CheckClaims(input);
  rt::CheckKeySet(input);
  return 0;
}
