// What tokens say. Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace rt {

// What a subscription by token is like; unset: as its namespace says.
struct SubscriptionOverrides {
  std::optional<bool> presence;
  std::optional<bool> join_leave;
  std::optional<bool> force_recovery;
  std::optional<bool> force_positioning;
  std::optional<bool> force_push_join_leave;
};

// Them by the names that tokens and the API give them.
struct SubscriptionOverride {
  const char* name;
  std::optional<bool> SubscriptionOverrides::*value;
};
inline constexpr SubscriptionOverride kSubscriptionOverrides[] = {
    {"presence", &SubscriptionOverrides::presence},
    {"join_leave", &SubscriptionOverrides::join_leave},
    {"force_recovery", &SubscriptionOverrides::force_recovery},
    {"force_positioning", &SubscriptionOverrides::force_positioning},
    {"force_push_join_leave", &SubscriptionOverrides::force_push_join_leave}};

struct TokenSubscription {
  std::string info;  // JSON or empty, as is `data`
  std::string data;
  SubscriptionOverrides overrides;
};

// Of a token that connects its bearer.
struct ConnectionClaims {
  std::string user;         // empty: anonymous
  int64_t expire_at_s = 0;  // of the connection; 0: never
  int64_t issued_at_s = 0;  // 0: not said
  std::string id;           // the token's own; empty: none
  std::string info;         // JSON or empty, as is `meta`
  std::string meta;
  // Channels the server subscribes it to.
  std::map<std::string, TokenSubscription> subs;
};

// Of a token that lets one user into one channel.
struct SubscriptionClaims {
  std::string user;
  std::string channel;
  std::string client;       // empty: any of the user's
  int64_t expire_at_s = 0;  // of the subscription; 0: never
  int64_t issued_at_s = 0;
  std::string id;
  std::string info;
  SubscriptionOverrides overrides;
};

}  // namespace rt
