// Where a site keeps its sessions, where that is not its database: the
// handlers that PHP's own extensions bring. A plain value, part of SiteLogin.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rt {

struct SessionStoreConfig {
  enum class Kind { kNone, kRedis, kMemcached };
  // How memcached's keys are spread over several servers; PHP's
  // memcached.sess_consistent_hash and sess_consistent_hash_type.
  enum class Distribution { kKetama, kKetamaWeighted, kModula };

  static constexpr char kRedisHandler[] = "redis";
  static constexpr char kMemcachedHandler[] = "memcached";

  Kind kind = Kind::kNone;  // none given, though the handler asks for one

  std::string host = "127.0.0.1";
  uint16_t port = 6379;
  std::string socket;  // instead of host and port
  std::string username;
  std::string password;
  int database = 0;
  bool tls = false;

  // memcached's, spelt as in session.save_path: "host:port", "host:port:weight"
  // or a socket's path. Their order and spelling decide where a key lies.
  std::vector<std::string> servers;
  Distribution distribution = Distribution::kKetama;

  std::string prefix;       // what a key begins with
  bool hashed_ids = false;  // a key ends with Drupal's hash, not the id itself

  bool operator==(const SessionStoreConfig&) const = default;

  // The handlers that have a store of this kind.
  [[nodiscard]] static Kind KindOf(std::string_view handler) {
    if (handler == kRedisHandler) return Kind::kRedis;
    return handler == kMemcachedHandler ? Kind::kMemcached : Kind::kNone;
  }
};

}  // namespace rt
