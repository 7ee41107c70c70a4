// A site to log in to: a SQLite database in Drupal 10's layout, with as many
// users as wanted, each with one session and one role, and the site document
// that leads the broker to it.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace rt::bench {

// The key and secret of the site, for a publisher's link.
inline constexpr char kFixtureKey[] = "bench";
inline constexpr char kFixtureSecret[] = "a secret for benchmarks, not to keep";

// Writes `directory`/site.sqlite and `directory`/site.json, anew. The
// directory exists. Returns the site document's path.
[[nodiscard]] Result<std::string> MakeSiteFixture(const std::string& directory,
                                                  size_t sessions);

// The Cookie header that signs in the n-th user.
[[nodiscard]] std::string FixtureCookie(size_t n);

}  // namespace rt::bench
