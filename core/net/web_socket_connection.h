// The WebSocket phase of a connection: frames in, control frames answered, the
// closing handshake kept. What messages mean is the deriving class's affair.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/connection.h"
#include "wire/deflate.h"
#include "wire/websocket.h"

namespace rt {

class WebSocketConnection : public ConnectionHandler, private WebSocketEvents {
 public:
  // `deflate`: as negotiated for this connection.
  WebSocketConnection(Connection* connection, WebSocketReader::Limits limits,
                      std::optional<DeflateParams> deflate);

  void OnBytes(char* bytes, size_t length) final;
  void OnPeerEnd() final;
  void OnDeadline() final;

 protected:
  // False: take no more messages (the connection is being closed).
  virtual bool OnText(std::string_view message) = 0;
  virtual bool OnBinary(std::string_view message) = 0;
  // The answer to a ping of ours.
  virtual void OnPongFrame() {}
  // The peer is gone or leaving; nothing more will be read.
  virtual void OnGone() {}

  // Starts the closing handshake: sends a close frame, waits a while for the
  // peer's. Once is enough. `flush` false: what was queued but not written
  // before is not waited for.
  void StartClose(uint16_t code, std::string_view reason, bool flush = true);

  [[nodiscard]] Connection* connection() const { return connection_; }
  [[nodiscard]] bool close_sent() const { return close_sent_; }

 private:
  bool OnMessage(WebSocketOpcode opcode, std::string_view payload) final;
  bool OnPing(std::string_view payload) final;
  bool OnPong(std::string_view payload) final;
  bool OnClose(uint16_t code, std::string_view reason) final;

  Connection* connection_;
  bool close_sent_ = false;
  bool gone_ = false;
  WebSocketReader reader_;
};

}  // namespace rt
