// The seam to Drupal's databases: one connection that answers queries, each
// prepared once. A driver knows how to connect and run them; what to ask is
// the business of who has the question (login_sql.h), and what the rows mean
// is too. One thread at a time; drivers block, so never on a loop.
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

class Database {
 public:
  using Parameter = std::variant<int64_t, std::string>;
  using Parameters = std::vector<Parameter>;

  virtual ~Database() = default;

  // All rows, at most `max_rows`. `text` is spelt as sql_text.h says, one `?`
  // for each parameter; it is prepared the first time and then kept. Fails
  // with
  //   kNotFound     no such table,
  //   kLimit        more rows, or a value of more than kMaxValueBytes,
  //   kInvalid      a parameter that no column can hold, such as text that is
  //                 not UTF-8: nothing that is stored equals it,
  //   kUnavailable  anything else: the connection is to be given up.
  [[nodiscard]] virtual Result<std::vector<DatabaseRow>> Run(
      std::string_view text, const Parameters& parameters, size_t max_rows) = 0;

  // Is it still the store that its configuration names? A file that was
  // replaced, or a connection that the server closed, is not.
  [[nodiscard]] virtual bool alive() = 0;

  static constexpr size_t kMaxValueBytes = 16 << 20;
  // Texts that a connection keeps prepared; the rest is prepared each time.
  static constexpr size_t kMaxPrepared = 64;
};

using DatabaseOpener = std::function<Result<std::unique_ptr<Database>>(
    const DatabaseConfig& config)>;

// How long a server may take. Then: kUnavailable, and no thread is held by
// one that hangs. MySQL's are rounded up to whole seconds.
struct DatabaseTimeouts {
  int connect_ms = 3'000;  // until queries can be asked
  int query_ms = 5'000;    // for one of them
};

// The drivers that are built in: "sqlite", "mysql" (or "mysqli"), "pgsql".
// kUnavailable where the store cannot be reached, or the driver is not one of
// them.
[[nodiscard]] Result<std::unique_ptr<Database>> OpenDatabase(
    const DatabaseConfig& config);
[[nodiscard]] DatabaseOpener OpenDatabaseWithin(
    const DatabaseTimeouts& timeouts);

// Is there a driver of this name?
[[nodiscard]] bool HasDatabaseDriver(std::string_view driver);

}  // namespace rt
