// Reads a token's claims one by one, and remembers the first that is not what
// it must be. Lives as long as the parsed JSON it reads from.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "token/claims.h"

namespace rt {

class ClaimsReader {
 public:
  // REQUIRES: `claims` is an object.
  explicit ClaimsReader(simdjson::dom::element claims) : claims_(claims) {}

  [[nodiscard]] bool Has(const char* name) const { return Has(claims_, name); }
  // Empty where it is absent, as are all below.
  std::string Text(const char* name);
  // Text of at most kMaxTokenNameBytes: users, ids.
  std::string Name(const char* name);
  // Seconds since 1970; a fraction is dropped.
  std::optional<int64_t> Time(const char* name);
  // JSON on one line: `name`, or what "b64" + `name` encodes.
  std::string Payload(const char* name) { return Payload(claims_, name); }
  SubscriptionOverrides Overrides() { return Overrides(claims_); }
  // Of `channels` and `subs`; at most kMaxChannelsPerClient.
  std::map<std::string, TokenSubscription> Subscriptions();
  // Does `aud`, one or a list, name it?
  [[nodiscard]] bool IsFor(const std::string& audience) const;

  void Fail(std::string why) {
    if (why_.empty()) why_ = std::move(why);
  }
  // Empty: all was as it must be.
  [[nodiscard]] const std::string& why() const { return why_; }

 private:
  using Element = simdjson::dom::element;
  using Subs = std::map<std::string, TokenSubscription>;

  static bool Has(Element object, const char* name);
  std::string Payload(Element object, const char* name);
  SubscriptionOverrides Overrides(Element object);
  void ReadChannels(Subs* subs);
  void ReadSubs(Subs* subs);

  Element claims_;
  std::string why_;
};

}  // namespace rt
