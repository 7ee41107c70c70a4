#include "db/pgsql_connection.h"

#include <openssl/x509.h>
#include <poll.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/server_trouble.h"
#include "db/socket_wait.h"

namespace rt {

namespace {

// Where the machine keeps the certificates that it trusts: libpq does not
// look there by itself. Empty: in no known place.
std::string TrustedCertificates() {
  for (const char* path :
       {X509_get_default_cert_file(), "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"}) {
    if (access(path, R_OK) == 0) return path;
  }
  return {};
}

// libpq's words for the configuration. Their order means nothing.
class Keywords {
 public:
  Keywords(const DatabaseConfig& config, const DatabaseTimeouts& timeouts) {
    SetAddress(config);
    Set("dbname", config.database);
    Set("user", config.username);
    Set("password", config.password);
    SetTls(config);
    Set("client_encoding", "UTF8");
    Set("fallback_application_name", "drupalrtd");
    Set("gssencmode", "disable");
    // Settings of the session by its first packet: through a pooler between
    // us and the server a SET could stay behind in somebody else's session.
    const std::string limit = std::to_string(timeouts.query_ms);
    Set("options", "-c statement_timeout=" + limit +
                       " -c default_transaction_read_only=on"
                       " -c bytea_output=hex");
    Set("tcp_user_timeout", limit);
  }

  PgsqlHandle Start() const {
    std::vector<const char*> names;
    std::vector<const char*> values;
    for (const auto& [name, value] : words_) {
      names.push_back(name);
      values.push_back(value.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    return PgsqlHandle(PQconnectStartParams(names.data(), values.data(), 0));
  }

 private:
  void Set(const char* name, std::string value) {
    words_.emplace_back(name, std::move(value));
  }

  void SetAddress(const DatabaseConfig& config) {
    std::string host = config.socket.empty() ? config.host : config.socket;
    std::string port = config.port == 0 ? "" : std::to_string(config.port);
    constexpr std::string_view kSocketName = "/.s.PGSQL.";
    const size_t name = host.rfind(kSocketName);
    if (!config.socket.empty() && name != std::string::npos) {
      port = host.substr(name + kSocketName.size());
      host.resize(name);
    }
    Set("host", host);
    Set("port", port);
  }

  void SetTls(const DatabaseConfig& config) {
    if (!config.tls) return Set("sslmode", "prefer");
    if (!config.tls_verify) {
      Set("sslmode", "require");
    } else {
      Set("sslmode", "verify-full");
      Set("sslrootcert",
          config.tls_ca.empty() ? TrustedCertificates() : config.tls_ca);
    }
    Set("sslcert", config.tls_cert);
    Set("sslkey", config.tls_key);
  }

  std::vector<std::pair<const char*, std::string>> words_;
};

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

Error PgsqlConnectionError(const PGconn* connection) {
  const std::string_view message = PQerrorMessage(connection);
  ServerTrouble trouble = ServerTrouble::kAway;
  if (Has(message, "certificate")) {
    trouble = ServerTrouble::kCertificate;
  } else if (Has(message, "does not support SSL")) {
    trouble = ServerTrouble::kTls;
  } else if (Has(message, "password") || Has(message, "pg_hba.conf") ||
             Has(message, "does not exist") || Has(message, "authentication")) {
    trouble = ServerTrouble::kLogin;
  }
  return ServerError("pgsql", trouble, message);
}

Error PgsqlError(const PGresult* result) {
  const auto field = [result](int code) -> std::string_view {
    const char* text = PQresultErrorField(result, code);
    return text == nullptr ? "" : text;
  };
  // The other fields of a message may quote values.
  const std::string_view message = field(PG_DIAG_MESSAGE_PRIMARY);
  const std::string_view state = field(PG_DIAG_SQLSTATE);
  ServerTrouble trouble = ServerTrouble::kOther;
  if (state == "42P01") {
    trouble = ServerTrouble::kNoTable;
  } else if (state == "42501") {
    trouble = ServerTrouble::kNoGrant;
  } else if (state.starts_with("22")) {
    trouble = ServerTrouble::kNoValue;
  } else if (message.empty()) {  // made by libpq, where the connection broke
    return ServerError("pgsql", ServerTrouble::kAway,
                       PQresultErrorMessage(result));
  }
  return ServerError("pgsql", trouble, message);
}

Result<PgsqlHandle> ConnectPgsql(const DatabaseConfig& config,
                                 const DatabaseTimeouts& timeouts) {
  if (Status there = CheckTlsFiles(config); !there) return there.error();
  const Deadline deadline(timeouts.connect_ms);
  PgsqlHandle connection = Keywords(config, timeouts).Start();
  RT_CHECK(connection != nullptr);
  if (PQstatus(connection.get()) == CONNECTION_BAD) {
    return PgsqlConnectionError(connection.get());
  }
  // libpq says nothing on stderr.
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  PostgresPollingStatusType next = PGRES_POLLING_WRITING;
  while (next != PGRES_POLLING_OK) {
    const short events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!AwaitSocket(PQsocket(connection.get()), events, deadline)) {
      return ServerError("pgsql", ServerTrouble::kAway,
                         "the server did not let us in within " +
                             std::to_string(timeouts.connect_ms) + " ms");
    }
    next = PQconnectPoll(connection.get());
    if (next == PGRES_POLLING_FAILED) {
      return PgsqlConnectionError(connection.get());
    }
  }
  if (PQsetnonblocking(connection.get(), 1) != 0) {
    return PgsqlConnectionError(connection.get());
  }
  return connection;
}

}  // namespace rt
