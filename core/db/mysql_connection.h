// A connection to MariaDB or MySQL, ready for queries: in UTF-8, read-only,
// every statement seeing what is committed by then, and bounded in time. One
// thread at a time.
#pragma once

#include <mysql.h>

#include <memory>

#include "base/result.h"
#include "db/database.h"

namespace rt {

struct CloseMysql {
  void operator()(MYSQL* mysql) const { mysql_close(mysql); }
};
using MysqlHandle = std::unique_ptr<MYSQL, CloseMysql>;

[[nodiscard]] Result<MysqlHandle> ConnectMysql(
    const DatabaseConfig& config, const DatabaseTimeouts& timeouts);

// What an error number of server or client means to whoever asked.
[[nodiscard]] Error MysqlError(unsigned int number, const char* message);

}  // namespace rt
