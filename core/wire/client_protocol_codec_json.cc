#include <fmt/format.h>

#include <iterator>

#include "base/check.h"
#include "wire/client_protocol_codec.h"
#include "wire/encoded_push.h"
#include "wire/json_commands.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

// The fields of one object, in order and without those that are zero.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string* out) : out_(out) { *out_ += '{'; }
  ~ObjectWriter() { *out_ += '}'; }
  ObjectWriter(const ObjectWriter&) = delete;
  ObjectWriter& operator=(const ObjectWriter&) = delete;

  // The place for the value of a field with that name.
  std::string* Field(std::string_view name) {
    if (!first_) *out_ += ',';
    first_ = false;
    AppendJsonString(name, out_);
    *out_ += ':';
    return out_;
  }

  void Text(std::string_view name, std::string_view text) {
    if (!text.empty()) AppendJsonString(text, Field(name));
  }
  void Json(std::string_view name, std::string_view json) {
    if (!json.empty()) AppendJsonOnOneLine(json, Field(name));
  }
  void Number(std::string_view name, uint64_t number) {
    if (number != 0) Always(name, number);
  }
  void Always(std::string_view name, uint64_t number) {
    fmt::format_to(std::back_inserter(*Field(name)), "{}", number);
  }
  void True(std::string_view name, bool value) {
    if (value) *Field(name) += "true";
  }

 private:
  std::string* out_;
  bool first_ = true;
};

void WriteInfo(const ClientInfo& info, std::string* out) {
  ObjectWriter object(out);
  AppendJsonString(info.user, object.Field("user"));
  AppendJsonString(info.client, object.Field("client"));
  object.Json("conn_info", info.conn_info);
  object.Json("chan_info", info.chan_info);
}

void WritePublication(const Publication& publication, std::string* out) {
  ObjectWriter object(out);
  AppendJsonOnOneLine(publication.data, object.Field("data"));
  if (publication.info) WriteInfo(*publication.info, object.Field("info"));
  object.Number("offset", publication.offset);
  if (!publication.tags.empty()) {
    ObjectWriter tags(object.Field("tags"));
    for (const auto& [name, value] : publication.tags) {
      AppendJsonString(value, tags.Field(name));
    }
  }
  object.True("delta", publication.delta);
  object.Text("epoch", publication.epoch);
}

void WritePublications(const std::vector<PublicationInForm>& publications,
                       std::string* out) {
  *out += '[';
  for (size_t i = 0; i < publications.size(); ++i) {
    if (i > 0) *out += ',';
    *out += publications[i].push->Publication(publications[i].form);
  }
  *out += ']';
}

void WriteSubscribe(const SubscribeResult& result, std::string* out) {
  ObjectWriter object(out);
  object.True("expires", result.expires);
  object.Number("ttl", result.ttl);
  object.True("recoverable", result.recoverable);
  object.Text("epoch", result.epoch);
  if (!result.publications.empty()) {
    WritePublications(result.publications, object.Field("publications"));
  }
  object.True("recovered", result.recovered);
  object.Number("offset", result.offset);
  object.True("positioned", result.positioned);
  object.Json("data", result.data);
  object.True("was_recovering", result.was_recovering);
  object.True("delta", result.delta);
}

void WriteConnect(const ConnectResult& result, std::string* out) {
  ObjectWriter object(out);
  object.Text("client", result.client);
  object.Text("version", result.version);
  object.True("expires", result.expires);
  object.Number("ttl", result.ttl);
  object.Json("data", result.data);
  if (!result.subs.empty()) {
    ObjectWriter subs(object.Field("subs"));
    for (const auto& [channel, sub] : result.subs) {
      WriteSubscribe(sub, subs.Field(channel));
    }
  }
  object.Number("ping", result.ping_seconds);
  object.True("pong", result.pong);
  object.Text("session", result.session);
  object.Text("node", result.node);
}

// The name of a reply's body.
std::string_view BodyName(Command::Kind kind) {
  switch (kind) {
    case Command::Kind::kConnect:
      return "connect";
    case Command::Kind::kSubscribe:
      return "subscribe";
    case Command::Kind::kUnsubscribe:
      return "unsubscribe";
    case Command::Kind::kPublish:
      return "publish";
    case Command::Kind::kPresence:
      return "presence";
    case Command::Kind::kPresenceStats:
      return "presence_stats";
    case Command::Kind::kHistory:
      return "history";
    case Command::Kind::kRpc:
      return "rpc";
    case Command::Kind::kRefresh:
      return "refresh";
    case Command::Kind::kSubRefresh:
      return "sub_refresh";
    default:
      return {};
  }
}

class JsonClientProtocolCodec final : public ClientProtocolCodec {
 public:
  Status Decode(
      std::string_view message,
      const std::function<bool(Command&& command)>& on_command) const override {
    if (message.ends_with('\n')) message.remove_suffix(1);
    while (true) {
      const size_t end = message.find('\n');
      Command command;
      if (!ParseJsonCommand(message.substr(0, end), &command)) {
        return Error{ErrorCode::kInvalid, "not a command in JSON"};
      }
      if (!on_command(std::move(command))) return {};
      if (end == std::string_view::npos) return {};
      message.remove_prefix(end + 1);
    }
  }

  void AppendError(uint32_t id, const ProtocolError& error,
                   std::string* out) const override {
    ObjectWriter reply(out);
    reply.Number("id", id);
    ObjectWriter body(reply.Field("error"));
    body.Number("code", error.code);
    body.Text("message", error.message);
    body.True("temporary", error.temporary);
  }

  void AppendConnect(uint32_t id, const ConnectResult& result,
                     std::string* out) const override {
    ObjectWriter reply(out);
    reply.Number("id", id);
    WriteConnect(result, reply.Field("connect"));
  }

