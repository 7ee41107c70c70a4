#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include "base/check.h"
#include "base/limits.h"
#include "wire/client_protocol_codec.h"
#include "wire/encoded_push.h"
#include "wire/protobuf_commands.h"

namespace rt {

namespace {

using protozero::pbf_writer;

// Writers that leave zeros out, as the schema does.
void Text(pbf_writer* to, uint32_t field, std::string_view text) {
  if (!text.empty()) to->add_bytes(field, text.data(), text.size());
}
void Number(pbf_writer* to, uint32_t field, uint64_t number) {
  if (number != 0) to->add_uint64(field, number);
}
void True(pbf_writer* to, uint32_t field, bool value) {
  if (value) to->add_bool(field, true);
}

void WriteInfo(const ClientInfo& info, pbf_writer* to) {
  Text(to, 1, info.user);
  Text(to, 2, info.client);
  Text(to, 3, info.conn_info);
  Text(to, 4, info.chan_info);
}

void WritePublication(const Publication& publication, pbf_writer* to) {
  Text(to, 4, publication.data);
  if (publication.info.has_value()) {
    pbf_writer info(*to, 5);
    WriteInfo(*publication.info, &info);
  }
  Number(to, 6, publication.offset);
  for (const auto& [name, value] : publication.tags) {
    pbf_writer entry(*to, 7);
    Text(&entry, 1, name);
    Text(&entry, 2, value);
  }
  True(to, 8, publication.delta);
  Text(to, 14, publication.epoch);
}

void WritePublications(const std::vector<PublicationInForm>& publications,
                       uint32_t field, pbf_writer* to) {
  for (const PublicationInForm& one : publications) {
    const std::string_view bytes = one.push->Publication(one.form);
    to->add_message(field, bytes.data(), bytes.size());
  }
}

void WriteSubscribe(const SubscribeResult& result, pbf_writer* to) {
  True(to, 1, result.expires);
  Number(to, 2, result.ttl);
  True(to, 3, result.recoverable);
  Text(to, 6, result.epoch);
  WritePublications(result.publications, 7, to);
  True(to, 8, result.recovered);
  Number(to, 9, result.offset);
  True(to, 10, result.positioned);
  Text(to, 11, result.data);
  True(to, 12, result.was_recovering);
  True(to, 13, result.delta);
}

void WriteConnect(const ConnectResult& result, pbf_writer* to) {
  Text(to, 1, result.client);
  Text(to, 2, result.version);
  True(to, 3, result.expires);
  Number(to, 4, result.ttl);
  Text(to, 5, result.data);
  for (const auto& [channel, sub] : result.subs) {
    pbf_writer entry(*to, 6);
    Text(&entry, 1, channel);
    pbf_writer body(entry, 2);
    WriteSubscribe(sub, &body);
  }
  Number(to, 7, result.ping_seconds);
  True(to, 8, result.pong);
  Text(to, 9, result.session);
  Text(to, 10, result.node);
}

// The field of a reply's body.
uint32_t BodyField(Command::Kind kind) {
  switch (kind) {
    case Command::Kind::kConnect:
      return 5;
    case Command::Kind::kSubscribe:
      return 6;
    case Command::Kind::kUnsubscribe:
      return 7;
    case Command::Kind::kPublish:
      return 8;
    case Command::Kind::kPresence:
      return 9;
    case Command::Kind::kPresenceStats:
      return 10;
    case Command::Kind::kHistory:
      return 11;
    case Command::Kind::kRpc:
      return 13;
    case Command::Kind::kRefresh:
      return 14;
    case Command::Kind::kSubRefresh:
      return 15;
    default:
      return 0;
  }
}

// Writes a message into a field by `write(pbf_writer*)`, an empty one too: the
// library would leave that out, and with it what the reply is about.
template <typename Write>
void Message(pbf_writer* to, uint32_t field, std::string* out, Write write) {
  const size_t before = out->size();
  {
    pbf_writer message(*to, field);
    write(&message);
  }
  if (out->size() == before) to->add_message(field, "", 0);
}

template <typename Write>
void Reply(uint32_t id, uint32_t field, std::string* out, Write write) {
  pbf_writer reply(*out);
  if (id != 0) reply.add_uint32(1, id);
  Message(&reply, field, out, write);
}

// Writes a push to a channel (empty: none) with its content in `field`.
template <typename Write>
void Push(std::string_view channel, uint32_t field, std::string* out,
          Write write) {
  Reply(0, 4, out, [&](pbf_writer* push) {
    Text(push, 2, channel);
    Message(push, field, out, write);
  });
}

class ProtobufClientProtocolCodec final : public ClientProtocolCodec {
 public:
  Status Decode(
      std::string_view message,
      const std::function<bool(Command&& command)>& on_command) const override {
    if (message.empty()) {
      return Error{ErrorCode::kInvalid, "an empty message"};
    }
    while (!message.empty()) {
      std::string_view body;
      Command command;
      if (!TakeDelimited(&message, &body) ||
          !ParseProtobufCommand(body, &command)) {
        return Error{ErrorCode::kInvalid, "not a command in Protobuf"};
      }
      if (!on_command(std::move(command))) return {};
    }
    return {};
  }

