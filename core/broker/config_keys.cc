#include "broker/config_keys.h"

#include <algorithm>
#include <limits>

namespace rt {

namespace {

constexpr int64_t kHourMs = 3'600'000;

// Shorthand for the table's places: IN(client.channel_limit).
#define IN(field) [](Config* c) { return &c->field; }

// Sections are contiguous and keys without one come first, as in TOML.
const ConfigKey kKeys[] = {
    {"listen", KeyType::kAddresses, IN(listen), 0, 0, nullptr,
     "Addresses that browsers connect to. Loopback needs a web server in front "
     "of it for anybody else to get in.",
     false},
    {"internal", KeyType::kAddress, IN(internal), 0, 0,
     "on the addresses of listen",
     "Address of the HTTP API, metrics and readiness. Never open it to the "
     "world.",
     false},
    {"socket", KeyType::kString, IN(socket), 0, 0,
     "/run/drupalrt/drupalrt.sock where /run/drupalrt exists, else "
     "/tmp/drupalrt-UID/s",
     "Unix socket that PHP publishes to. The extension's drupalrt.socket must "
     "name the same.",
     false},
    {"socket_group", KeyType::kString, IN(socket_group), 0, 0,
     "nobody but root and the broker's own user",
     "Group, by name or number, whose members may use the socket.", false},
    {"state", KeyType::kString, IN(state), 0, 0,
     "/var/lib/drupalrt where writable, else drupalrt-UID in the user's state "
     "folder",
     "Folder of what outlives the broker: registered sites, the pid file, the "
     "log of a broker that PHP started.",
     false},
    {"workers", KeyType::kInteger, IN(workers), 1, 256, "one per core",
     "Threads that serve browsers.", false},
    {"insecure", KeyType::kBool, IN(insecure), 0, 0, nullptr,
     "Anyone may connect, subscribe and publish anywhere. For tests alone.",
     false},
    {"test_echo", KeyType::kPath, IN(test_echo), 0, 0, "none",
     "Path of a WebSocket echo on the public addresses, for test suites.",
     false},
    {"trusted_proxies", KeyType::kRanges, IN(trusted_proxies), 0, 0, nullptr,
     "Addresses and ranges of proxies whose word counts on whom a request is "
     "from: X-Forwarded-For, -Proto and -Host, or Forwarded. Of anybody else's "
     "they are ignored. Loopback is not among them unless it is named.",
     false},
    {"proxy_protocol", KeyType::kBool, IN(proxy_protocol), 0, 0, nullptr,
     "Connections from trusted_proxies begin with a PROXY header (version 1 or "
     "2), on listen and tls.listen; without a good one they are closed.",
     false},
    {"sites", KeyType::kStrings, IN(site_files), 0, 0, nullptr,
     "Files with site documents. They are read at start and never written.",
     false},
    {"sweep_interval", KeyType::kDuration, IN(sweep_interval_ms), 100, kHourMs,
     "no sweeps: such changes wait for the next connection",
     "How soon a change made behind Drupal's back (SQL, sessions that expired, "
     "all of Drupal 7) reaches those who are connected.",
     false},

    {"tls.listen", KeyType::kTlsListen, IN(tls.listen), 0, 0, nullptr,
     "Addresses for browsers under TLS (https, wss), beside those of listen.",
     false},
    {"tls.cert", KeyType::kString, IN(tls.certificate_file), 0, 0, nullptr,
     "File with the certificate and those that sign it, in PEM. Read anew when "
     "it changes.",
     false},
    {"tls.key", KeyType::kString, IN(tls.key_file), 0, 0, nullptr,
     "File with the certificate's key, in PEM and without a passphrase.",
     false},
    {"tls.min_version", KeyType::kTlsVersion, IN(tls.min_version), 0, 0,
     nullptr, "Oldest version that a client may have: 1.2 or 1.3.", false},

    {"log.level", KeyType::kLogLevel, IN(log_level), 0, 0, nullptr,
     "How much is logged: debug, info, warning, error or off.", false},
    {"log.json", KeyType::kBool, IN(log_json), 0, 0, nullptr,
     "Each line of the log is a JSON object with time, level and message.",
     false},
    {"log.file", KeyType::kString, IN(log_file), 0, 0,
     "stderr; drupalrtd.log in the state folder for a broker that PHP started",
     "File that the log is appended to.", false},

    {"client.allowed_origins", KeyType::kOrigins, IN(client.allowed_origins), 0,
     0, nullptr,
     "Origins that may connect beside the page's own host, such as "
     "\"https://example.com\". Sites name theirs in their documents.",
     false},
    {"client.ping_interval", KeyType::kDuration, IN(client.ping_interval_ms),
     1'000, kHourMs, "no pings",
     "How often a client is pinged, in whole seconds.", false},
    {"client.pong_timeout", KeyType::kDuration, IN(client.pong_timeout_ms),
     1'000, kHourMs, "answers are not awaited",
     "How long a client may take to answer a ping before it is closed with "
     "3012. Less than client.ping_interval.",
     false},
    {"client.stale_close_delay", KeyType::kDuration,
     IN(client.stale_close_delay_ms), 1'000, kHourMs, nullptr,
     "How long a client may take to send a good connect command before it is "
     "closed with 3502.",
     false},
    {"client.queue_max_size", KeyType::kSize, IN(client.queue_max_size_bytes),
     4'096, 1LL << 30, nullptr,
     "Bytes that may wait for a client that reads slowly; above, it is closed "
     "with 3008 and recovers.",
     false},
    {"client.channel_limit", KeyType::kInteger, IN(client.channel_limit), 1,
     65'536, nullptr, "Channels that one client may subscribe to; above: 106.",
     false},
    {"client.connection_limit", KeyType::kInteger, IN(client.connection_limit),
     1, 10'000'000, "no limit",
     "Clients of the whole broker at a time; above, new ones are refused.",
     false},

    {"client.user_connection_limit", KeyType::kInteger,
     IN(client.user_connection_limit), 1, 10'000'000, "no limit",
     "Connections of one user at a time; above, the new one is closed with "
     "3504.",
     false},
    {"client.address_connection_limit", KeyType::kInteger,
     IN(client.address_connection_limit), 1, 10'000'000, "no limit",
     "Clients of one address at a time, of IPv6 of one /64; above, new ones "
     "are "
     "refused with 503.",
     false},
    {"client.connection_rate_limit", KeyType::kInteger,
     IN(client.connection_rate_limit), 1, 10'000'000, "no limit",
     "New connections in a second; above, they are refused with 503 and come "
     "back.",
     false},
    {"client.command_rate_limit", KeyType::kInteger,
     IN(client.command_rate_limit), 1, 1'000'000, "no limit",
     "Commands of one connection in a second; above, they are answered with "
     "error 111.",
     false},
    {"client.command_burst", KeyType::kInteger, IN(client.command_burst), 1,
     1'000'000, "a second's worth", "How many of them may come at once.",
     false},
    {"client.user_command_rate_limit", KeyType::kInteger,
     IN(client.user_command_rate_limit), 1, 1'000'000, "no limit",
     "Commands in a second of all of a user's connections together; above: "
     "error 111.",
     false},
    {"client.user_command_burst", KeyType::kInteger,
     IN(client.user_command_burst), 1, 1'000'000, "a second's worth",
     "How many of them may come at once.", false},
    {"client.error_rate_limit", KeyType::kInteger, IN(client.error_rate_limit),
     1, 1'000'000, "no limit",
     "Errors that one connection may cause in a minute; above, it is closed "
     "with 3509.",
     false},
    {"client.connection_max_age", KeyType::kDuration,
     IN(client.connection_max_age_ms), 1'000, 30LL * 24 * kHourMs, "no limit",
     "Age at which a connection is told to come back (3011), give or take a "
     "tenth.",
     false},
    {"client.expired_close_delay", KeyType::kDuration,
     IN(client.expired_close_delay_ms), 1'000, kHourMs, "at once",
     "How long a client whose token is over may take to bring another.", false},

    {"client.token.hmac_secret_key", KeyType::kString,
     IN(client.token.hmac_secret), 0, 0, "no such token is good",
     "Key of connection and subscription tokens (HS256, HS384, HS512) that "
     "belong to no site.",
     true},
    {"client.token.hmac_previous_secret_key", KeyType::kString,
     IN(client.token.previous_hmac_secret), 0, 0, nullptr,
     "The key before, good too while tokens under it are still about.", true},
    {"client.token.rsa_public_key", KeyType::kString,
     IN(client.token.rsa_public_key), 0, 0, nullptr,
     "Public key in PEM of tokens signed with RS256, RS384 or RS512.", false},
    {"client.token.ecdsa_public_key", KeyType::kString,
     IN(client.token.ecdsa_public_key), 0, 0, nullptr,
     "Public key in PEM of tokens signed with ES256, ES384 or ES512.", false},
    {"client.token.jwks_file", KeyType::kString, IN(client.token_jwks_file), 0,
     0, nullptr,
     "File with a set of public keys (JWKS: RSA, EC, Ed25519), read at start.",
     false},
    {"client.token.audience", KeyType::kString, IN(client.token.audience), 0, 0,
     "any", "What the aud claim must name.", false},
    {"client.token.issuer", KeyType::kString, IN(client.token.issuer), 0, 0,
     "any", "What the iss claim must be.", false},

    {"client.subscription_token.enabled", KeyType::kBool,
     IN(client.subscription_token_enabled), 0, 0, nullptr,
     "Subscription tokens have keys of their own, below; else they are under "
     "those of client.token.",
     false},
    {"client.subscription_token.hmac_secret_key", KeyType::kString,
     IN(client.subscription_token.hmac_secret), 0, 0, nullptr,
     "As client.token.hmac_secret_key.", true},
    {"client.subscription_token.hmac_previous_secret_key", KeyType::kString,
     IN(client.subscription_token.previous_hmac_secret), 0, 0, nullptr,
     "As client.token.hmac_previous_secret_key.", true},
    {"client.subscription_token.rsa_public_key", KeyType::kString,
     IN(client.subscription_token.rsa_public_key), 0, 0, nullptr,
     "As client.token.rsa_public_key.", false},
    {"client.subscription_token.ecdsa_public_key", KeyType::kString,
     IN(client.subscription_token.ecdsa_public_key), 0, 0, nullptr,
     "As client.token.ecdsa_public_key.", false},
    {"client.subscription_token.jwks_file", KeyType::kString,
     IN(client.subscription_token_jwks_file), 0, 0, nullptr,
     "As client.token.jwks_file.", false},
    {"client.subscription_token.audience", KeyType::kString,
     IN(client.subscription_token.audience), 0, 0, "any",
     "As client.token.audience.", false},
    {"client.subscription_token.issuer", KeyType::kString,
     IN(client.subscription_token.issuer), 0, 0, "any",
     "As client.token.issuer.", false},

    {"websocket.message_size_limit", KeyType::kSize,
     IN(websocket_message_size_limit_bytes), 128, 64LL << 20, nullptr,
     "Bytes of a client's message; above, it is closed with 1009.", false},
    {"websocket.compression", KeyType::kBool, IN(websocket_compression), 0, 0,
     nullptr,
     "Compresses (permessage-deflate) where clients offer it. A publication is "
     "compressed once for all of them.",
     false},
    {"websocket.compression_min_size", KeyType::kSize,
     IN(websocket_compression_min_size_bytes), 1, 1LL << 30, nullptr,
     "Bytes from which on a message is compressed; what would not become "
     "smaller never is.",
     false},
    {"websocket.compression_level", KeyType::kInteger,
     IN(websocket_compression_level), 1, 9, nullptr,
     "How hard to try: 1 is fast, 9 small.", false},

    {"identity.threads", KeyType::kInteger, IN(identity.threads), 1, 64,
     nullptr,
     "Threads that ask the sites' databases who somebody is. No site has all "
     "of them.",
     false},
    {"identity.connections", KeyType::kInteger, IN(identity.connections), 1, 64,
     nullptr,
     "Connections to the database of one site at once, and threads that may "
     "ask it.",
     false},
    {"identity.connect_timeout", KeyType::kDuration,
     IN(identity.connect_timeout_ms), 100, 60'000, nullptr,
     "How long a database server may take to let the broker in.", false},
    {"identity.query_timeout", KeyType::kDuration,
     IN(identity.query_timeout_ms), 100, 60'000, nullptr,
     "How long a database may take for one query. Then, as where it is away, "
     "new connections are told to come back.",
     false},
    {"identity.cache_ttl", KeyType::kDuration, IN(identity.cache_ttl_ms), 1,
     kHourMs, "every connection asks",
     "How long an answer is good for further connections of the session. A "
     "logout or a changed right that the site reports ends it at once.",
     false},
    {"identity.negative_ttl", KeyType::kDuration, IN(identity.negative_ttl_ms),
     1, kHourMs, "every connection asks",
     "How long \"no such session\" is good.", false},
    {"identity.queue", KeyType::kInteger, IN(identity.queue), 1, 1'000'000,
     nullptr,
     "Questions that may wait for a thread, of one site three quarters; above, "
     "new connections are told to come back.",
     false},

    {"channel.max_length", KeyType::kInteger, IN(channel_max_length_bytes), 1,
     kMaxChannelBytes, nullptr, "Bytes of a channel's name; above: 107.",
     false},
    {"channel.without_namespace", KeyType::kNamespace, IN(without_namespace), 0,
     0, "such channels are unknown (102)",
     "Options of channels without a colon, as a table like those of "
     "channel.namespaces but without a name.",
     false},
    {"channel.namespaces", KeyType::kNamespaces, IN(namespaces), 0, 0, nullptr,
     "Namespaces beside those of sites: an array of tables with the options "
     "of a site document's namespaces.",
     false},

    {"http_api.key", KeyType::kString, IN(http_api_key), 0, 0,
     "the API takes the keys of sites alone",
     "Key that opens the HTTP API for channels that belong to no site.", true},
    {"http_api.transport_errors", KeyType::kBool, IN(http_api_transport_errors),
     0, 0, nullptr,
     "Errors of the HTTP API are HTTP statuses; else they come with 200, as "
     "{\"error\": …}. The header X-Centrifugo-Error-Mode decides for a call.",
     false},

    {"shutdown.timeout", KeyType::kDuration, IN(shutdown_timeout_ms), 1,
     kHourMs, "at once",
     "How long clients may take to read what they were sent, at a stop.",
     false},
    {"shutdown.batch_size", KeyType::kInteger, IN(shutdown_batch_size), 1,
     1'000'000, nullptr,
     "Clients of one worker that are told to come back at a time, in random "
     "order.",
     false},
    {"shutdown.batch_delay", KeyType::kDuration, IN(shutdown_batch_delay_ms), 1,
     10'000, "none",
     "Time between two such batches, so that not all come back at once.",
     false},
};

#undef IN

}  // namespace

std::span<const ConfigKey> ConfigKeys() { return kKeys; }

const ConfigKey* FindConfigKey(std::string_view name) {
  for (const ConfigKey& key : kKeys) {
    if (name == key.name) return &key;
  }
  return nullptr;
}

std::vector<std::string> ConfigKeyNames() {
  std::vector<std::string> names;
  for (const ConfigKey& key : kKeys) names.emplace_back(key.name);
  return names;
}

std::string EnvironmentName(const ConfigKey& key) {
  std::string name = "DRUPALRT_";
  for (const char* letter = key.name; *letter != '\0'; ++letter) {
    const bool lower = *letter >= 'a' && *letter <= 'z';
    const bool sign = *letter == '.' || *letter == '-';
    name += sign ? '_' : lower ? static_cast<char>(*letter - 32) : *letter;
  }
  return name;
}

std::string FlagName(const ConfigKey& key) {
  const bool table =
      key.type == KeyType::kNamespace || key.type == KeyType::kNamespaces;
  if (key.secret || table) return {};
  std::string name = key.name;
  if (name == "sites") name = "site";
  std::replace(name.begin(), name.end(), '.', '-');
  std::replace(name.begin(), name.end(), '_', '-');
  return "--" + name;
}

}  // namespace rt