  void AppendSubscribe(uint32_t id, const SubscribeResult& result,
                       std::string* out) const override {
    ObjectWriter reply(out);
    reply.Number("id", id);
    WriteSubscribe(result, reply.Field("subscribe"));
  }

  void AppendEmpty(uint32_t id, Command::Kind kind,
                   std::string* out) const override {
    const std::string_view name = BodyName(kind);
    RT_CHECK(!name.empty());
    ObjectWriter reply(out);
    reply.Number("id", id);
    *reply.Field(name) += "{}";
  }

  void AppendPresence(uint32_t id, const PresenceResult& result,
                      std::string* out) const override {
    ObjectWriter reply(out);
    reply.Number("id", id);
    ObjectWriter body(reply.Field("presence"));
    ObjectWriter presence(body.Field("presence"));
    for (const auto& [client, info] : result) {
      WriteInfo(info, presence.Field(client));
    }
  }

  void AppendPresenceStats(uint32_t id, const PresenceStats& result,
                           std::string* out) const override {
    ObjectWriter reply(out);
    reply.Number("id", id);
    ObjectWriter body(reply.Field("presence_stats"));
    body.Always("num_clients", result.clients);
    body.Always("num_users", result.users);
  }

  void AppendHistory(uint32_t id, const HistoryResult& result,
                     std::string* out) const override {
    ObjectWriter reply(out);
    reply.Number("id", id);
    ObjectWriter body(reply.Field("history"));
    WritePublications(result.publications, body.Field("publications"));
    AppendJsonString(result.epoch, body.Field("epoch"));
    body.Always("offset", result.offset);
  }

  void AppendRpc(uint32_t id, std::string_view data,
                 std::string* out) const override {
    ObjectWriter reply(out);
    reply.Number("id", id);
    ObjectWriter body(reply.Field("rpc"));
    body.Json("data", data);
  }

  void AppendRefresh(uint32_t id, const RefreshResult& result,
                     std::string* out) const override {
    ObjectWriter reply(out);
    reply.Number("id", id);
    ObjectWriter body(reply.Field("refresh"));
    body.Text("client", result.client);
    body.Text("version", result.version);
    body.True("expires", result.expires);
    body.Number("ttl", result.ttl);
  }

  void AppendSubRefresh(uint32_t id, const SubRefreshResult& result,
                        std::string* out) const override {
    ObjectWriter reply(out);
    reply.Number("id", id);
    ObjectWriter body(reply.Field("sub_refresh"));
    body.True("expires", result.expires);
    body.Number("ttl", result.ttl);
  }

  void AppendPing(std::string* out) const override { *out += "{}"; }

  void AppendPublicationPush(std::string_view channel,
                             const Publication& publication,
                             std::string* out) const override {
    ObjectWriter reply(out);
    ObjectWriter push(reply.Field("push"));
    push.Text("channel", channel);
    WritePublication(publication, push.Field("pub"));
  }

  void AppendJoinPush(std::string_view channel, const ClientInfo& info,
                      std::string* out) const override {
    AppendPresencePush("join", channel, info, out);
  }

  void AppendLeavePush(std::string_view channel, const ClientInfo& info,
                       std::string* out) const override {
    AppendPresencePush("leave", channel, info, out);
  }

  void AppendSubscribePush(std::string_view channel,
                           const SubscribeResult& result,
                           std::string* out) const override {
    ObjectWriter reply(out);
    ObjectWriter push(reply.Field("push"));
    push.Text("channel", channel);
    ObjectWriter body(push.Field("subscribe"));
    body.True("recoverable", result.recoverable);
    body.Text("epoch", result.epoch);
    body.Number("offset", result.offset);
    body.True("positioned", result.positioned);
    body.Json("data", result.data);
  }

  void AppendMessagePush(std::string_view data,
                         std::string* out) const override {
    ObjectWriter reply(out);
    ObjectWriter push(reply.Field("push"));
    ObjectWriter body(push.Field("message"));
    body.Json("data", data);
  }

  void AppendRefreshPush(bool expires, uint32_t ttl,
                         std::string* out) const override {
    ObjectWriter reply(out);
    ObjectWriter push(reply.Field("push"));
    ObjectWriter body(push.Field("refresh"));
    body.True("expires", expires);
    body.Number("ttl", ttl);
  }

  void AppendUnsubscribePush(std::string_view channel, uint32_t code,
                             std::string_view reason,
                             std::string* out) const override {
    ObjectWriter reply(out);
    ObjectWriter push(reply.Field("push"));
    push.Text("channel", channel);
    ObjectWriter body(push.Field("unsubscribe"));
    body.Number("code", code);
    body.Text("reason", reason);
  }

  void AppendDisconnectPush(uint32_t code, std::string_view reason,
                            std::string* out) const override {
    ObjectWriter reply(out);
    ObjectWriter push(reply.Field("push"));
    ObjectWriter body(push.Field("disconnect"));
    body.Number("code", code);
    body.Text("reason", reason);
  }

  void AppendPublication(const Publication& publication,
                         std::string* out) const override {
    WritePublication(publication, out);
  }

  [[nodiscard]] Encoding encoding() const override { return Encoding::kJson; }

 private:
  static void AppendPresencePush(std::string_view what,
                                 std::string_view channel,
                                 const ClientInfo& info, std::string* out) {
    ObjectWriter reply(out);
    ObjectWriter push(reply.Field("push"));
    push.Text("channel", channel);
    ObjectWriter body(push.Field(what));
    WriteInfo(info, body.Field("info"));
  }
};

}  // namespace

const ClientProtocolCodec& JsonCodec() {
  static const JsonClientProtocolCodec codec;
  return codec;
}

}  // namespace rt
