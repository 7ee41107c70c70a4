#include "db/pgsql_database.h"

#include <poll.h>

#include <string>
#include <utility>
#include <vector>

#include "db/pgsql_connection.h"
#include "db/row_collector.h"
#include "db/server_trouble.h"
#include "db/socket_wait.h"
#include "db/sql_text.h"
#include "db/statement_book.h"

namespace rt {

namespace {

constexpr SqlDialect kDialect{.numbered = true};
constexpr Oid kBytea = 17;
// Given to the server beyond its own time-out, which leaves the connection
// whole.
constexpr int kGraceMs = 500;

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultHandle = std::unique_ptr<PGresult, ClearResult>;

// Parameters as text, which the server reads as what it compares them with.
class BoundParameters {
 public:
  explicit BoundParameters(const Database::Parameters& parameters) {
    texts_.reserve(parameters.size());
    for (const Database::Parameter& parameter : parameters) {
      const auto* text = std::get_if<std::string>(&parameter);
      texts_.push_back(text != nullptr
                           ? *text
                           : std::to_string(std::get<int64_t>(parameter)));
      values_.push_back(texts_.back().c_str());
    }
  }
  [[nodiscard]] const char* const* values() const { return values_.data(); }
  [[nodiscard]] int count() const { return static_cast<int>(values_.size()); }

 private:
  std::vector<std::string> texts_;
  std::vector<const char*> values_;
};

// All columns come as text, which for bytea is hexadecimal digits.
std::string Value(const PGresult* result, int column) {
  const char* text = PQgetvalue(result, 0, column);
  const auto length = static_cast<size_t>(PQgetlength(result, 0, column));
  if (PQftype(result, column) != kBytea) return {text, length};
  struct Free {
    void operator()(unsigned char* bytes) const { PQfreemem(bytes); }
  };
  size_t size = 0;
  const std::unique_ptr<unsigned char, Free> bytes(
      PQunescapeBytea(reinterpret_cast<const unsigned char*>(text), &size));
  RT_CHECK(bytes != nullptr);
  return {reinterpret_cast<const char*>(bytes.get()), size};
}

Status CollectRow(const PGresult* result, RowCollector* rows) {
  if (Status begun = rows->BeginRow(); !begun) return begun;
  const int columns = PQnfields(result);
  for (int column = 0; column < columns; ++column) {
    if (PQgetisnull(result, 0, column) != 0) {
      rows->AddNull();
    } else if (Status added = rows->Add(Value(result, column)); !added) {
      return added;
    }
  }
  return Status();
}

class PgsqlDatabase final : public Database {
 public:
  PgsqlDatabase(PgsqlHandle connection, DatabaseConfig config, int query_ms)
      : connection_(std::move(connection)),
        config_(std::move(config)),
        query_ms_(query_ms) {}

  Result<std::vector<DatabaseRow>> Run(std::string_view text,
                                       const Parameters& parameters,
                                       size_t max_rows) override {
    if (Status good = CheckParameters(parameters); !good) return good.error();
    const Deadline deadline(query_ms_ + kGraceMs);
    const Result<std::string> name = Prepare(text, deadline);
    if (!name) return name.error();
    const BoundParameters bound(parameters);
    if (PQsendQueryPrepared(connection_.get(), name->c_str(), bound.count(),
                            bound.values(), nullptr, nullptr, 0) == 0) {
      return Broken();
    }
    // Row by row, so that no more than one is held that is too much.
    PQsetSingleRowMode(connection_.get());
    Result<std::vector<DatabaseRow>> rows = Rows(max_rows, deadline);
    // Rows of an answer that was given up would be taken for the next one's.
    if (!rows && rows.error().code == ErrorCode::kLimit) broken_ = true;
    return rows;
  }

  bool alive() override {
    if (broken_ || PQstatus(connection_.get()) != CONNECTION_OK) return false;
    if (SocketIsQuiet(PQsocket(connection_.get()))) return true;
    // A notice, or the server's farewell.
    return PQconsumeInput(connection_.get()) == 1 &&
           SocketIsQuiet(PQsocket(connection_.get()));
  }

 private:
  // The statement's name. Those that do not fit are prepared without one, in
  // the place of the last such one.
  Result<std::string> Prepare(std::string_view text, const Deadline& deadline) {
    if (const std::string* kept = statements_.Find(text)) return *kept;
    const std::string name =
        statements_.full() ? "" : "rt" + std::to_string(statements_.size());
    const std::string sql = RenderSql(text, config_, kDialect);
    if (PQsendPrepare(connection_.get(), name.c_str(), sql.c_str(), 0,
                      nullptr) == 0) {
      return Broken();
    }
    Result<std::vector<DatabaseRow>> prepared = Rows(0, deadline);
    if (!prepared) return prepared.error();
    return *statements_.Put(text, name);
  }

  // To the end of what was sent, so that the connection is free again.
  Result<std::vector<DatabaseRow>> Rows(size_t max_rows,
                                        const Deadline& deadline) {
    RowCollector rows(max_rows, 4);
    Status status;
    while (true) {
      Result<ResultHandle> next = Next(deadline);
      if (!next) return next.error();
      const PGresult* result = next->get();
      if (result == nullptr) break;
      switch (PQresultStatus(result)) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:  // the end: its rows came one by one
          break;
        case PGRES_SINGLE_TUPLE:
          if (Status kept = CollectRow(result, &rows); !kept) {
            return kept.error();
          }
          break;
        default:
          status = PgsqlError(result);
      }
    }
    if (!status) return status.error();
    return rows.Take();
  }

  // Null at the end.
  Result<ResultHandle> Next(const Deadline& deadline) {
    int unsent = PQflush(connection_.get());
    while (unsent != 0 || PQisBusy(connection_.get()) != 0) {
      if (unsent < 0) return Broken();
      const short events = unsent != 0 ? POLLIN | POLLOUT : POLLIN;
      if (!AwaitSocket(PQsocket(connection_.get()), events, deadline)) {
        broken_ = true;
        return ServerError(
            "pgsql", ServerTrouble::kAway,
            "no answer within " + std::to_string(query_ms_) + " ms");
      }
      if (PQconsumeInput(connection_.get()) == 0) return Broken();
      unsent = PQflush(connection_.get());
    }
    return ResultHandle(PQgetResult(connection_.get()));
  }

  Error Broken() {
    broken_ = true;
    return PgsqlConnectionError(connection_.get());
  }

  PgsqlHandle connection_;
  StatementBook<std::string> statements_;  // their names
  DatabaseConfig config_;
  int query_ms_;
  bool broken_ = false;
};

}  // namespace

Result<std::unique_ptr<Database>> OpenPgsqlDatabase(
    const DatabaseConfig& config, const DatabaseTimeouts& timeouts) {
  Result<PgsqlHandle> connection = ConnectPgsql(config, timeouts);
  if (!connection) return connection.error();
  return std::unique_ptr<Database>(
      new PgsqlDatabase(std::move(*connection), config, timeouts.query_ms));
}

}  // namespace rt
