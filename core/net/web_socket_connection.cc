#include "net/web_socket_connection.h"

#include "base/limits.h"

namespace rt {

WebSocketConnection::WebSocketConnection(Connection* connection,
                                         WebSocketReader::Limits limits,
                                         std::optional<DeflateParams> deflate)
    : connection_(connection), reader_(limits) {
  if (deflate.has_value()) reader_.AllowDeflate();
}

void WebSocketConnection::OnBytes(char* bytes, size_t length) {
  if (gone_) return;
  if (reader_.Read(bytes, length, this)) return;
  if (reader_.error_code() == 0) return;  // an event said enough
  StartClose(reader_.error_code(), reader_.error_reason());
  // The stream cannot be read any further, so there is no answer to wait for.
  gone_ = true;
  OnGone();
  connection_->CloseAfterFlush();
}

bool WebSocketConnection::OnMessage(WebSocketOpcode opcode,
                                    std::string_view payload) {
  // Behind our own close frame only the peer's matters.
  if (close_sent_) return true;
  return opcode == WebSocketOpcode::kText ? OnText(payload) : OnBinary(payload);
}

bool WebSocketConnection::OnPing(std::string_view payload) {
  if (close_sent_) return true;
  BeforeFlush();  // keeps the order of what was sent before
  std::string frame;
  AppendWebSocketFrame(WebSocketOpcode::kPong, payload, &frame);
  connection_->Enqueue(frame);
  return true;
}

bool WebSocketConnection::OnPong(std::string_view) {
  if (!close_sent_) OnPongFrame();
  return true;
}

bool WebSocketConnection::OnClose(uint16_t code, std::string_view) {
  gone_ = true;
  StartClose(code, {});
  OnGone();
  connection_->CloseAfterFlush();
  return false;
}

void WebSocketConnection::StartClose(uint16_t code, std::string_view reason,
                                     bool flush) {
  if (close_sent_ || connection_->closing()) return;
  if (!flush) {
    // A peer too slow to read will not read a farewell either, but for the
    // little the kernel still takes.
    connection_->DropQueued();
  } else {
    BeforeFlush();
  }
  close_sent_ = true;
  std::string frame;
  AppendWebSocketClose(code, reason, &frame);
  connection_->Enqueue(frame);
  connection_->SetDeadline(kCloseTimeoutMs);
}

void WebSocketConnection::OnPeerEnd() {
  gone_ = true;
  OnGone();
  connection_->CloseAfterFlush();
}

void WebSocketConnection::OnDeadline() {
  gone_ = true;
  OnGone();
  connection_->Abort();
}

}  // namespace rt
