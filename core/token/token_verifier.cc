#include "token/token_verifier.h"

#include <simdjson.h>

#include <utility>

#include "base/limits.h"
#include "token/base64.h"
#include "token/token_key.h"

namespace rt {

namespace {

using Element = simdjson::dom::element;

bool Has(Element object, const char* name) {
  return object[name].error() == simdjson::SUCCESS && !object[name].is_null();
}

// Reads claims one by one and remembers the first that is not what it must be.
class ClaimsReader {
 public:
  explicit ClaimsReader(Element claims) : claims_(claims) {}

  std::string Text(const char* name) {
    std::string_view text;
    if (!Has(claims_, name)) return {};
    if (claims_[name].get(text) != simdjson::SUCCESS) {
      Fail(std::string("the claim \"") + name + "\" is no string");
    }
    return std::string(text);
  }

  // Seconds since 1970; a fraction is dropped.
  int64_t Time(const char* name) {
    if (!Has(claims_, name)) return 0;
    int64_t whole = 0;
    double seconds = 0;
    if (claims_[name].get(whole) == simdjson::SUCCESS) return whole;
    constexpr double kFar = 1e15;
    if (claims_[name].get(seconds) == simdjson::SUCCESS && seconds < kFar &&
        seconds > -kFar) {
      return static_cast<int64_t>(seconds);
    }
    Fail(std::string("the claim \"") + name + "\" is no number of seconds");
    return 0;
  }

  // `name` as JSON, or what "b64" + `name` encodes.
  std::string Payload(Element object, const char* name) {
    if (Has(object, name)) {
      return simdjson::to_string(object[name].value_unsafe());
    }
    const std::string encoded_name = std::string("b64") + name;
    std::string_view encoded;
    if (!Has(object, encoded_name.c_str())) return {};
    if (object[encoded_name].get(encoded) == simdjson::SUCCESS) {
      if (auto bytes = DecodeBase64(encoded)) return std::move(*bytes);
    }
    Fail("the claim \"" + encoded_name + "\" is not base64");
    return {};
  }
  std::string Payload(const char* name) { return Payload(claims_, name); }

  SubscriptionOverrides Overrides(Element object) {
    SubscriptionOverrides overrides;
    if (!Has(object, "override")) return overrides;
    const Element all = object["override"].value_unsafe();
    const std::pair<const char*, std::optional<bool>*> places[] = {
        {"presence", &overrides.presence},
        {"join_leave", &overrides.join_leave},
        {"force_recovery", &overrides.force_recovery},
        {"force_positioning", &overrides.force_positioning},
        {"force_push_join_leave", &overrides.force_push_join_leave}};
    for (const auto& [name, place] : places) {
      bool value = false;
      if (!Has(all, name)) continue;
      if (all[name]["value"].get(value) != simdjson::SUCCESS) {
        Fail(std::string("the override \"") + name +
             "\" is not {\"value\": true} or false");
      }
      *place = value;
    }
    return overrides;
  }
  SubscriptionOverrides Overrides() { return Overrides(claims_); }

  std::map<std::string, TokenSubscription> Subscriptions() {
    std::map<std::string, TokenSubscription> subs;
    if (Has(claims_, "channels")) {
      simdjson::dom::array list;
      if (claims_["channels"].get(list) != simdjson::SUCCESS) {
        Fail("the claim \"channels\" is no list");
        return subs;
      }
      for (const Element one : list) {
        std::string_view channel;
        if (one.get(channel) != simdjson::SUCCESS) {
          Fail("the claim \"channels\" holds something that is no string");
          return subs;
        }
        subs.emplace(channel, TokenSubscription());
      }
    }
    if (Has(claims_, "subs")) {
      simdjson::dom::object all;
      if (claims_["subs"].get(all) != simdjson::SUCCESS) {
        Fail("the claim \"subs\" is no object");
        return subs;
      }
      for (const auto& [channel, options] : all) {
        TokenSubscription sub;
        sub.info = Payload(options, "info");
        sub.data = Payload(options, "data");
        sub.overrides = Overrides(options);
        subs.insert_or_assign(std::string(channel), std::move(sub));
      }
    }
    return subs;
  }

  // When what the token grants is over; 0: never.
  int64_t End(int64_t exp) {
    return Has(claims_, "expire_at") ? Time("expire_at") : exp;
  }

  void Fail(std::string why) {
    if (why_.empty()) why_ = std::move(why);
  }
  [[nodiscard]] const std::string& why() const { return why_; }

