// A client on a WebSocket: a session whose transport this is.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/reply_queue.h"
#include "net/web_socket_connection.h"
#include "session/session.h"
#include "session/transport.h"

namespace rt {

class ClientProtocolCodec;

class ClientSocket final : public WebSocketConnection, private Transport {
 public:
  struct Options {
    WebSocketReader::Limits limits;
    Encoding encoding = Encoding::kJson;
    bool unidirectional = false;
    bool native_pings = false;  // WebSocket's own, for tools without a pong
    std::optional<DeflateParams> deflate;
    DeflateEffort deflate_effort;
  };

  // `host` outlives it.
  ClientSocket(Connection* connection, const Options& options,
               SessionHost* host, SitePtr site, Handshake handshake);
  ~ClientSocket() override;

  // A message that came with the request itself.
  void Receive(std::string_view message) { session_->OnCommands(message); }

  void BeforeFlush() override;
  void OnSent() override { session_->OnCaughtUp(); }
  void OnSlow() override;

 private:
  bool OnText(std::string_view message) override;
  bool OnBinary(std::string_view message) override;
  void OnPongFrame() override;
  void OnGone() override;

  [[nodiscard]] TransportKind kind() const override;
  [[nodiscard]] Framing framing() const override { return framing_; }
  [[nodiscard]] bool emulated() const override { return false; }
  [[nodiscard]] bool native_pings() const override { return native_pings_; }
  void SendNativePing() override;
  void SendReply(std::string_view reply) override;
  void SendFramed(const BufferRef& framed, bool last) override;
  [[nodiscard]] size_t backlog() const override;
  void TellWhenCaughtUp() override { connection()->TellWhenSent(); }
  void Close(const DisconnectCode& why, bool flush) override;

  Framing framing_;
  bool native_pings_;
  const ClientProtocolCodec* codec_;
  std::unique_ptr<ReplyQueue> replies_;  // of this turn
  std::unique_ptr<Session> session_;
};

}  // namespace rt
