// Commands in, replies out, in one of the protocol's encodings. A codec has no
// state: one object serves every session of its kind, on any thread.
//
// Encoders append one reply to `out` without a separator or frame: JSON without
// any line feed, so that replies can be joined by one; Protobuf without its
// length prefix. Zero values are left out, but for those the schema says are
// always there.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/client_protocol.h"
#include "wire/json_text.h"

namespace rt {

class ClientProtocolCodec {
 public:
  virtual ~ClientProtocolCodec() = default;

  // Hands each command of a message to `on_command` in order, until that
  // returns false. kInvalid for anything that is not well-formed (an empty
  // message, an empty line in the middle, bad JSON, a body of a wrong type),
  // in which case commands before it were handed on already.
  virtual Status Decode(
      std::string_view message,
      const std::function<bool(Command&& command)>& on_command) const = 0;

  virtual void AppendError(uint32_t id, const ProtocolError& error,
                           std::string* out) const = 0;
  virtual void AppendConnect(uint32_t id, const ConnectResult& result,
                             std::string* out) const = 0;
  virtual void AppendSubscribe(uint32_t id, const SubscribeResult& result,
                               std::string* out) const = 0;
  // {"id":N,"unsubscribe":{}} and the like.
  virtual void AppendEmpty(uint32_t id, Command::Kind kind,
                           std::string* out) const = 0;
  virtual void AppendPresence(uint32_t id, const PresenceResult& result,
                              std::string* out) const = 0;
  virtual void AppendPresenceStats(uint32_t id, const PresenceStats& result,
                                   std::string* out) const = 0;
  virtual void AppendHistory(uint32_t id, const HistoryResult& result,
                             std::string* out) const = 0;
  virtual void AppendRpc(uint32_t id, std::string_view data,
                         std::string* out) const = 0;
  virtual void AppendRefresh(uint32_t id, const RefreshResult& result,
                             std::string* out) const = 0;
  virtual void AppendSubRefresh(uint32_t id, const SubRefreshResult& result,
                                std::string* out) const = 0;
  // An empty reply: `{}`, or nothing at all in Protobuf.
  virtual void AppendPing(std::string* out) const = 0;

  // Pushes.
  virtual void AppendPublicationPush(std::string_view channel,
                                     const Publication& publication,
                                     std::string* out) const = 0;
  virtual void AppendJoinPush(std::string_view channel, const ClientInfo& info,
                              std::string* out) const = 0;
  virtual void AppendLeavePush(std::string_view channel, const ClientInfo& info,
                               std::string* out) const = 0;
  virtual void AppendSubscribePush(std::string_view channel,
                                   const SubscribeResult& result,
                                   std::string* out) const = 0;
  virtual void AppendUnsubscribePush(std::string_view channel, uint32_t code,
                                     std::string_view reason,
                                     std::string* out) const = 0;
  virtual void AppendMessagePush(std::string_view data,
                                 std::string* out) const = 0;
  virtual void AppendRefreshPush(bool expires, uint32_t ttl,
                                 std::string* out) const = 0;
  virtual void AppendDisconnectPush(uint32_t code, std::string_view reason,
                                    std::string* out) const = 0;

  // A publication alone, as it stands inside a push.
  virtual void AppendPublication(const Publication& publication,
                                 std::string* out) const = 0;

  [[nodiscard]] virtual Encoding encoding() const = 0;
  // Bare pushes, and a connect request instead of commands.
  [[nodiscard]] virtual bool unidirectional() const { return false; }
};

// They live as long as the program.
[[nodiscard]] const ClientProtocolCodec& JsonCodec();
[[nodiscard]] const ClientProtocolCodec& ProtobufCodec();
// JSON for clients that only listen: a message is one ConnectRequest (empty:
// all of it left out), which comes out as a connect command with id 1; the
// connect reply and pushes are bare Push objects, never with `pong`. Errors
// have no form here: the session makes them disconnects.
[[nodiscard]] const ClientProtocolCodec& UniJsonCodec();

}  // namespace rt
