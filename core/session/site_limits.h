// What one site's clients may take of the broker, so that no site takes all of
// it. Each by the name of the key that bounds it for the whole broker, and
// like it 0 where there is none; of two bounds the lower one holds.
#pragma once

#include <algorithm>
#include <cstdint>

namespace rt {

struct SiteLimits {
  int64_t connection_limit = 0;       // of the site
  int64_t connection_rate_limit = 0;  // new ones in a second
  int64_t user_connection_limit = 0;
  int64_t address_connection_limit = 0;
  int64_t channel_limit = 0;       // per client
  int64_t command_rate_limit = 0;  // in a second, per connection
  int64_t command_burst = 0;       // at once; 0: a second's worth
  int64_t user_command_rate_limit = 0;
  int64_t user_command_burst = 0;
  int64_t error_rate_limit = 0;          // in a minute, per connection
  int64_t message_size_limit_bytes = 0;  // of a client's message

  bool operator==(const SiteLimits&) const = default;
};

// The bound that holds of two of which 0 is none.
[[nodiscard]] constexpr int64_t LowerLimit(int64_t a, int64_t b) {
  return a == 0 || b == 0 ? std::max(a, b) : std::min(a, b);
}

// A rate and how many may come at once.
struct RateLimit {
  int64_t rate = 0;   // 0: any
  int64_t burst = 0;  // 0: a second's worth
};

// The whole of the lower one.
[[nodiscard]] constexpr RateLimit LowerLimit(RateLimit a, RateLimit b) {
  return LowerLimit(a.rate, b.rate) == a.rate ? a : b;
}

}  // namespace rt
