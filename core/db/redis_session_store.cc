#include "db/redis_session_store.h"

#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

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

bool IsAway(const SessionRead& read) {
  return !read.ok() && read.error().code == ErrorCode::kUnavailable;
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
      if (Status done = Expect(std::move(auth)); !done) return done;
    }
    if (config_.database == 0) return Status();
    return Expect({"SELECT", std::to_string(config_.database)});
  }

  SessionRead Read(const std::string& key) override {
    auto reply = Run(ReadingOf(key));
    if (!reply) return reply.error();
    return Session(**reply);
  }

  Result<std::vector<SessionRead>> ReadAll(
      const std::vector<std::string>& keys) override {
    std::vector<SessionRead> reads;
    reads.reserve(keys.size());
    while (reads.size() < keys.size()) {
      const size_t end = std::min(keys.size(), reads.size() + kPipelined);
      for (size_t i = reads.size(); i < end; ++i) {
        const Words words(ReadingOf(keys[i]));
        if (redisAppendCommandArgv(context_.get(), words.count(), words.data(),
                                   words.sizes()) != REDIS_OK) {
          return Failure(context_->errstr);
        }
      }
      while (reads.size() < end) {
        auto reply = Next();
        if (!reply) return reply.error();
        reads.push_back(Session(**reply));
        if (IsAway(reads.back())) return reads.back().error();
      }
    }
    return reads;
  }

  // Nothing is due: what there is to read is the end, or not for us.
  bool alive() override {
    pollfd socket{context_->fd, POLLIN, 0};
    return poll(&socket, 1, 0) == 0;
  }

 private:
  // Questions that wait for their answers at a time: some hundred bytes each.
  static constexpr size_t kPipelined = 100;

  // A command as hiredis wants it.
  class Words {
   public:
    explicit Words(std::vector<std::string> command)
        : command_(std::move(command)) {
      for (const std::string& word : command_) {
        data_.push_back(word.data());
        sizes_.push_back(word.size());
      }
    }
    Words(const Words&) = delete;
    Words& operator=(const Words&) = delete;

    [[nodiscard]] int count() const { return static_cast<int>(data_.size()); }
    [[nodiscard]] const char** data() const { return data_.data(); }
    [[nodiscard]] const size_t* sizes() const { return sizes_.data(); }

   private:
    std::vector<std::string> command_;
    mutable std::vector<const char*> data_;  // hiredis does not change it
    std::vector<size_t> sizes_;
  };

  // GETRANGE is GET with a bound: what nobody can want is not even sent.
  [[nodiscard]] std::vector<std::string> ReadingOf(
      const std::string& key) const {
    return {"GETRANGE", config_.prefix + key, "0",
            std::to_string(kMaxDataBytes)};
  }

  // An empty string is no session either, for Drupal stores none.
  [[nodiscard]] SessionRead Session(const redisReply& reply) const {
    if (reply.type == REDIS_REPLY_ERROR) {
      // Not a string, so not a session.
      if (KindOf(reply) == "WRONGTYPE") return SessionRead(std::nullopt);
      return Refusal(reply);
    }
    if (reply.type != REDIS_REPLY_STRING) return Failure("odd answer");
    if (reply.len > kMaxDataBytes) {
      return Error{ErrorCode::kLimit, "session data too large"};
    }
    if (reply.len == 0) return SessionRead(std::nullopt);
    return SessionRead(std::string(reply.str, reply.len));
  }

  Result<ReplyHandle> Run(std::vector<std::string> command) {
    const Words words(std::move(command));
    if (redisAppendCommandArgv(context_.get(), words.count(), words.data(),
                               words.sizes()) != REDIS_OK) {
      return Failure(context_->errstr);
    }
    return Next();
  }

  // Sends what was not sent, and waits for the next answer.
  Result<ReplyHandle> Next() {
    const SigpipeGuard guard;
    void* reply = nullptr;
    if (redisGetReply(context_.get(), &reply) != REDIS_OK || reply == nullptr) {
      return Failure(context_->errstr);
    }
    return ReplyHandle(static_cast<redisReply*>(reply));
  }

  Status Expect(std::vector<std::string> command) {
    auto reply = Run(std::move(command));
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