  void AppendError(uint32_t id, const ProtocolError& error,
                   std::string* out) const override {
    Reply(id, 2, out, [&](pbf_writer* body) {
      Number(body, 1, error.code);
      Text(body, 2, error.message);
      True(body, 3, error.temporary);
    });
  }
  void AppendConnect(uint32_t id, const ConnectResult& result,
                     std::string* out) const override {
    Reply(id, 5, out, [&](pbf_writer* body) { WriteConnect(result, body); });
  }
  void AppendSubscribe(uint32_t id, const SubscribeResult& result,
                       std::string* out) const override {
    Reply(id, 6, out, [&](pbf_writer* body) { WriteSubscribe(result, body); });
  }
  void AppendEmpty(uint32_t id, Command::Kind kind,
                   std::string* out) const override {
    const uint32_t field = BodyField(kind);
    RT_CHECK(field != 0);
    Reply(id, field, out, [](pbf_writer*) {});
  }
  void AppendPresence(uint32_t id, const PresenceResult& result,
                      std::string* out) const override {
    Reply(id, 9, out, [&](pbf_writer* body) {
      for (const auto& [client, info] : result) {
        pbf_writer entry(*body, 1);
        Text(&entry, 1, client);
        pbf_writer value(entry, 2);
        WriteInfo(info, &value);
      }
    });
  }
  void AppendPresenceStats(uint32_t id, const PresenceStats& result,
                           std::string* out) const override {
    Reply(id, 10, out, [&](pbf_writer* body) {
      Number(body, 1, result.clients);
      Number(body, 2, result.users);
    });
  }
  void AppendHistory(uint32_t id, const HistoryResult& result,
                     std::string* out) const override {
    Reply(id, 11, out, [&](pbf_writer* body) {
      WritePublications(result.publications, 1, body);
      Text(body, 2, result.epoch);
      Number(body, 3, result.offset);
    });
  }
  void AppendRpc(uint32_t id, std::string_view data,
                 std::string* out) const override {
    Reply(id, 13, out, [&](pbf_writer* body) { Text(body, 1, data); });
  }
  void AppendRefresh(uint32_t id, const RefreshResult& result,
                     std::string* out) const override {
    Reply(id, 14, out, [&](pbf_writer* body) {
      Text(body, 1, result.client);
      Text(body, 2, result.version);
      True(body, 3, result.expires);
      Number(body, 4, result.ttl);
    });
  }
  void AppendSubRefresh(uint32_t id, const SubRefreshResult& result,
                        std::string* out) const override {
    Reply(id, 15, out, [&](pbf_writer* body) {
      True(body, 1, result.expires);
      Number(body, 2, result.ttl);
    });
  }
  void AppendPing(std::string*) const override {}

  void AppendPublicationPush(std::string_view channel,
                             const Publication& publication,
                             std::string* out) const override {
    Push(channel, 4, out,
         [&](pbf_writer* body) { WritePublication(publication, body); });
  }
  void AppendJoinPush(std::string_view channel, const ClientInfo& info,
                      std::string* out) const override {
    Push(channel, 5, out, [&](pbf_writer* body) {
      pbf_writer inner(*body, 1);
      WriteInfo(info, &inner);
    });
  }
  void AppendLeavePush(std::string_view channel, const ClientInfo& info,
                       std::string* out) const override {
    Push(channel, 6, out, [&](pbf_writer* body) {
      pbf_writer inner(*body, 1);
      WriteInfo(info, &inner);
    });
  }
  void AppendSubscribePush(std::string_view channel,
                           const SubscribeResult& result,
                           std::string* out) const override {
    Push(channel, 9, out, [&](pbf_writer* body) {
      True(body, 1, result.recoverable);
      Text(body, 4, result.epoch);
      Number(body, 5, result.offset);
      True(body, 6, result.positioned);
      Text(body, 7, result.data);
    });
  }
  void AppendUnsubscribePush(std::string_view channel, uint32_t code,
                             std::string_view reason,
                             std::string* out) const override {
    Push(channel, 7, out, [&](pbf_writer* body) {
      Number(body, 2, code);
      Text(body, 3, reason);
    });
  }
  void AppendMessagePush(std::string_view data,
                         std::string* out) const override {
    Push({}, 8, out, [&](pbf_writer* body) { Text(body, 1, data); });
  }
  void AppendRefreshPush(bool expires, uint32_t ttl,
                         std::string* out) const override {
    Push({}, 12, out, [&](pbf_writer* body) {
      True(body, 1, expires);
      Number(body, 2, ttl);
    });
  }
  void AppendDisconnectPush(uint32_t code, std::string_view reason,
                            std::string* out) const override {
    Push({}, 11, out, [&](pbf_writer* body) {
      Number(body, 1, code);
      Text(body, 2, reason);
    });
  }
  void AppendPublication(const Publication& publication,
                         std::string* out) const override {
    pbf_writer alone(*out);
    WritePublication(publication, &alone);
  }
  [[nodiscard]] Encoding encoding() const override {
    return Encoding::kProtobuf;
  }
};

}  // namespace

const ClientProtocolCodec& ProtobufCodec() {
  static const ProtobufClientProtocolCodec codec;
  return codec;
}

}  // namespace rt
