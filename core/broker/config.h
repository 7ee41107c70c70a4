// What a broker is told before it starts: a plain value, complete and checked.
// It comes from flags, environment and a TOML file over the defaults below, in
// this order of strength; core/broker/config_keys.h has the table of all keys.
// Immutable once loaded, so that any thread may read it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/log.h"
#include "base/result.h"
#include "hub/namespace_options.h"
#include "token/token_verifier.h"

namespace rt {

struct ClientConfig {
  std::vector<std::string> allowed_origins;        // beside the Host itself
  int64_t ping_interval_ms = kPingIntervalMs;      // 0: no pings
  int64_t pong_timeout_ms = kPongTimeoutMs;        // 0: pongs are not awaited
  int64_t stale_close_delay_ms = kStaleMs;         // without a connect command
  int64_t queue_max_size_bytes = kMaxQueuedBytes;  // above: slow, 3008
  int64_t channel_limit = kMaxChannelsPerClient;   // per client
  // Limits; 0: none.
  int64_t connection_limit = 0;       // per broker
  int64_t user_connection_limit = 0;  // per user of a site
  int64_t address_connection_limit = 0;
  int64_t connection_rate_limit = 0;  // new ones in a second, per broker
  int64_t command_rate_limit = 0;     // in a second, per connection
  int64_t command_burst = 0;          // at once; 0: a second's worth
  int64_t user_command_rate_limit = 0;
  int64_t user_command_burst = 0;
  int64_t error_rate_limit = 0;  // in a minute, per connection
  int64_t connection_max_age_ms = 0;
  int64_t expired_close_delay_ms = 25'000;
  TokenOptions token;  // jwks_json: what jwks_file holds
  std::string token_jwks_file;
  bool subscription_token_enabled = false;  // else they are as those above
  TokenOptions subscription_token;
  std::string subscription_token_jwks_file;
};

struct IdentityConfig {
  int64_t threads = 4;      // that ask databases, per broker
  int64_t connections = 4;  // to one site's database at once
  int64_t connect_timeout_ms = 3'000;
  int64_t query_timeout_ms = 5'000;
  int64_t cache_ttl_ms = 10'000;    // of an answer
  int64_t negative_ttl_ms = 2'000;  // of "no such session"
  int64_t queue = 4'096;            // look-ups waiting; above it: 3004 or 503
};

// TLS of the broker's own, beside the addresses without it.
struct TlsConfig {
  std::vector<std::string> listen;  // empty: none
  std::string certificate_file;
  std::string key_file;
  std::string min_version = "1.2";
};

struct Config {
  std::vector<std::string> listen{"127.0.0.1:8000"};  // IPv6 as [::1]:8000
  std::string internal = "127.0.0.1:8001";  // empty: on the listeners above
  std::string socket;        // empty before ResolvePaths() only (paths.h)
  std::string socket_group;  // empty: root and the own uid alone
  std::string state;         // empty before ResolvePaths() only (paths.h)
  int64_t workers = 0;       // 0: the cores; see worker_count()
  bool insecure = false;
  std::string test_echo;  // path of the echo; empty: none
  // Who may say whom a connection is from: addresses and ranges.
  std::vector<std::string> trusted_proxies;
  bool proxy_protocol = false;  // they do so before the first byte
  std::vector<std::string> site_files;
  int64_t sweep_interval_ms = 10'000;  // 0: none

  LogLevel log_level = LogLevel::kInfo;
  std::string log_file;  // empty: stderr
  bool log_json = false;

  TlsConfig tls;
  ClientConfig client;
  IdentityConfig identity;
  int64_t websocket_message_size_limit_bytes = kMaxClientMessageBytes;
  bool websocket_compression = false;
  int64_t websocket_compression_min_size_bytes = kMinDeflatedBytes;
  int64_t websocket_compression_level = 1;
  int64_t channel_max_length_bytes = kMaxChannelBytes;
  std::optional<NamespaceOptions> without_namespace;  // absent: 102
  std::vector<NamespaceOptions> namespaces;           // names are unique
  std::string http_api_key;  // empty: no key but those of sites
  bool http_api_transport_errors = false;
  int64_t shutdown_timeout_ms = 10'000;
  int64_t shutdown_batch_size = 128;  // clients bid farewell at a time
  int64_t shutdown_batch_delay_ms = 0;

  // Of this start alone; flags without a key.
  bool autostarted = false;  // by the extension: log in the state folder
  int ready_fd = -1;         // told "ready\n" once, then closed

  // `workers`, or the number of cores this process may use.
  [[nodiscard]] int worker_count() const;
};

// Where values come from. Keys are names of the table ("client.channel_limit").
struct ConfigSources {
  std::string file;                                // empty: none
  std::map<std::string, std::string> environment;  // all variables, unfiltered
  // By key, as text; a list has one text per element.
  std::map<std::string, std::vector<std::string>> flags;
};

struct LoadedConfig {
  Config config;
  std::vector<std::string> warnings;  // one sentence each
};

// Errors are kInvalid and say where (file:line, variable or flag), which key,
// what was expected, and the nearest key where one is unknown. Several
// mistakes in a file are all named, a line each.
Result<LoadedConfig> LoadConfig(const ConfigSources& sources);

// This process's environment, for ConfigSources.
[[nodiscard]] std::map<std::string, std::string> ProcessEnvironment();

// The documented defaults as TOML; it loads back to Config{}.
[[nodiscard]] std::string DefaultConfigToml();

}  // namespace rt
