// Accepts connections on one address and keeps them until they are closed.
// One thread; several listeners of several threads may share a TCP address,
// among which the kernel spreads the connections.
#pragma once

#include <uv.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "net/connection.h"

namespace rt {

class Loop;

class Listener final : public ConnectionOwner {
 public:
  // Makes a new connection's first handler. Null: it is closed at once.
  using HandlerFactory =
      std::function<std::unique_ptr<ConnectionHandler>(Connection*)>;

  struct Options {
    size_t max_connections = SIZE_MAX;  // above: closed at once
    size_t max_queued_bytes = 0;        // per connection
    bool share_address = false;         // with listeners of other threads
  };

  // `loop` outlives the listener.
  Listener(Loop* loop, Options options, HandlerFactory factory);
  // REQUIRES: closed() after Close().
  ~Listener() override;

  // `address` is HOST:PORT, with an IPv6 host in brackets.
  Status ListenTcp(const std::string& address);
  // Removes a socket that nobody listens on any more. Mode 0660.
  Status ListenUnix(const std::string& path);

  // The TCP port it got, where port 0 was asked for.
  [[nodiscard]] int port() const;

  // Accepts no more. Connections stay.
  void StopAccepting();
  void Close();
  [[nodiscard]] bool closed() const {
    return handle_ == nullptr && connections_.empty();
  }
  [[nodiscard]] size_t size() const { return connections_.size(); }

  // Calls `visit(Connection*)` for each; it may close them.
  void ForEach(const std::function<void(Connection*)>& visit);

  void OnConnectionClosed(Connection* connection) override;

 private:
  union Handle {
    uv_tcp_t tcp;
    uv_pipe_t pipe;
    uv_stream_t stream;
    uv_handle_t any;
  };
  Status Listen();
  void OnWaiting();

  Loop* loop_;
  Options options_;
  HandlerFactory factory_;
  Connection::Kind kind_ = Connection::Kind::kTcp;
  Handle* handle_ = nullptr;  // freed when libuv has closed it
  std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
};

}  // namespace rt
