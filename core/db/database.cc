#include "db/database.h"

#include "db/sqlite_database.h"

namespace rt {

bool HasDatabaseDriver(std::string_view driver) { return driver == "sqlite"; }

Result<std::unique_ptr<Database>> OpenDatabase(const DatabaseConfig& config,
                                               int schema) {
  if (config.driver == "sqlite") return OpenSqliteDatabase(config, schema);
  return Error{ErrorCode::kUnavailable,
               "driver " + config.driver + " is not built yet"};
}

}  // namespace rt
