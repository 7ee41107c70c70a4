#include "db/database.h"

#include "db/mysql_database.h"
#include "db/pgsql_database.h"
#include "db/sqlite_database.h"

namespace rt {

namespace {

using Driver = Result<std::unique_ptr<Database>> (*)(const DatabaseConfig&,
                                                     const DatabaseTimeouts&);

// Drupal 7 may call the second the third. Null where there is none.
Driver DriverOf(std::string_view name) {
  if (name == "sqlite") return OpenSqliteDatabase;
  if (name == "mysql" || name == "mysqli") return OpenMysqlDatabase;
  if (name == "pgsql") return OpenPgsqlDatabase;
  return nullptr;
}

}  // namespace

bool HasDatabaseDriver(std::string_view driver) {
  return DriverOf(driver) != nullptr;
}

DatabaseOpener OpenDatabaseWithin(const DatabaseTimeouts& timeouts) {
  return
      [timeouts](
          const DatabaseConfig& config) -> Result<std::unique_ptr<Database>> {
        if (const Driver open = DriverOf(config.driver)) {
          return open(config, timeouts);
        }
        return Error{ErrorCode::kUnavailable,
                     "there is no driver \"" + config.driver + "\""};
      };
}

Result<std::unique_ptr<Database>> OpenDatabase(const DatabaseConfig& config) {
  return OpenDatabaseWithin(DatabaseTimeouts())(config);
}

}  // namespace rt
