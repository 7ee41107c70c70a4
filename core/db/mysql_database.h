// MariaDB and MySQL, by libmariadb. As PHP has it: a socket goes before the
// host, the host "localhost" means the platform's own socket, and 127.0.0.1
// means TCP. TLS is for TCP: a socket does without.
#pragma once

#include <memory>

#include "base/result.h"
#include "db/database.h"

namespace rt {

[[nodiscard]] Result<std::unique_ptr<Database>> OpenMysqlDatabase(
    const DatabaseConfig& config, const DatabaseTimeouts& timeouts);

}  // namespace rt
