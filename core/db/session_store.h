// The seam to the stores that keep sessions beside Drupal's database: one
// connection that finds a session's data by its id. One thread at a time;
// stores block, with time-outs, so never on a loop.
//
// What a key looks like (SessionStoreConfig::prefix, then the session's id as
// PHP has it, raw-URL-decoded and not hashed):
//
//   PHPREDIS_SESSION:ID  phpredis's session handler (redis_session.c) and
//                        drupal.org/project/redis_sessions, which sets it up
//   sf_sID               Symfony's RedisSessionHandler, as a service of the
//                        site's own or from the submodule of
//                        drupal.org/project/redis (merge request 9)
//   session_HASH         drupal.org/project/redis_session, by the hash that
//                        Drupal's own table has (Crypt::hashBase64)
//   memc.sess.key.ID     php-memcached (php_memcached_session.c)
//
// All of them keep what session.serialize_handler made, as one string. A key
// that has expired or was evicted is a session that is over.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "drupal/session_store_config.h"

namespace rt {

// A session's data, nothing where there is no such session, or why that is not
// known.
using SessionRead = Result<std::optional<std::string>>;

class SessionStore {
 public:
  virtual ~SessionStore() = default;

  // `key` is what comes behind the prefix. Messages of failures name neither
  // keys nor passwords. Fails with
  //   kLimit        the data has more than kMaxDataBytes,
  //   kUnavailable  anything else: the connection is to be given up.
  [[nodiscard]] virtual SessionRead Read(const std::string& key) = 0;

  // As Read for each of them, in few round trips where the store knows how.
  // Fails as a whole with kUnavailable.
  [[nodiscard]] virtual Result<std::vector<SessionRead>> ReadAll(
      const std::vector<std::string>& keys) = 0;

  // False where the server has closed the connection meanwhile.
  [[nodiscard]] virtual bool alive() = 0;

  static constexpr size_t kMaxDataBytes = 16 << 20;
  // How long a connection may take to come about, and an answer to arrive.
  // Then: kUnavailable.
  static constexpr int kTimeoutMs = 1000;
};

using SessionStoreOpener = std::function<Result<std::unique_ptr<SessionStore>>(
    const SessionStoreConfig& config)>;

// kUnavailable where the store cannot be reached, or lets nobody in.
// REQUIRES: a kind.
[[nodiscard]] Result<std::unique_ptr<SessionStore>> OpenSessionStore(
    const SessionStoreConfig& config);

}  // namespace rt
