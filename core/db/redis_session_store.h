// Sessions in Redis, over hiredis's blocking interface. See session_store.h.
#pragma once

#include <memory>

#include "base/result.h"
#include "db/session_store.h"

namespace rt {

[[nodiscard]] Result<std::unique_ptr<SessionStore>> OpenRedisSessionStore(
    const SessionStoreConfig& config);

}  // namespace rt
