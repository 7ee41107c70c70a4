// A browser on a WebSocket: a session whose transport this is.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "net/web_socket_connection.h"
#include "session/session.h"
#include "session/transport.h"

namespace rt {

class ClientProtocolCodec;

class ClientSocket final : public WebSocketConnection, private Transport {
 public:
  // `host` outlives it.
  ClientSocket(Connection* connection, WebSocketReader::Limits limits,
               SessionHost* host, SitePtr site, Handshake handshake);
  ~ClientSocket() override;

  void BeforeFlush() override;
  void OnSlow() override;

 private:
  bool OnText(std::string_view message) override;
  bool OnBinary(std::string_view message) override;
  void OnGone() override;

  [[nodiscard]] Framing framing() const override;
  void SendReply(std::string_view reply) override;
  void SendFramed(const BufferRef& framed, bool last) override;
  void Close(const DisconnectCode& why, bool flush) override;

  const ClientProtocolCodec& codec_;
  uint32_t reply_count_ = 0;
  std::string replies_;  // of this turn, joined; empty between turns
  std::unique_ptr<Session> session_;
};

}  // namespace rt
