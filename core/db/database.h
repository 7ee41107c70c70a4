// The seam to Drupal's databases: one connection that answers the few
// questions that login asks, each with one prepared query. A driver knows how
// to connect and run them; what the rows mean is login_reader's business.
// One thread at a time; drivers block, so never on a loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "drupal/site_login.h"

namespace rt {

// A value as bytes, whatever its column's type; nothing for NULL.
using DatabaseValue = std::optional<std::string>;
using DatabaseRow = std::vector<DatabaseValue>;

// The questions, with their parameter and columns.
enum class LoginQuery {
  kSession,        // key        → key, session data, uid
  kSecureSession,  // key, the same for https; another column only in 7
  kAccount,        // uid        → name, status
  kAccountRoles,   // uid        → role id
  kRoles,          // (nothing)  → 8+: config name, data; 7: rid, permission
};
inline constexpr int kLoginQueries = 5;

class Database {
 public:
  using Parameter = std::variant<std::monostate, std::string, uint32_t>;

  virtual ~Database() = default;

  // All rows, at most `max_rows`. Fails with
  //   kNotFound     no such table,
  //   kLimit        more rows, or a value of more than kMaxValueBytes,
  //   kUnavailable  anything else: the connection is to be given up.
  [[nodiscard]] virtual Result<std::vector<DatabaseRow>> Run(
      LoginQuery query, const Parameter& parameter, size_t max_rows) = 0;

  // Is it still the store that its configuration names? A file that was
  // replaced, or a connection that the server closed, is not.
  [[nodiscard]] virtual bool alive() = 0;

  static constexpr size_t kMaxValueBytes = 16 << 20;
};

using DatabaseOpener = std::function<Result<std::unique_ptr<Database>>(
    const DatabaseConfig& config, int schema)>;

// The drivers that are built in. kUnavailable where the store cannot be
// reached, or the driver is not one of them.
[[nodiscard]] Result<std::unique_ptr<Database>> OpenDatabase(
    const DatabaseConfig& config, int schema);

// Is there a driver of this name?
[[nodiscard]] bool HasDatabaseDriver(std::string_view driver);

}  // namespace rt
