#include "db/redis_session_store.h"

#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "db/sigpipe_guard.h"

namespace rt {

namespace {

struct FreeContext {
  void operator()(redisContext* context) const { redisFree(context); }
};
struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using ContextHandle = std::unique_ptr<redisContext, FreeContext>;
using ReplyHandle = std::unique_ptr<redisReply, FreeReply>;

timeval Timeout() {
  return {SessionStore::kTimeoutMs / 1000,
          (SessionStore::kTimeoutMs % 1000) * 1000};
}

// The first word of an error reply, which says its kind. The rest is not
// shown: Redis likes to quote the command's arguments, a session's id among
// them.
std::string_view KindOf(const redisReply& reply) {
  const std::string_view text(reply.str, reply.len);
  return text.substr(0, std::min(text.find(' '), size_t{32}));
}

// What an operator does about it.
std::string_view HintFor(std::string_view kind) {
  if (kind == "NOAUTH") return ": it wants a password (session.store)";
  if (kind == "WRONGPASS") return ": wrong user name or password";
  if (kind == "NOPERM") {
    return ": its user may not run GETRANGE on the sessions' keys";
  }
  if (kind == "LOADING") return ": it still loads its data";
  if (kind == "MOVED") return ": it is a cluster, which is not supported";
  return "";
}

class RedisSessionStore final : public SessionStore {
 public:
  RedisSessionStore(ContextHandle context, SessionStoreConfig config,
                    std::string where)
      : context_(std::move(context)),
        config_(std::move(config)),
        where_(std::move(where)) {}

  // Signs in and selects the database.
  Status Begin() {
    if (!config_.password.empty()) {
      std::vector<std::string> auth = {"AUTH"};
      if (!config_.username.empty()) auth.push_back(config_.username);
      auth.push_back(config_.password);
      if (Status done = Expect(auth); !done) return done;
    }
    if (config_.database == 0) return Status();
    return Expect({"SELECT", std::to_string(config_.database)});
  }

  // GETRANGE is GET with a bound: what nobody can want is not even sent. An
  // empty string is no session either, for Drupal stores none.
  SessionRead Read(const std::string& key) override {
    auto reply = Run(
        {"GETRANGE", config_.prefix + key, "0", std::to_string(kMaxDataBytes)});
    if (!reply) return reply.error();
    const redisReply& answer = **reply;
    if (answer.type == REDIS_REPLY_ERROR) {
      // Not a string, so not a session.
      if (KindOf(answer) == "WRONGTYPE") return SessionRead(std::nullopt);
      return Refusal(answer);
    }
    if (answer.type != REDIS_REPLY_STRING) return Failure("odd answer");
    if (answer.len > kMaxDataBytes) {
      return Error{ErrorCode::kLimit, "session data too large"};
    }
    if (answer.len == 0) return SessionRead(std::nullopt);
    return std::optional<std::string>(std::string(answer.str, answer.len));
  }

  // Nothing is due: what there is to read is the end, or not for us.
  bool alive() override {
    pollfd socket{context_->fd, POLLIN, 0};
    return poll(&socket, 1, 0) == 0;
  }

 private:
  Result<ReplyHandle> Run(const std::vector<std::string>& command) {
    std::vector<const char*> words;
    std::vector<size_t> sizes;
    for (const std::string& word : command) {
      words.push_back(word.data());
      sizes.push_back(word.size());
    }
    const SigpipeGuard guard;
    ReplyHandle reply(static_cast<redisReply*>(
        redisCommandArgv(context_.get(), static_cast<int>(words.size()),
                         words.data(), sizes.data())));
    if (reply != nullptr) return reply;
    return Failure(context_->errstr);
  }

  Status Expect(const std::vector<std::string>& command) {
    auto reply = Run(command);
    if (!reply) return reply.error();
    if ((*reply)->type == REDIS_REPLY_ERROR) return Refusal(**reply);
    return Status();
  }

  [[nodiscard]] Error Failure(std::string_view why) const {
    return {ErrorCode::kUnavailable, fmt::format("redis {}: {}", where_, why)};
  }
  [[nodiscard]] Error Refusal(const redisReply& reply) const {
    const std::string_view kind = KindOf(reply);
    return Failure(fmt::format("answers {}{}", kind, HintFor(kind)));
  }

  const ContextHandle context_;
  const SessionStoreConfig config_;
  const std::string where_;
};

}  // namespace

Result<std::unique_ptr<SessionStore>> OpenRedisSessionStore(
    const SessionStoreConfig& config) {
  const std::string where = config.socket.empty()
                                ? fmt::format("{}:{}", config.host, config.port)
                                : config.socket;
  ContextHandle context(
      config.socket.empty()
          ? redisConnectWithTimeout(config.host.c_str(), config.port, Timeout())
          : redisConnectUnixWithTimeout(config.socket.c_str(), Timeout()));
  if (context == nullptr || context->err != 0 ||
      redisSetTimeout(context.get(), Timeout()) != REDIS_OK) {
    return Error{ErrorCode::kUnavailable,
                 fmt::format("redis {}: {}", where,
                             context ? context->errstr : "out of memory")};
  }
  auto store =
      std::make_unique<RedisSessionStore>(std::move(context), config, where);
  if (Status begun = store->Begin(); !begun) return begun.error();
  return std::unique_ptr<SessionStore>(std::move(store));
}

}  // namespace rt
