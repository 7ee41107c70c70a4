// A connection to PostgreSQL, ready for queries: in UTF-8, read-only, and
// bounded in time, also where the server says nothing at all. One thread at a
// time.
#pragma once

#include <libpq-fe.h>

#include <memory>

#include "base/result.h"
#include "db/database.h"

namespace rt {

struct ClosePgsql {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using PgsqlHandle = std::unique_ptr<PGconn, ClosePgsql>;

[[nodiscard]] Result<PgsqlHandle> ConnectPgsql(
    const DatabaseConfig& config, const DatabaseTimeouts& timeouts);

// What the connection's last failure means, and that of a statement.
[[nodiscard]] Error PgsqlConnectionError(const PGconn* connection);
[[nodiscard]] Error PgsqlError(const PGresult* result);

}  // namespace rt
