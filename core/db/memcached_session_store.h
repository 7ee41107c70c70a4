// Sessions in memcached, over libmemcached, the library that php-memcached
// uses, too: set up alike, the two find a key on the same one of several
// servers. See session_store.h.
//
// Supported: any number of servers with weights, the three distributions that
// php.ini can choose. Not supported, since sessions then move between servers
// by what each PHP process has seen: memcached.sess_remove_failed_servers and
// memcached.sess_number_of_replicas. Nor SASL.
#pragma once

#include <memory>

#include "base/result.h"
#include "db/session_store.h"

namespace rt {

[[nodiscard]] Result<std::unique_ptr<SessionStore>> OpenMemcachedSessionStore(
    const SessionStoreConfig& config);

}  // namespace rt
