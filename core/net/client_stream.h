// A client on an HTTP response that never ends (SSE, HTTP-streaming): a session
// whose transport this is. Commands come with the request, and by requests of
// their own to the emulation endpoint.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/connection.h"
#include "net/reply_queue.h"
#include "session/session.h"
#include "session/transport.h"

namespace rt {

class ClientProtocolCodec;

class ClientStream final : public ConnectionHandler, private Transport {
 public:
  struct Options {
    TransportKind kind = TransportKind::kSse;
    Encoding encoding = Encoding::kJson;
    bool chunked = true;  // HTTP/1.1; else the end of the body is the socket's
    std::vector<std::pair<std::string, std::string>> headers;
  };

  // Answers with the head of a response right away. `host` outlives it.
  ClientStream(Connection* connection, const Options& options,
               SessionHost* host, SitePtr site, Handshake handshake);
  ~ClientStream() override;

  // The commands that came with the request.
  void Receive(std::string_view message) { session_->OnCommands(message); }

  void OnBytes(char* bytes, size_t length) override;
  void OnPeerEnd() override;
  void BeforeFlush() override;
  void OnSent() override { session_->OnCaughtUp(); }
  void OnSlow() override;
  void OnDeadline() override;

 private:
  [[nodiscard]] TransportKind kind() const override { return kind_; }
  [[nodiscard]] Framing framing() const override { return framing_; }
  [[nodiscard]] bool emulated() const override {
    return !framing_.unidirectional;
  }
  [[nodiscard]] bool native_pings() const override { return false; }
  void SendNativePing() override {}
  void SendReply(std::string_view reply) override;
  void SendFramed(const BufferRef& framed, bool last) override;
  [[nodiscard]] size_t backlog() const override;
  void TellWhenCaughtUp() override { connection_->TellWhenSent(); }
  void Close(const DisconnectCode& why, bool flush) override;
  void SendHead(const Options& options);

  Connection* connection_;
  TransportKind kind_;
  Framing framing_;
  bool closed_ = false;
  const ClientProtocolCodec* codec_;
  std::unique_ptr<ReplyQueue> replies_;  // of this turn
  std::unique_ptr<Session> session_;
};

}  // namespace rt
