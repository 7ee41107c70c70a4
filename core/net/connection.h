// A socket and what is due to it. What its bytes mean is its handler's affair,
// and the handler can change: an HTTP request hands the socket on to the
// WebSocket that it asked for.
//
// Writes are collected and leave once per loop turn, in one system call.
// Closing is deferred: whoever closes a connection may go on using it until
// the turn ends. The connection owns its handler; its owner (the listener)
// destroys it when libuv has let go of it. One thread.
//
// What may stand before a handler's bytes, a PROXY header and TLS, is the
// connection's own affair: handlers see plain bytes, whatever carries them.
#pragma once

#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.h"
#include "base/timer_wheel.h"
#include "net/tls_context.h"
#include "wire/ip_address.h"

namespace rt {

class Connection;
class Loop;

// The way up from a socket.
class ConnectionHandler {
 public:
  virtual ~ConnectionHandler() = default;
  // Bytes of the peer's, scratch space afterwards.
  virtual void OnBytes(char* bytes, size_t length) = 0;
  // The peer will send no more.
  virtual void OnPeerEnd() = 0;
  // The last moment of a turn to Enqueue() what is due.
  virtual void BeforeFlush() {}
  // All that was queued is with the kernel; after TellWhenSent().
  virtual void OnSent() {}
  // More waits than the connection's bound allows.
  virtual void OnSlow() = 0;
  // The deadline set with SetDeadline() has passed.
  virtual void OnDeadline() = 0;
};

// Who keeps connections and destroys them.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  virtual void OnConnectionClosed(Connection* connection) = 0;
};

class Connection final : private Timer {
 public:
  enum class Kind : uint8_t { kTcp, kUnix };

  // REQUIRES: destroyed only through OnConnectionClosed, after Abort().
  Connection(Loop* loop, ConnectionOwner* owner, Kind kind,
             size_t max_queued_bytes);
  ~Connection() override;

  // Takes the next connection that waits on `server`. False: it was gone.
  [[nodiscard]] bool Accept(uv_stream_t* server);
  // Both before Start(), or not at all. The peer begins with a PROXY header,
  // which says whose connection it passes on; without a good one it is closed.
  void ExpectProxyHeader();
  // It is under TLS, on the server's side. A handshake that fails is the peer's
  // end; how long it may take is the handler's deadline.
  void StartTls(TlsContextPtr context);
  void Start(std::unique_ptr<ConnectionHandler> handler);
  // The old handler lives until it returns to the loop.
  void ReplaceHandler(std::unique_ptr<ConnectionHandler> handler);

  // Sends `bytes` at the end of this turn, behind what is queued.
  void Enqueue(BufferRef bytes);
  // Sends `bytes` right now where nothing else is due, else as Enqueue(). For
  // whoever knows that nothing more comes this turn.
  void SendNow(const BufferRef& bytes);
  void Enqueue(std::string_view bytes) { Enqueue(Buffer::Copy(bytes)); }
  // Has OnSent() called, once, when nothing waits any more.
  void TellWhenSent() { tell_when_sent_ = true; }
  // The peer's address, or whose connection it passes on; not known for a unix
  // socket.
  [[nodiscard]] IpAddress peer_address() const;
  // A proxy passes it on without a word whose it is. What a request in it says
  // of its source is then nobody's word but the client's.
  [[nodiscard]] bool unnamed() const;
  [[nodiscard]] bool encrypted() const { return sealed_; }
  // Has BeforeFlush() called at the end of this turn.
  void MarkDirty();
  // Sends what is due now. Called by the loop.
  void Flush();

  // Lets the peer have what is queued, then ends our side, waits briefly for
  // its end, and closes.
  void CloseAfterFlush();
  // Forgets what is queued but has not gone to the kernel yet, unless a part
  // of it has: that much must follow, or the stream is broken.
  void DropQueued();
  // Closes at the end of this turn; what is queued is lost.
  void Abort();
  [[nodiscard]] bool closing() const { return closing_; }
  // Will send no more than what is queued.
  [[nodiscard]] bool ending() const { return closing_ || ending_; }

  // No reads for a while; what comes waits in the kernel.
  void PauseReading();
  void ResumeReading();

  // Calls the handler's OnDeadline once, `delay_ms` from now; replaces the
  // former deadline. Negative: none.
  void SetDeadline(int64_t delay_ms);

  // Above it the handler's OnSlow is called, once until half of it is gone.
  void set_max_queued_bytes(size_t bytes) { max_queued_bytes_ = bytes; }
  [[nodiscard]] size_t queued_bytes() const { return queued_bytes_; }
  [[nodiscard]] Loop* loop() const { return loop_; }
  // The file descriptor, for SO_PEERCRED and the like. -1: closed.
  [[nodiscard]] int fd() const;

 private:
  struct WriteRequest;
  struct Front;

  [[nodiscard]] uv_stream_t* stream() {
    return reinterpret_cast<uv_stream_t*>(&handle_);
  }
  void OnTimer() override;
  void OnRead(ssize_t got);
  // Through the front, where there is one.
  void Receive(char* bytes, size_t length);
  // Takes what is the PROXY header's; false: there is nothing behind it yet.
  bool TakeProxyHeader(std::string_view* bytes);
  void OpenSealed(std::string_view bytes);
  void OnWritten(WriteRequest* request, int status);
  void WriteQueued();
  void WriteSealed();
  // Puts the next of what is queued into records.
  void SealQueued();
  // False: aborted.
  bool WriteLater(std::unique_ptr<WriteRequest> request, uv_buf_t* buffers,
                  size_t count);
  void FinishIfDrained();

  void KeepRest(const BufferRef& bytes, size_t sent);
  void TellIfSlow();

  // What a delivery looks at lies together.
  std::vector<BufferRef> queue_;
  WriteRequest* under_way_ = nullptr;
  int fd_ = -1;  // the handle's own; for SendNow()
  bool dirty_ = false;
  bool closing_ = false;  // closed as soon as the turn ends
  bool ending_ = false;   // CloseAfterFlush() was called
  bool ended_ = false;    // our side is shut down
  bool slow_told_ = false;
  bool torn_ = false;  // the queue begins amid a frame: that much must follow
  bool in_read_ = false;
  bool tell_when_sent_ = false;
  bool sealed_ = false;  // under TLS
  Kind kind_;
  size_t queued_bytes_ = 0;  // in queue_ and under way
  size_t max_queued_bytes_;
  Loop* loop_;
  ConnectionOwner* owner_;
  std::unique_ptr<ConnectionHandler> handler_;
  std::unique_ptr<ConnectionHandler> retired_;
  std::unique_ptr<Front> front_;
  union {
    uv_tcp_t tcp;
    uv_pipe_t pipe;
    uv_handle_t any;
  } handle_;
};

}  // namespace rt
