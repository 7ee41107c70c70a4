// Starts a broker where none answers: exactly one, whoever asks at the same
// time. A lock file beside the socket decides who starts it; whoever gets the
// lock looks again first, and a record in that file keeps a broker that dies
// at once from being started again and again.
//
// Never at module start-up, never for `php -v`, never on the command line
// unless drupalrt.autostart is 2, never while opcache preloads.
#pragma once

#include "deadline.h"

namespace rt {

struct Link;

// Reads what a broker's environment is made of, before PHP code can change
// it: PATH decides which program is run.
void KeepEnvironment();
void ForgetEnvironment();

[[nodiscard]] bool UnderWebServer();
[[nodiscard]] bool MayAutostart();

// Tries `connect` until it succeeds or the deadline passes, starting a broker
// where nobody does. On failure link->error says why; `*starting` when a
// broker is on its way that did not make it until the deadline.
[[nodiscard]] bool Autostart(Deadline deadline,
                             bool (*connect)(Deadline deadline, Link* link),
                             Link* link, bool* starting);

}  // namespace rt
