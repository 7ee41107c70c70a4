// `drupalrtd whois`: the broker's own answer to "who is this cookie?", from
// the command line. Reads one Cookie header a line and writes one JSON object
// a line, in order.
#pragma once

#include <iosfwd>
#include <string>

#include "broker/site_document.h"

namespace rt {

// `host`: the page's host; empty for the site's first. An answer that could
// not be had is {"error": "…", "code": "unavailable"} in its line. Returns
// the exit status: 0 when every line was answered, 1 where one was not.
[[nodiscard]] int RunWhois(std::istream& in, std::ostream& out,
                           const SiteDocument& site, const std::string& host,
                           bool https);

}  // namespace rt
