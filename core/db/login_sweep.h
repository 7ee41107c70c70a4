// What a sweep of a site's logins is given and brings back: who is connected,
// and whom of them the site's tables see in another way by now. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.h"
#include "drupal/identity.h"

namespace rt {

// One connection.
struct SweptLogin {
  uint64_t handle = 0;   // the asker's own, given back with a change
  IdentityPtr identity;  // who it was when last asked
  bool by_token = false;
  bool https = false;
};

struct SweepChange {
  uint64_t handle = 0;
  // Who it is now. Null: its session names somebody else than before, and is
  // to be looked up by itself (IdentityService::Recheck).
  IdentityPtr identity;
};

// A part of a sweep that is done.
struct SweepStep {
  // Not ok: these connections were not looked at, and nothing is known of them.
  Status status;
  size_t connections = 0;
  std::vector<SweepChange> changes;
  bool last = false;
};

// Called for each step, on a thread of the pool; must neither block nor take
// long. What it is given is as good as an answer of Lookup: no notice that has
// returned by then is older.
using OnSweepStep = std::function<void(SweepStep)>;

}  // namespace rt
