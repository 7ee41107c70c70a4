#include "db/session_store.h"

#include "db/memcached_session_store.h"
#include "db/redis_session_store.h"

namespace rt {

Result<std::unique_ptr<SessionStore>> OpenSessionStore(
    const SessionStoreConfig& config) {
  switch (config.kind) {
    case SessionStoreConfig::Kind::kRedis:
      return OpenRedisSessionStore(config);
    case SessionStoreConfig::Kind::kMemcached:
      return OpenMemcachedSessionStore(config);
    case SessionStoreConfig::Kind::kNone:
      break;
  }
  return Error{ErrorCode::kInternal, "no session store is configured"};
}

}  // namespace rt