 private:
  Element claims_;
  std::string why_;
};

// Does the audience claim, one or a list, name `audience`?
bool IsFor(Element claims, const std::string& audience) {
  std::string_view one;
  if (claims["aud"].get(one) == simdjson::SUCCESS) return one == audience;
  simdjson::dom::array list;
  if (claims["aud"].get(list) != simdjson::SUCCESS) return false;
  for (const Element entry : list) {
    if (entry.get(one) == simdjson::SUCCESS && one == audience) return true;
  }
  return false;
}

// The checks that both kinds of token share; empty: passed so far.
std::string CheckFrame(Element claims, const std::string& audience,
                       const std::string& issuer) {
  if (!audience.empty() && !IsFor(claims, audience)) {
    return "it is not for this audience";
  }
  std::string_view from;
  if (!issuer.empty() &&
      (claims["iss"].get(from) != simdjson::SUCCESS || from != issuer)) {
    return "it is not from this issuer";
  }
  return {};
}

// Faults by time come last, so that "expired" means: good but for that.
template <typename Claims>
void FinishVerdict(ClaimsReader* reader, int64_t now_s,
                   TokenVerdict<Claims>* verdict) {
  const int64_t exp = reader->Time("exp");
  const int64_t not_before = reader->Time("nbf");
  verdict->claims.issued_at_s = reader->Time("iat");
  verdict->claims.expire_at_s = reader->End(exp);
  if (!reader->why().empty()) {
    verdict->why = reader->why();
    return;
  }
  if (not_before > now_s) {
    verdict->why = "it is not good yet";
    return;
  }
  const int64_t end = verdict->claims.expire_at_s;
  if ((exp > 0 && exp <= now_s) || (end > 0 && end <= now_s)) {
    verdict->fault = TokenFault::kExpired;
    verdict->why = "it has expired";
    return;
  }
  verdict->fault = TokenFault::kNone;
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
    if ((*key)->Fits("RS256") != (name[0] == 'r')) {
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
  const auto header = DecodeBase64Url(token.substr(0, first));
  auto claims = DecodeBase64Url(token.substr(first + 1, second - first - 1));
  const auto signature = DecodeBase64Url(token.substr(second + 1));
  if (!header || !claims || !signature) return "a part of it is not base64url";
  simdjson::dom::parser parser;
  Element parsed;
  std::string_view alg;
  if (parser.parse(*header).get(parsed) != simdjson::SUCCESS ||
      parsed["alg"].get(alg) != simdjson::SUCCESS) {
    return "its header names no algorithm";
  }
  // What is critical to others is unknown here (RFC 7515, 4.1.11).
  if (Has(parsed, "crit")) return "its header has critical parts";
  std::string_view kid;
  if (Has(parsed, "kid") && parsed["kid"].get(kid) != simdjson::SUCCESS) {
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

TokenVerdict<ConnectionClaims> TokenVerifier::VerifyConnection(
    std::string_view token, int64_t now_s) const {
  TokenVerdict<ConnectionClaims> verdict;
  std::string payload;
  verdict.why = CheckSignature(token, &payload);
  if (!verdict.why.empty()) return verdict;
  simdjson::dom::parser parser;
  Element claims;
  simdjson::dom::object object;
  if (parser.parse(payload).get(claims) != simdjson::SUCCESS ||
      claims.get(object) != simdjson::SUCCESS) {
    verdict.why = "its claims are no JSON object";
    return verdict;
  }
  verdict.why = CheckFrame(claims, audience_, issuer_);
  if (!verdict.why.empty()) return verdict;
  ClaimsReader reader(claims);
  if (Has(claims, "channel")) {
    reader.Fail(kIsSubscription);
  }
  verdict.claims.user = reader.Text("sub");
  verdict.claims.id = reader.Text("jti");
  verdict.claims.info = reader.Payload("info");
  verdict.claims.meta = reader.Payload("meta");
  verdict.claims.subs = reader.Subscriptions();
  FinishVerdict(&reader, now_s, &verdict);
  return verdict;
}

TokenVerdict<SubscriptionClaims> TokenVerifier::VerifySubscription(
    std::string_view token, int64_t now_s) const {
  TokenVerdict<SubscriptionClaims> verdict;
  std::string payload;
  verdict.why = CheckSignature(token, &payload);
  if (!verdict.why.empty()) return verdict;
  simdjson::dom::parser parser;
  Element claims;
  simdjson::dom::object object;
  if (parser.parse(payload).get(claims) != simdjson::SUCCESS ||
      claims.get(object) != simdjson::SUCCESS) {
    verdict.why = "its claims are no JSON object";
    return verdict;
  }
  verdict.why = CheckFrame(claims, audience_, issuer_);
  if (!verdict.why.empty()) return verdict;
  ClaimsReader reader(claims);
  verdict.claims.user = reader.Text("sub");
  verdict.claims.channel = reader.Text("channel");
  verdict.claims.client = reader.Text("client");
  verdict.claims.id = reader.Text("jti");
  verdict.claims.info = reader.Payload("info");
  verdict.claims.overrides = reader.Overrides();
  if (verdict.claims.channel.empty()) {
    reader.Fail("it is no subscription token");
  }
  FinishVerdict(&reader, now_s, &verdict);
  return verdict;
}

}  // namespace rt
