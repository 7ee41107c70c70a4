#include "db/memcached_session_store.h"

#include <fmt/format.h>
#include <libmemcached/memcached.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rt {

namespace {

struct FreeMemcached {
  void operator()(memcached_st* memcached) const { memcached_free(memcached); }
};
struct FreeServers {
  void operator()(memcached_server_st* servers) const {
    memcached_server_list_free(servers);
  }
};
struct FreeValue {
  void operator()(char* value) const { std::free(value); }
};
using MemcachedHandle = std::unique_ptr<memcached_st, FreeMemcached>;
using ServersHandle = std::unique_ptr<memcached_server_st, FreeServers>;

Error Failure(const std::string& servers, memcached_return_t code) {
  return {ErrorCode::kUnavailable,
          fmt::format("memcached {}: {}", servers,
                      memcached_strerror(nullptr, code))};
}

class MemcachedSessionStore final : public SessionStore {
 public:
  MemcachedSessionStore(MemcachedHandle memcached, std::string servers)
      : memcached_(std::move(memcached)), servers_(std::move(servers)) {}

  // Connects to the key's server where it has not yet.
  SessionRead Read(const std::string& key) override {
    size_t size = 0;
    uint32_t flags = 0;
    memcached_return_t code = MEMCACHED_SUCCESS;
    const std::unique_ptr<char, FreeValue> value(memcached_get(
        memcached_.get(), key.data(), key.size(), &size, &flags, &code));
    switch (code) {
      case MEMCACHED_SUCCESS:
        break;
      case MEMCACHED_NOTFOUND:
      case MEMCACHED_BAD_KEY_PROVIDED:  // no key can be so, so no session is
      case MEMCACHED_KEY_TOO_BIG:
        return SessionRead(std::nullopt);
      default:
        return Failure(servers_, code);
    }
    return Session(std::string_view(value.get(), size));
  }

  // One by one: memcached_mget says nothing of a server that is away, as if
  // all of its sessions were over.
  Result<std::vector<SessionRead>> ReadAll(
      const std::vector<std::string>& keys) override {
    std::vector<SessionRead> reads;
    reads.reserve(keys.size());
    for (const std::string& key : keys) {
      reads.push_back(Read(key));
      const SessionRead& read = reads.back();
      if (!read && read.error().code == ErrorCode::kUnavailable) {
        return read.error();
      }
    }
    return reads;
  }

  // Only a question tells.
  bool alive() override { return true; }

 private:
  static SessionRead Session(std::string_view data) {
    // The server's own limit (-I), a MiB as a rule, came before this one.
    if (data.size() > kMaxDataBytes) {
      return Error{ErrorCode::kLimit, "session data too large"};
    }
    if (data.empty()) return SessionRead(std::nullopt);  // new, or in a lock
    return SessionRead(std::string(data));
  }

  const MemcachedHandle memcached_;
  const std::string servers_;
};

// As php-memcached does it, in the same order.
memcached_return_t Configure(memcached_st* memcached,
                             const SessionStoreConfig& config) {
  using Distribution = SessionStoreConfig::Distribution;
  constexpr uint64_t kMicroseconds = SessionStore::kTimeoutMs * 1000;
  struct Behavior {
    memcached_behavior_t name;
    uint64_t value;
  };
  std::vector<Behavior> behaviors = {
      {MEMCACHED_BEHAVIOR_VERIFY_KEY, 1},
      {MEMCACHED_BEHAVIOR_CONNECT_TIMEOUT, SessionStore::kTimeoutMs},
      {MEMCACHED_BEHAVIOR_POLL_TIMEOUT, SessionStore::kTimeoutMs},
      {MEMCACHED_BEHAVIOR_SND_TIMEOUT, kMicroseconds},
      {MEMCACHED_BEHAVIOR_RCV_TIMEOUT, kMicroseconds},
  };
  if (config.distribution == Distribution::kKetama) {
    behaviors.push_back({MEMCACHED_BEHAVIOR_KETAMA, 1});
  } else if (config.distribution == Distribution::kKetamaWeighted) {
    behaviors.push_back({MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED, 1});
  }
  for (const Behavior& behavior : behaviors) {
    const auto code =
        memcached_behavior_set(memcached, behavior.name, behavior.value);
    if (code != MEMCACHED_SUCCESS) return code;
  }
  if (config.prefix.empty()) return MEMCACHED_SUCCESS;
  // Not simply in front of the key, for it is left out of what is spread.
  return memcached_callback_set(memcached, MEMCACHED_CALLBACK_NAMESPACE,
                                config.prefix.c_str());
}

}  // namespace

Result<std::unique_ptr<SessionStore>> OpenMemcachedSessionStore(
    const SessionStoreConfig& config) {
  const std::string names = fmt::format("{}", fmt::join(config.servers, ","));
  MemcachedHandle memcached(memcached_create(nullptr));
  const ServersHandle servers(memcached_servers_parse(names.c_str()));
  if (memcached == nullptr || servers == nullptr) {
    return Error{ErrorCode::kUnavailable,
                 "memcached " + names + ": no list of servers"};
  }
  auto code = memcached_server_push(memcached.get(), servers.get());
  if (code == MEMCACHED_SUCCESS) code = Configure(memcached.get(), config);
  if (code != MEMCACHED_SUCCESS) return Failure(names, code);
  return std::unique_ptr<SessionStore>(
      std::make_unique<MemcachedSessionStore>(std::move(memcached), names));
}

}  // namespace rt
