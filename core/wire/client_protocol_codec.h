// Commands in, replies out, in one of the protocol's encodings. A codec has no
// state: one object serves every session of its kind, on any thread.
//
// Encoders append one reply to `out` without a separator or frame: JSON without
// any line feed, so that replies can be joined by one. Zero values are left
// out, but for those the schema says are always there.
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

  // Joins replies in one message: what stands between two of them in JSON is
  // one line feed; Protobuf has length prefixes instead.
  virtual void AppendSeparated(std::string_view reply,
                               std::string* out) const = 0;

  virtual void AppendError(uint32_t id, const ProtocolError& error,
                           std::string* out) const = 0;
  virtual void AppendConnect(uint32_t id, const ConnectResult& result,
                             std::string* out) const = 0;
  virtual void AppendSubscribe(uint32_t id, const SubscribeResult& result,
                               std::string* out) const = 0;
  // {"id":N,"unsubscribe":{}} and the like.
  virtual void AppendEmpty(uint32_t id, Command::Kind kind,
                           std::string* out) const = 0;
  virtual void AppendPing(std::string* out) const = 0;

  virtual void AppendPublicationPush(std::string_view channel,
                                     const Publication& publication,
                                     std::string* out) const = 0;
  virtual void AppendUnsubscribePush(std::string_view channel, uint32_t code,
                                     std::string_view reason,
                                     std::string* out) const = 0;
  virtual void AppendDisconnectPush(uint32_t code, std::string_view reason,
                                    std::string* out) const = 0;
};

// The JSON codec; lives as long as the program.
[[nodiscard]] const ClientProtocolCodec& JsonCodec();

}  // namespace rt
