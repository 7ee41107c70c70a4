// Drupal's SQLite file, opened read-only beside Drupal itself. A prefix is a
// file of its own there, `PATH-PREFIX`, as Drupal's driver has it.
#pragma once

#include <memory>

#include "base/result.h"
#include "db/database.h"

namespace rt {

[[nodiscard]] Result<std::unique_ptr<Database>> OpenSqliteDatabase(
    const DatabaseConfig& config, const DatabaseTimeouts& timeouts);

}  // namespace rt
