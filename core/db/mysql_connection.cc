#include "db/mysql_connection.h"

#include <errmsg.h>
#include <mysqld_error.h>

#include <mutex>
#include <string>

#include "db/server_trouble.h"

namespace rt {

namespace {

// A packet, which is a whole row. Above: kLimit, and the connection is lost.
constexpr size_t kMaxPacketBytes = 4 * Database::kMaxValueBytes;

unsigned int WholeSeconds(int ms) {
  return static_cast<unsigned int>((ms + 999) / 1000);
}

const char* OrNull(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

bool OverSocket(const DatabaseConfig& config) {
  return !config.socket.empty() || config.host.empty() ||
         config.host == "localhost";
}

void SetTimeouts(MYSQL* mysql, const DatabaseTimeouts& timeouts) {
  const unsigned int connect_s = WholeSeconds(timeouts.connect_ms);
  // Later than the server's own, which leaves the connection whole.
  const unsigned int query_s = WholeSeconds(timeouts.query_ms) + 1;
  mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
  mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &query_s);
  mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &query_s);
}

void SetTls(MYSQL* mysql, const DatabaseConfig& config) {
  const my_bool on = 1;
  const my_bool verify = config.tls_verify ? 1 : 0;
  // Without a CA those that the machine trusts are taken.
  mysql_options(mysql, MYSQL_OPT_SSL_CA, OrNull(config.tls_ca));
  mysql_options(mysql, MYSQL_OPT_SSL_CERT, OrNull(config.tls_cert));
  mysql_options(mysql, MYSQL_OPT_SSL_KEY, OrNull(config.tls_key));
  mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &on);
  mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
}

void SetRest(MYSQL* mysql) {
  // Else a server could ask for any file that the broker reads.
  const unsigned int no_files = 0;
  const size_t packet = kMaxPacketBytes;
  const my_bool no_reconnect = 0;
  const my_bool report_truncation = 1;
  mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &no_files);
  mysql_options(mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet);
  mysql_options(mysql, MYSQL_OPT_RECONNECT, &no_reconnect);
  mysql_options(mysql, MYSQL_REPORT_DATA_TRUNCATION, &report_truncation);
  mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
}

Error LastError(MYSQL* mysql) {
  return MysqlError(mysql_errno(mysql), mysql_error(mysql));
}

// What would otherwise be the server's defaults, or its init_connect's.
Status BeginSession(MYSQL* mysql, const DatabaseTimeouts& timeouts) {
  // A transaction left open would go on seeing the past.
  std::string settings = "SET SESSION autocommit = 1";
  // MySQL's has another name, and older servers have none.
  const std::string limit =
      mariadb_connection(mysql)
          ? ", max_statement_time = " +
                std::to_string(WholeSeconds(timeouts.query_ms))
          : ", max_execution_time = " + std::to_string(timeouts.query_ms);
  int failed = mysql_query(mysql, (settings + limit).c_str());
  if (failed != 0 && mysql_errno(mysql) == ER_UNKNOWN_SYSTEM_VARIABLE) {
    failed = mysql_query(mysql, settings.c_str());
  }
  if (failed == 0) {
    failed = mysql_query(mysql, "SET SESSION TRANSACTION READ ONLY");
  }
  return failed == 0 ? Status() : LastError(mysql);
}

ServerTrouble TroubleOf(unsigned int number, std::string_view message) {
  switch (number) {
    case ER_NO_SUCH_TABLE:
      return ServerTrouble::kNoTable;
    case ER_TABLEACCESS_DENIED_ERROR:
    case ER_COLUMNACCESS_DENIED_ERROR:
    case ER_DBACCESS_DENIED_ERROR:
      return ServerTrouble::kNoGrant;
    case ER_ACCESS_DENIED_ERROR:
    case ER_BAD_DB_ERROR:
      return ServerTrouble::kLogin;
    case CR_NET_PACKET_TOO_LARGE:
      return ServerTrouble::kTooLarge;
    case ER_CANT_AGGREGATE_2COLLATIONS:
    case ER_TRUNCATED_WRONG_VALUE_FOR_FIELD:
    case ER_INVALID_CHARACTER_STRING:
      return ServerTrouble::kNoValue;
    case CR_SSL_CONNECTION_ERROR:
      return message.find("ertificate") != std::string_view::npos ||
                     message.find("Validation") != std::string_view::npos
                 ? ServerTrouble::kCertificate
                 : ServerTrouble::kTls;
    default:
      return ServerTrouble::kOther;
  }
}

}  // namespace

Error MysqlError(unsigned int number, const char* message) {
  return ServerError("mysql", TroubleOf(number, message), message);
}

Result<MysqlHandle> ConnectMysql(const DatabaseConfig& config,
                                 const DatabaseTimeouts& timeouts) {
  static std::once_flag library_once;
  std::call_once(library_once, [] { mysql_library_init(0, nullptr, nullptr); });
  if (Status there = CheckTlsFiles(config); !there) return there.error();
  MysqlHandle mysql(mysql_init(nullptr));
  RT_CHECK(mysql != nullptr);
  SetTimeouts(mysql.get(), timeouts);
  SetRest(mysql.get());
  const bool tls = config.tls && !OverSocket(config);
  if (tls) SetTls(mysql.get(), config);
  // The library would prefer the host.
  const char* host = config.socket.empty() ? OrNull(config.host) : nullptr;
  if (mysql_real_connect(mysql.get(), host, config.username.c_str(),
                         config.password.c_str(), OrNull(config.database),
                         config.port, OrNull(config.socket), 0) == nullptr) {
    return LastError(mysql.get());
  }
  if (tls && mysql_get_ssl_cipher(mysql.get()) == nullptr) {
    return ServerError("mysql", ServerTrouble::kTls,
                       "the connection is not encrypted");
  }
  if (Status begun = BeginSession(mysql.get(), timeouts); !begun) {
    return begun.error();
  }
  return mysql;
}

}  // namespace rt
