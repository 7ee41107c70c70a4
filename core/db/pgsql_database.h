// PostgreSQL, by libpq. `socket` names the folder of its socket, or the socket
// itself, and goes before the host. Without `tls` an encrypted connection is
// taken where the server offers one, as PHP does; with it the server is
// verified. TLS is for TCP: a socket does without.
#pragma once

#include <memory>

#include "base/result.h"
#include "db/database.h"

namespace rt {

[[nodiscard]] Result<std::unique_ptr<Database>> OpenPgsqlDatabase(
    const DatabaseConfig& config, const DatabaseTimeouts& timeouts);

}  // namespace rt
