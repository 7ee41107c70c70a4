#include "db/mysql_database.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "db/mysql_connection.h"
#include "db/row_collector.h"
#include "db/server_trouble.h"
#include "db/socket_wait.h"
#include "db/sql_text.h"
#include "db/statement_book.h"

namespace rt {

namespace {

constexpr SqlDialect kDialect{.quote = '`'};

struct CloseStatement {
  void operator()(MYSQL_STMT* statement) const { mysql_stmt_close(statement); }
};
using StatementHandle = std::unique_ptr<MYSQL_STMT, CloseStatement>;

// The parameters as the library wants them. They outlive it.
class BoundParameters {
 public:
  explicit BoundParameters(const Database::Parameters& parameters)
      : lengths_(parameters.size()), binds_(parameters.size()) {
    for (size_t i = 0; i < parameters.size(); ++i) {
      MYSQL_BIND& bind = binds_[i];
      if (const auto* text = std::get_if<std::string>(&parameters[i])) {
        lengths_[i] = text->size();
        bind.buffer_type = MYSQL_TYPE_STRING;
        bind.buffer = const_cast<char*>(text->data());  // only read
        bind.buffer_length = text->size();
        bind.length = &lengths_[i];
      } else {
        bind.buffer_type = MYSQL_TYPE_LONGLONG;
        bind.buffer =
            const_cast<int64_t*>(std::get_if<int64_t>(&parameters[i]));
      }
    }
  }
  MYSQL_BIND* binds() { return binds_.data(); }

 private:
  std::vector<unsigned long> lengths_;
  std::vector<MYSQL_BIND> binds_;
};

// Places for the values of one row. Most are short; what is longer is fetched
// again, at its own length.
class BoundRow {
 public:
  explicit BoundRow(size_t columns) : columns_(columns), binds_(columns) {
    for (size_t i = 0; i < columns; ++i) {
      Column& column = columns_[i];
      MYSQL_BIND& bind = binds_[i];
      bind.buffer_type = MYSQL_TYPE_STRING;
      bind.buffer = column.head.data();
      bind.buffer_length = column.head.size();
      bind.length = &column.length;
      bind.is_null = &column.null;
      bind.error = &column.cut;
    }
  }
  MYSQL_BIND* binds() { return binds_.data(); }

  Status Collect(MYSQL_STMT* statement, RowCollector* rows) {
    if (Status begun = rows->BeginRow(); !begun) return begun;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = columns_[i];
      if (column.null) {
        rows->AddNull();
        continue;
      }
      if (Status fits = RowCollector::CheckSize(column.length); !fits) {
        return fits;
      }
      std::string value(column.length, '\0');
      if (column.length <= column.head.size()) {
        value.assign(column.head.data(), column.length);
      } else if (Status whole = Fetch(statement, i, &value); !whole) {
        return whole;
      }
      if (Status added = rows->Add(std::move(value)); !added) return added;
    }
    return Status();
  }

 private:
  struct Column {
    std::array<char, 256> head;
    unsigned long length = 0;
    my_bool null = 0;
    my_bool cut = 0;
  };

  static Status Fetch(MYSQL_STMT* statement, size_t column,
                      std::string* value) {
    unsigned long length = 0;
    MYSQL_BIND bind{};
    bind.buffer_type = MYSQL_TYPE_STRING;
    bind.buffer = value->data();
    bind.buffer_length = value->size();
    bind.length = &length;
    if (mysql_stmt_fetch_column(statement, &bind,
                                static_cast<unsigned int>(column), 0) == 0) {
      return Status();
    }
    return MysqlError(mysql_stmt_errno(statement), mysql_stmt_error(statement));
  }

  std::vector<Column> columns_;
  std::vector<MYSQL_BIND> binds_;
};

class MysqlDatabase final : public Database {
 public:
  MysqlDatabase(MysqlHandle mysql, DatabaseConfig config)
      : mysql_(std::move(mysql)), config_(std::move(config)) {}

  Result<std::vector<DatabaseRow>> Run(std::string_view text,
                                       const Parameters& parameters,
                                       size_t max_rows) override {
    if (Status good = CheckParameters(parameters); !good) return good.error();
    Result<MYSQL_STMT*> prepared = Prepare(text);
    if (!prepared) return prepared.error();
    MYSQL_STMT* statement = *prepared;
    RT_CHECK(mysql_stmt_param_count(statement) == parameters.size());
    BoundParameters bound(parameters);
    if (mysql_stmt_bind_param(statement, bound.binds()) != 0 ||
        mysql_stmt_execute(statement) != 0) {
      return Failure(statement);
    }
    // However it ends, the connection is free for the next one.
    struct FreeResult {
      MYSQL_STMT* statement;
      ~FreeResult() { mysql_stmt_free_result(statement); }
    } free_result{statement};
    return Rows(statement, max_rows);
  }

  bool alive() override {
    return !broken_ && SocketIsQuiet(mysql_get_socket(mysql_.get()));
  }

 private:
  Result<MYSQL_STMT*> Prepare(std::string_view text) {
    if (StatementHandle* kept = statements_.Find(text)) return kept->get();
    const std::string sql = RenderSql(text, config_, kDialect);
    StatementHandle statement(mysql_stmt_init(mysql_.get()));
    RT_CHECK(statement != nullptr);
    if (mysql_stmt_prepare(statement.get(), sql.data(), sql.size()) != 0) {
      return Failure(statement.get());
    }
    return statements_.Put(text, std::move(statement))->get();
  }

  // Row by row, so that no more than one is held that is too much.
  Result<std::vector<DatabaseRow>> Rows(MYSQL_STMT* statement,
                                        size_t max_rows) {
    const size_t columns = mysql_stmt_field_count(statement);
    RowCollector rows(max_rows, columns);
    BoundRow row(columns);
    if (mysql_stmt_bind_result(statement, row.binds()) != 0) {
      return Failure(statement);
    }
    while (true) {
      const int fetched = mysql_stmt_fetch(statement);
      if (fetched == MYSQL_NO_DATA) return rows.Take();
      if (fetched != 0 && fetched != MYSQL_DATA_TRUNCATED) {
        return Failure(statement);
      }
      if (Status kept = row.Collect(statement, &rows); !kept) {
        return kept.error();
      }
    }
  }

  Error Failure(MYSQL_STMT* statement) {
    const unsigned int number = mysql_stmt_errno(statement);
    // The client's own numbers mean that the connection is no more.
    broken_ = broken_ || (number >= 2000 && number < 3000);
    return MysqlError(number, mysql_stmt_error(statement));
  }

  // Statements go before the connection that they belong to.
  MysqlHandle mysql_;
  StatementBook<StatementHandle> statements_;
  DatabaseConfig config_;
  bool broken_ = false;
};

}  // namespace

Result<std::unique_ptr<Database>> OpenMysqlDatabase(
    const DatabaseConfig& config, const DatabaseTimeouts& timeouts) {
  Result<MysqlHandle> mysql = ConnectMysql(config, timeouts);
  if (!mysql) return mysql.error();
  return std::unique_ptr<Database>(
      new MysqlDatabase(std::move(*mysql), config));
}

}  // namespace rt
