#include "base/check.h"
#include "wire/client_protocol_codec.h"
#include "wire/json_commands.h"

namespace rt {

namespace {

constexpr std::string_view kPushBegin = R"({"push":)";

// The JSON codec's pushes without the reply around them.
class UniJsonClientProtocolCodec final : public ClientProtocolCodec {
 public:
  Status Decode(
      std::string_view message,
      const std::function<bool(Command&& command)>& on_command) const override {
    Command command;
    command.id = 1;
    command.kind = Command::Kind::kConnect;
    if (!ParseJsonConnect(message, &command.connect)) {
      return Error{ErrorCode::kInvalid, "not a connect request in JSON"};
    }
    on_command(std::move(command));
    return {};
  }

  // Without commands there is nothing to reply to but connect.
  void AppendError(uint32_t, const ProtocolError&,
                   std::string*) const override {
    RT_CHECK(false);
  }
  void AppendConnect(uint32_t, const ConnectResult& result,
                     std::string* out) const override {
    ConnectResult without_pong = result;
    without_pong.pong = false;
    without_pong.node.clear();
    JsonCodec().AppendConnect(0, without_pong, out);
  }
  void AppendSubscribe(uint32_t, const SubscribeResult&,
                       std::string*) const override {
    RT_CHECK(false);
  }
  void AppendEmpty(uint32_t, Command::Kind, std::string*) const override {
    RT_CHECK(false);
  }
  void AppendPresence(uint32_t, const PresenceResult&,
                      std::string*) const override {
    RT_CHECK(false);
  }
  void AppendPresenceStats(uint32_t, const PresenceStats&,
                           std::string*) const override {
    RT_CHECK(false);
  }
  void AppendHistory(uint32_t, const HistoryResult&,
                     std::string*) const override {
    RT_CHECK(false);
  }
  void AppendRpc(uint32_t, std::string_view, std::string*) const override {
    RT_CHECK(false);
  }
  void AppendRefresh(uint32_t, const RefreshResult&,
                     std::string*) const override {
    RT_CHECK(false);
  }
  void AppendSubRefresh(uint32_t, const SubRefreshResult&,
                        std::string*) const override {
    RT_CHECK(false);
  }
  void AppendPing(std::string* out) const override { *out += "{}"; }

  void AppendPublicationPush(std::string_view channel,
                             const Publication& publication,
                             std::string* out) const override {
    Bare(out, [&](std::string* push) {
      JsonCodec().AppendPublicationPush(channel, publication, push);
    });
  }
  void AppendJoinPush(std::string_view channel, const ClientInfo& info,
                      std::string* out) const override {
    Bare(out, [&](std::string* push) {
      JsonCodec().AppendJoinPush(channel, info, push);
    });
  }
  void AppendLeavePush(std::string_view channel, const ClientInfo& info,
                       std::string* out) const override {
    Bare(out, [&](std::string* push) {
      JsonCodec().AppendLeavePush(channel, info, push);
    });
  }
  void AppendSubscribePush(std::string_view channel,
                           const SubscribeResult& result,
                           std::string* out) const override {
    Bare(out, [&](std::string* push) {
      JsonCodec().AppendSubscribePush(channel, result, push);
    });
  }
  void AppendUnsubscribePush(std::string_view channel, uint32_t code,
                             std::string_view reason,
                             std::string* out) const override {
    Bare(out, [&](std::string* push) {
      JsonCodec().AppendUnsubscribePush(channel, code, reason, push);
    });
  }
  void AppendMessagePush(std::string_view data,
                         std::string* out) const override {
    Bare(out,
         [&](std::string* push) { JsonCodec().AppendMessagePush(data, push); });
  }
  void AppendRefreshPush(bool expires, uint32_t ttl,
                         std::string* out) const override {
    Bare(out, [&](std::string* push) {
      JsonCodec().AppendRefreshPush(expires, ttl, push);
    });
  }
  void AppendDisconnectPush(uint32_t code, std::string_view reason,
                            std::string* out) const override {
    Bare(out, [&](std::string* push) {
      JsonCodec().AppendDisconnectPush(code, reason, push);
    });
  }
  void AppendPublication(const Publication& publication,
                         std::string* out) const override {
    JsonCodec().AppendPublication(publication, out);
  }
  [[nodiscard]] Encoding encoding() const override { return Encoding::kJson; }
  [[nodiscard]] bool unidirectional() const override { return true; }

 private:
  template <typename Write>
  static void Bare(std::string* out, Write write) {
    std::string push;
    write(&push);
    out->append(push, kPushBegin.size(), push.size() - kPushBegin.size() - 1);
  }
};

}  // namespace

const ClientProtocolCodec& UniJsonCodec() {
  static const UniJsonClientProtocolCodec codec;
  return codec;
}

}  // namespace rt
