// What the broker has to know of a site in order to say who a browser is:
// the part of the site document that login needs. A plain value, shared
// between threads as const.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "drupal/node_rules.h"
#include "drupal/role_map.h"
#include "drupal/session_store_config.h"

namespace rt {

// How to reach Drupal's database, in the words of its settings.php.
struct DatabaseConfig {
  std::string driver;  // "sqlite", "mysql", "pgsql"; empty: none given
  std::string path;    // sqlite; relative to the broker's folder, or absolute
  std::string host;
  uint16_t port = 0;  // 0: the driver's own
  std::string socket;
  std::string database;
  std::string username;
  std::string password;
  // One for all tables, and Drupal 7's exceptions by bare table name.
  std::string prefix;
  std::map<std::string, std::string> table_prefixes;
  std::string schema;  // pgsql
  bool tls = false;
  bool tls_verify = true;
  std::string tls_ca, tls_cert, tls_key;

  bool operator==(const DatabaseConfig&) const = default;
};

struct SiteLogin {
  static constexpr char kCoreHandler[] =
      "Drupal\\Core\\Session\\SessionHandler";
  static constexpr char kDrupal7Handler[] = "drupal7";

  std::string key;
  std::vector<std::string> hosts;  // lower case, `host[:port]`, main one first
  // Cookie names to look for, in order; empty: derived from the host.
  std::vector<std::string> cookies_http;
  std::vector<std::string> cookies_https;
  int schema = 10;  // 7, or 10 for Drupal 8 and later
  std::string session_handler = kCoreHandler;
  std::string serializer = "php";
  // For the handlers "redis" and "memcached".
  SessionStoreConfig session_store;
  // 7's variables do_not_hash_session_ids (the other way round) and https.
  bool hashed_ids = true;
  bool mixed_mode = false;
  bool super_user = true;  // uid 1 may do all
  bool anonymous = true;   // visitors without a login may connect
  DatabaseConfig database;
  // Effective permissions as Drupal sees them; nothing: read the database.
  std::optional<RoleMap> roles;
  // Who decides what may be done with a node.
  NodeDeciders node_deciders = NodeDeciders::kPhp;
};

// Ok where the site's sessions can be read natively; else the reason why its
// browsers need tokens, for the log and the status report.
[[nodiscard]] Status NativeLoginRefused(const SiteLogin& site);

// Are sessions found by the very id, and not by a hash of it? Then the id has
// to be remembered for as long as the session is somebody's.
[[nodiscard]] bool FindsSessionsById(const SiteLogin& site);

// Ok where its database can be read: accounts, roles, permissions.
[[nodiscard]] Status DatabaseRefused(const SiteLogin& site);

// The cookie names to look for, in order. `page_host` is the host of the page
// (of its Origin), with its port where it has one: names that the document
// does not give are derived from it, and where it is empty from all hosts.
[[nodiscard]] std::vector<std::string> CookieNames(const SiteLogin& site,
                                                   std::string_view page_host,
                                                   bool https);

}  // namespace rt
