// Tells whoever started the broker that it serves: systemd by its notify
// socket (sd_notify(3); the protocol is a datagram of text, so no library),
// the extension or a script by a descriptor it left open for this. Both are
// silent where nobody listens. Blocking, but never for long.
#pragma once

namespace rt {

// Call once when every address and socket is open. Writes "ready\n" to
// `ready_fd` and closes it, unless it is negative.
void AnnounceReady(int ready_fd);

// Call when the drain begins.
void AnnounceStopping();

}  // namespace rt
