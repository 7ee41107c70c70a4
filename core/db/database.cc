#include "db/database.h"

#include "db/sqlite_database.h"

namespace rt {

bool HasDatabaseDriver(std::string_view driver) { return driver == "sqlite"; }

Result<std::unique_ptr<Database>> OpenDatabase(const DatabaseConfig& config) {
  if (config.driver == "sqlite") return OpenSqliteDatabase(config);
  return Error{ErrorCode::kUnavailable,
               "driver " + config.driver + " is not built yet"};
}

}  // namespace rt
