#include "token/claims_reader.h"

#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "wire/json_text.h"

namespace rt {

namespace {

std::string Quoted(const std::string& name) { return '"' + name + '"'; }

}  // namespace

// Null is as good as absent.
bool ClaimsReader::Has(Element object, const char* name) {
  const auto value = object[name];
  return value.error() == simdjson::SUCCESS && !value.is_null();
}

std::string ClaimsReader::Text(const char* name) {
  std::string_view text;
  if (!Has(name)) return {};
  if (claims_[name].get(text) != simdjson::SUCCESS) {
    Fail("the claim " + Quoted(name) +
         " is no string (numbers need quotes, too)");
  }
  return std::string(text);
}

std::string ClaimsReader::Name(const char* name) {
  std::string text = Text(name);
  if (text.size() > kMaxTokenNameBytes) {
    Fail("the claim " + Quoted(name) + " is longer than " +
         std::to_string(kMaxTokenNameBytes) + " bytes");
    text.clear();
  }
  return text;
}

std::optional<int64_t> ClaimsReader::Time(const char* name) {
  // So that milliseconds, too, fit in 64 bits.
  constexpr int64_t kFar = 1'000'000'000'000'000;
  if (!Has(name)) return std::nullopt;
  int64_t whole = 0;
  double seconds = 0;
  if (claims_[name].get(whole) == simdjson::SUCCESS) {
    if (whole < kFar && whole > -kFar) return whole;
  } else if (claims_[name].get(seconds) == simdjson::SUCCESS &&
             seconds < kFar && seconds > -kFar) {
    return static_cast<int64_t>(seconds);
  }
  Fail("the claim " + Quoted(name) + " is no number of seconds since 1970");
  return std::nullopt;
}

std::string ClaimsReader::Payload(Element object, const char* name) {
  if (Has(object, name)) {
    std::string json = simdjson::to_string(object[name].value_unsafe());
    if (IsJson(json)) return json;
    // simdjson took it, so all that is left is its depth.
    Fail("the claim " + Quoted(name) + " nests too deep");
    return {};
  }
  const std::string encoded_name = std::string("b64") + name;
  std::string_view encoded;
  if (!Has(object, encoded_name.c_str())) return {};
  if (object[encoded_name].get(encoded) == simdjson::SUCCESS) {
    std::optional<std::string> bytes = Base64Decode(encoded);
    // It is embedded in what others are sent.
    if (bytes.has_value() && IsJson(*bytes)) {
      StripLineBreaks(&*bytes);
      return std::move(*bytes);
    }
  }
  Fail("the claim " + Quoted(encoded_name) + " is not JSON in base64");
  return {};
}

SubscriptionOverrides ClaimsReader::Overrides(Element object) {
  SubscriptionOverrides overrides;
  if (!Has(object, "override")) return overrides;
  const Element all = object["override"].value_unsafe();
  if (!all.is_object()) {
    Fail("the claim \"override\" is no object");
    return overrides;
  }
  for (const auto& [name, place] : kSubscriptionOverrides) {
    bool value = false;
    if (!Has(all, name)) continue;
    if (all[name]["value"].get(value) != simdjson::SUCCESS) {
      Fail("the override " + Quoted(name) +
           " is neither {\"value\": true} nor {\"value\": false}");
      continue;
    }
    overrides.*place = value;
  }
  return overrides;
}

void ClaimsReader::ReadChannels(Subs* subs) {
  simdjson::dom::array list;
  if (claims_["channels"].get(list) != simdjson::SUCCESS) {
    return Fail("the claim \"channels\" is no list");
  }
  for (const Element one : list) {
    std::string_view channel;
    if (one.get(channel) != simdjson::SUCCESS) {
      return Fail("the claim \"channels\" holds something that is no string");
    }
    subs->emplace(channel, TokenSubscription());
    if (subs->size() > kMaxChannelsPerClient) return;
  }
}

void ClaimsReader::ReadSubs(Subs* subs) {
  simdjson::dom::object all;
  if (claims_["subs"].get(all) != simdjson::SUCCESS) {
    return Fail("the claim \"subs\" is no object");
  }
  for (const auto& [channel, options] : all) {
    if (!options.is_object()) {
      return Fail("the claim \"subs\" maps a channel to what is no object");
    }
    TokenSubscription sub;
    sub.info = Payload(options, "info");
    sub.data = Payload(options, "data");
    sub.overrides = Overrides(options);
    subs->insert_or_assign(std::string(channel), std::move(sub));
    if (subs->size() > kMaxChannelsPerClient) return;
  }
}

std::map<std::string, TokenSubscription> ClaimsReader::Subscriptions() {
  Subs subs;
  if (Has("channels")) ReadChannels(&subs);
  if (Has("subs")) ReadSubs(&subs);
  if (subs.size() > kMaxChannelsPerClient) {
    Fail("it names more than " + std::to_string(kMaxChannelsPerClient) +
         " channels");
  }
  return subs;
}

bool ClaimsReader::IsFor(const std::string& audience) const {
  std::string_view one;
  if (claims_["aud"].get(one) == simdjson::SUCCESS) return one == audience;
  simdjson::dom::array list;
  if (claims_["aud"].get(list) != simdjson::SUCCESS) return false;
  for (const Element entry : list) {
    if (entry.get(one) == simdjson::SUCCESS && one == audience) return true;
  }
  return false;
}

}  // namespace rt
