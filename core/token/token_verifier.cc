#include "token/token_verifier.h"

#include <simdjson.h>

#include <optional>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "token/claims_reader.h"
#include "token/token_key.h"

namespace rt {

namespace {

using Element = simdjson::dom::element;

// What both kinds of token share, once the signature is good. Faults by time
// come last, so that "expired" means: good but for that.
template <typename Claims>
void FinishVerdict(ClaimsReader* reader, int64_t now_s,
                   TokenVerdict<Claims>* verdict) {
  verdict->claims.user = reader->Name("sub");
  verdict->claims.id = reader->Name("jti");
  verdict->claims.info = reader->Payload("info");
  verdict->claims.issued_at_s = reader->Time("iat").value_or(0);
  const std::optional<int64_t> exp = reader->Time("exp");
  const std::optional<int64_t> not_before = reader->Time("nbf");
  // Of what the token grants, where that differs; 0: it never ends.
  const std::optional<int64_t> end = reader->Time("expire_at");
  if (!reader->why().empty()) {
    verdict->why = reader->why();
    return;
  }
  if (not_before.has_value() && *not_before > now_s) {
    verdict->why = "it is not good yet";
    return;
  }
  const bool over = exp.has_value() && *exp <= now_s;
  if (over || (end.has_value() && *end != 0 && *end <= now_s)) {
    verdict->fault = TokenFault::kExpired;
    verdict->why = "it has expired";
    return;
  }
  verdict->claims.expire_at_s = end.has_value() ? *end : exp.value_or(0);
  verdict->fault = TokenFault::kNone;
}

bool IsWanted(const char* name, const TokenKey& key) {
  return key.Fits("RS256") == (name[0] == 'r') && !key.Fits("EdDSA");
}

}  // namespace

TokenVerifier::TokenVerifier() = default;
TokenVerifier::~TokenVerifier() = default;

Result<std::shared_ptr<const TokenVerifier>> TokenVerifier::Make(
    const TokenOptions& options) {
  const std::shared_ptr<TokenVerifier> made(new TokenVerifier);
  for (const std::string* secret :
       {&options.hmac_secret, &options.previous_hmac_secret}) {
    if (secret->empty()) continue;
    made->keys_.push_back(
        std::make_unique<TokenKey>(TokenKey::FromSecret(*secret)));
  }
  const std::pair<const char*, const std::string*> pems[] = {
      {"rsa_public_key", &options.rsa_public_key},
      {"ecdsa_public_key", &options.ecdsa_public_key}};
  for (const auto& [name, pem] : pems) {
    if (pem->empty()) continue;
    auto key = TokenKey::FromPem(*pem);
    if (!key.ok()) {
      return Error{ErrorCode::kInvalid,
                   std::string(name) + ": " + key.error().message};
    }
    if (!IsWanted(name, **key)) {
      return Error{ErrorCode::kInvalid,
                   std::string(name) + ": it is a key of another kind"};
    }
    made->keys_.push_back(std::move(*key));
  }
  if (!options.jwks_json.empty()) {
    auto keys = TokenKey::FromJwks(options.jwks_json);
    if (!keys.ok()) {
      return Error{ErrorCode::kInvalid, "jwks: " + keys.error().message};
    }
    for (auto& key : *keys) made->keys_.push_back(std::move(key));
  }
  made->audience_ = options.audience;
  made->issuer_ = options.issuer;
  return std::shared_ptr<const TokenVerifier>(made);
}

std::string TokenVerifier::CheckSignature(std::string_view token,
                                          std::string* payload) const {
  if (token.size() > kMaxTokenBytes) return "it is too long";
  const size_t first = token.find('.');
  const size_t second = first == std::string_view::npos
                            ? std::string_view::npos
                            : token.find('.', first + 1);
  if (second == std::string_view::npos) return "it does not have three parts";
  const auto header = Base64UrlDecode(token.substr(0, first));
  auto claims = Base64UrlDecode(token.substr(first + 1, second - first - 1));
  const auto signature = Base64UrlDecode(token.substr(second + 1));
  if (!header || !claims || !signature) return "a part of it is not base64url";
  simdjson::dom::parser parser;
  Element parsed;
  std::string_view alg;
  if (parser.parse(*header).get(parsed) != simdjson::SUCCESS ||
      parsed["alg"].get(alg) != simdjson::SUCCESS) {
    return "its header names no algorithm";
  }
  // What is critical to others is unknown here (RFC 7515, 4.1.11).
  if (parsed["crit"].error() == simdjson::SUCCESS)
    return "its header has critical parts";
  std::string_view kid;
  if (parsed["kid"].error() == simdjson::SUCCESS &&
      parsed["kid"].get(kid) != simdjson::SUCCESS) {
    return "its key's id is no string";
  }
  bool fitting = false;
  for (const auto& key : keys_) {
    if (!key->Fits(alg) || !key->IsNamed(kid)) continue;
    fitting = true;
    if (key->Verify(alg, token.substr(0, second), *signature)) {
      *payload = std::move(*claims);
      return {};
    }
  }
  return fitting ? "its signature is wrong"
                 : "no key here is for its algorithm and key id";
}

template <typename Claims, typename ReadOwn>
TokenVerdict<Claims> TokenVerifier::Verify(std::string_view token,
                                           int64_t now_s,
                                           ReadOwn read_own) const {
  TokenVerdict<Claims> verdict;
  std::string payload;
  verdict.why = CheckSignature(token, &payload);
  if (!verdict.why.empty()) return verdict;
  simdjson::dom::parser parser;
  Element claims;
  if (parser.parse(payload).get(claims) != simdjson::SUCCESS ||
      !claims.is_object()) {
    verdict.why = "its claims are no JSON object";
    return verdict;
  }
  ClaimsReader reader(claims);
  if (!audience_.empty() && !reader.IsFor(audience_)) {
    reader.Fail("it is not for this audience");
  }
  if (!issuer_.empty() && reader.Text("iss") != issuer_) {
    reader.Fail("it is not from this issuer");
  }
  read_own(&reader, &verdict.claims);
  FinishVerdict(&reader, now_s, &verdict);
  // Nobody shall take for true what was refused.
  if (verdict.fault != TokenFault::kNone) verdict.claims = {};
  return verdict;
}

TokenVerdict<ConnectionClaims> TokenVerifier::VerifyConnection(
    std::string_view token, int64_t now_s) const {
  return Verify<ConnectionClaims>(
      token, now_s, [](ClaimsReader* reader, ConnectionClaims* claims) {
        if (reader->Has("channel")) reader->Fail(kIsSubscription);
        claims->meta = reader->Payload("meta");
        claims->subs = reader->Subscriptions();
      });
}

TokenVerdict<SubscriptionClaims> TokenVerifier::VerifySubscription(
    std::string_view token, int64_t now_s) const {
  return Verify<SubscriptionClaims>(
      token, now_s, [](ClaimsReader* reader, SubscriptionClaims* claims) {
        claims->channel = reader->Text("channel");
        if (claims->channel.empty()) {
          reader->Fail("it is no subscription token: it names no channel");
        }
        claims->client = reader->Text("client");
        claims->overrides = reader->Overrides();
      });
}

}  // namespace rt
