// Whom a request comes from, when proxies stand in between. They say so in
// headers that anybody can write, so those are believed only as far as proxies
// that the operator trusts have written them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wire/http_head.h"
#include "wire/ip_address.h"

namespace rt {

// Hops that are looked at. Above: the last one looked at is the client.
inline constexpr size_t kMaxForwardedHops = 32;

struct RequestSource {
  IpAddress address;
  bool https = false;  // is the client's own connection https?
  // What the client may have asked for, in lower case: Host, which no page can
  // choose, and what the nearest proxy says, where it does. The first that is
  // anybody's is meant.
  std::vector<std::string> hosts;
};

// `peer`: who the connection is from; `https`: it is under TLS here.
//
// Where the peer is trusted, the hops of X-Forwarded-For are walked from the
// right, each having been written by the one behind it, to the first that is
// not trusted: that is the client. X-Forwarded-Proto decides the scheme; of
// several values the first, as in Symfony's Request, by which Drupal names its
// cookies. Of X-Forwarded-Host the last, for what comes before it a page's
// script may have written; and it is no more than a second choice, since a
// proxy may hand on all of it. Forwarded (RFC 7239) is read in their stead
// where there is no X-Forwarded-For. From anybody else they are ignored.
[[nodiscard]] RequestSource FindRequestSource(
    const HttpRequestHead& head, const IpAddress& peer, bool https,
    const std::vector<AddressRange>& trusted);

}  // namespace rt
