#include "db/sqlite_database.h"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "db/row_collector.h"
#include "db/sql_text.h"
#include "db/statement_book.h"

namespace rt {

namespace {

// How long a query waits for a writer, of the time that it has. Then:
// kUnavailable.
constexpr int kBusyTimeoutMs = 1000;
// SQLite's own instructions between two looks at the time: well below 1 ms.
constexpr int kStepsBetweenLooks = 10'000;
// A prefix is another file, and no part of a table's name.
constexpr SqlDialect kDialect{.prefixes = false};

struct CloseStatement {
  void operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
  }
};
struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, CloseStatement>;
using DatabaseHandle = std::unique_ptr<sqlite3, CloseDatabase>;

// Columns of Drupal's tables are declared with a collation of its own. Our
// queries compare none of them, but SQLite wants to know it before it touches
// a table or index that does. ASCII is enough to be in good order.
int CompareNoCase(void*, int a_bytes, const void* a, int b_bytes,
                  const void* b) {
  const int common = std::min(a_bytes, b_bytes);
  const int order = sqlite3_strnicmp(static_cast<const char*>(a),
                                     static_cast<const char*>(b), common);
  return order != 0 ? order : a_bytes - b_bytes;
}

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(DatabaseHandle database, DatabaseConfig config, int query_ms)
      : database_(std::move(database)),
        config_(std::move(config)),
        query_time_(query_ms) {
    sqlite3_progress_handler(database_.get(), kStepsBetweenLooks, IsLate, this);
  }

  Result<std::vector<DatabaseRow>> Run(std::string_view text,
                                       const Parameters& parameters,
                                       size_t max_rows) override {
    deadline_ = Clock::now() + query_time_;
    if (Status bounded = BoundCache(); !bounded) return bounded.error();
    Result<sqlite3_stmt*> prepared = Prepare(text);
    if (!prepared) return prepared.error();
    sqlite3_stmt* statement = *prepared;
    // However it ends: no statement stays open, for that would hold a lock.
    struct Reset {
      sqlite3_stmt* statement;
      ~Reset() {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
      }
    } reset{statement};
    RT_CHECK(sqlite3_bind_parameter_count(statement) ==
             static_cast<int>(parameters.size()));
    int index = 0;
    for (const Parameter& parameter : parameters) {
      ++index;
      int code = SQLITE_OK;
      if (const auto* value = std::get_if<std::string>(&parameter)) {
        code =
            sqlite3_bind_text(statement, index, value->data(),
                              static_cast<int>(value->size()), SQLITE_STATIC);
      } else {
        code =
            sqlite3_bind_int64(statement, index, std::get<int64_t>(parameter));
      }
      if (code != SQLITE_OK) return Failure(code);
    }
    return Rows(statement, max_rows);
  }

  // A file that was deleted or replaced would go on answering from the grave.
  bool alive() override {
    int moved = 0;
    const int code = sqlite3_file_control(database_.get(), "main",
                                          SQLITE_FCNTL_HAS_MOVED, &moved);
    return code == SQLITE_OK && moved == 0;
  }

 private:
  using Clock = std::chrono::steady_clock;

  // The kernel has the file's pages anyway: four connections with SQLite's two
  // megabytes each would be most of what ten thousand idle logins cost. With
  // the first query, because it reads the file.
  Status BoundCache() {
    if (cache_bounded_) return Status();
    const int code = sqlite3_exec(database_.get(), "PRAGMA cache_size=-256",
                                  nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return Failure(code);
    cache_bounded_ = true;
    return Status();
  }

  Result<sqlite3_stmt*> Prepare(std::string_view text) {
    if (StatementHandle* kept = statements_.Find(text)) return kept->get();
    const std::string sql = RenderSql(text, config_, kDialect);
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(
        database_.get(), sql.data(), static_cast<int>(sql.size()),
        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return Failure(code);
    return statements_.Put(text, StatementHandle(statement))->get();
  }

  Result<std::vector<DatabaseRow>> Rows(sqlite3_stmt* statement,
                                        size_t max_rows) {
    const int columns = sqlite3_column_count(statement);
    RowCollector rows(max_rows, static_cast<size_t>(columns));
    int code = SQLITE_OK;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
      if (Status kept = CollectRow(statement, columns, &rows); !kept) {
        return kept.error();
      }
    }
    if (code != SQLITE_DONE) return Failure(code);
    return rows.Take();
  }

  static Status CollectRow(sqlite3_stmt* statement, int columns,
                           RowCollector* rows) {
    if (Status begun = rows->BeginRow(); !begun) return begun;
    for (int i = 0; i < columns; ++i) {
      if (sqlite3_column_type(statement, i) == SQLITE_NULL) {
        rows->AddNull();
        continue;
      }
      // Session data is text with NUL bytes in it: only the blob's own length
      // is right. The pointer comes first, as SQLite asks.
      const void* bytes = sqlite3_column_blob(statement, i);
      const auto size = static_cast<size_t>(sqlite3_column_bytes(statement, i));
      if (Status fits = RowCollector::CheckSize(size); !fits) return fits;
      Status added =
          rows->Add(std::string(static_cast<const char*>(bytes), size));
      if (!added) return added;
    }
    return Status();
  }

  // Asked now and then while a query runs: not 0 ends it.
  static int IsLate(void* self) {
    return Clock::now() > static_cast<SqliteDatabase*>(self)->deadline_ ? 1 : 0;
  }

  Error Failure(int code) const {
    const std::string message = sqlite3_errmsg(database_.get());
    // SQLite has no code of its own for it.
    if (code == SQLITE_ERROR && message.starts_with("no such table")) {
      return {ErrorCode::kNotFound, "sqlite: " + message};
    }
    // With a write-ahead log, a reader too keeps its marks beside the file.
    const char* hint = code == SQLITE_READONLY || code == SQLITE_CANTOPEN
                           ? " (the broker's user needs to read the file and, "
                             "as it has a write-ahead log, to write beside it)"
                           : "";
    return {ErrorCode::kUnavailable, "sqlite: " + message + hint};
  }

  // Statements go before the database that they belong to.
  DatabaseHandle database_;
  StatementBook<StatementHandle> statements_;
  DatabaseConfig config_;
  std::chrono::milliseconds query_time_;
  Clock::time_point deadline_;
  bool cache_bounded_ = false;
};

}  // namespace

Result<std::unique_ptr<Database>> OpenSqliteDatabase(
    const DatabaseConfig& config, const DatabaseTimeouts& timeouts) {
  std::string path = config.path;
  if (!config.prefix.empty()) path += "-" + config.prefix;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(
      path.c_str(), &raw,
      SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
      nullptr);
  DatabaseHandle database(raw);
  if (code != SQLITE_OK) {
    return Error{ErrorCode::kUnavailable,
                 "sqlite: cannot open " + path + ": " + sqlite3_errstr(code)};
  }
  sqlite3_extended_result_codes(database.get(), 0);
  sqlite3_busy_timeout(database.get(),
                       std::min(kBusyTimeoutMs, timeouts.query_ms));
  sqlite3_create_collation_v2(database.get(), "NOCASE_UTF8", SQLITE_UTF8,
                              nullptr, CompareNoCase, nullptr);
  return std::unique_ptr<Database>(
      new SqliteDatabase(std::move(database), config, timeouts.query_ms));
}

}  // namespace rt
