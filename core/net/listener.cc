#include "net/listener.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "net/loop.h"

namespace rt {

namespace {

constexpr int kBacklog = 4096;

struct TcpAddress {
  sockaddr_storage storage = {};
  socklen_t length = 0;
};

Result<TcpAddress> ParseTcpAddress(const std::string& text) {
  const Error wrong{ErrorCode::kInvalid,
                    fmt::format("\"{}\" is no address: expected "
                                "ADDRESS:PORT, as 127.0.0.1:8000 or [::1]:8000",
                                text)};
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return wrong;
  std::string host = text.substr(0, colon);
  uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
  if (parsed.ec != std::errc() || parsed.ptr != end) return wrong;
  if (host == "localhost") host = "127.0.0.1";
  if (host.empty() || host == "*") host = "0.0.0.0";
  TcpAddress address;
  if (host.front() == '[' && host.back() == ']') {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    address.length = sizeof *v6;
    host = host.substr(1, host.size() - 2);
    if (inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) != 1) return wrong;
    return address;
  }
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  v4->sin_family = AF_INET;
  v4->sin_port = htons(port);
  address.length = sizeof *v4;
  if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) != 1) return wrong;
  return address;
}

Error CannotListen(const std::string& where, int error) {
  return {ErrorCode::kUnavailable,
          fmt::format("cannot listen on {}: {}", where, std::strerror(error))};
}

// Is anybody listening on the unix socket at `path`?
bool SomebodyListens(const std::string& path) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const int connected = ::connect(
      probe, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::close(probe);
  return connected == 0;
}

}  // namespace

Listener::Listener(Loop* loop, Options options, HandlerFactory factory)
    : loop_(loop), options_(options), factory_(std::move(factory)) {}

Listener::~Listener() { RT_CHECK(closed()); }

Status Listener::ListenTcp(const std::string& address) {
  const Result<TcpAddress> parsed = ParseTcpAddress(address);
  if (!parsed.ok()) return parsed.error();
  const int fd = ::socket(parsed->storage.ss_family,
                          SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return CannotListen(address, errno);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (options_.share_address) {
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  }
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&parsed->storage),
             parsed->length) != 0) {
    const Error error = CannotListen(address, errno);
    ::close(fd);
    return error;
  }
  handle_ = new Handle;
  kind_ = Connection::Kind::kTcp;
  RT_CHECK(uv_tcp_init(loop_->uv(), &handle_->tcp) == 0);
  RT_CHECK(uv_tcp_open(&handle_->tcp, fd) == 0);
  const Status listening = Listen();
  if (!listening.ok()) return CannotListen(address, errno);
  return {};
}

Status Listener::ListenUnix(const std::string& path) {
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    return Error{ErrorCode::kInvalid,
                 fmt::format("the socket's path {} is longer than the {} bytes "
                             "that a unix socket allows",
                             path, sizeof(sockaddr_un::sun_path) - 1)};
  }
  struct stat there;
  if (::lstat(path.c_str(), &there) == 0) {
    if (!S_ISSOCK(there.st_mode)) {
      return Error{ErrorCode::kInvalid,
                   fmt::format("{} exists and is no socket; remove it, or "
                               "choose another --socket",
                               path)};
    }
    if (SomebodyListens(path)) {
      return Error{ErrorCode::kUnavailable,
                   fmt::format("another broker listens on {}", path)};
    }
    ::unlink(path.c_str());
  }
  handle_ = new Handle;
  kind_ = Connection::Kind::kUnix;
  RT_CHECK(uv_pipe_init(loop_->uv(), &handle_->pipe, 0) == 0);
  // Nobody gets in between bind and chmod.
  const mode_t old = ::umask(0117);
  const int bound = uv_pipe_bind(&handle_->pipe, path.c_str());
  ::umask(old);
  if (bound != 0) {
    Close();
    return CannotListen(path, -bound);
  }
  return Listen();
}

Status Listener::Listen() {
  handle_->any.data = this;
  const int listening =
      uv_listen(&handle_->stream, kBacklog, [](uv_stream_t* server, int error) {
        auto* self = static_cast<Listener*>(server->data);
        if (error == 0) {
          self->OnWaiting();
        } else {
          Log(LogLevel::kWarning, "accept failed: {}", uv_strerror(error));
        }
      });
  if (listening == 0) return {};
  errno = -listening;
  Close();
  return CannotListen("the address", -listening);
}

int Listener::port() const {
  sockaddr_storage name = {};
  int length = sizeof name;
  if (handle_ == nullptr ||
      uv_tcp_getsockname(&handle_->tcp, reinterpret_cast<sockaddr*>(&name),
                         &length) != 0) {
    return 0;
  }
  return ntohs(name.ss_family == AF_INET6
                   ? reinterpret_cast<sockaddr_in6*>(&name)->sin6_port
                   : reinterpret_cast<sockaddr_in*>(&name)->sin_port);
}

void Listener::OnWaiting() {
  auto made = std::make_unique<Connection>(loop_, this, kind_,
                                           options_.max_queued_bytes);
  Connection* connection = made.get();
  connections_.emplace(connection, std::move(made));
  if (!connection->Accept(&handle_->stream) ||
      connections_.size() > options_.max_connections) {
    return connection->Abort();
  }
  std::unique_ptr<ConnectionHandler> handler = factory_(connection);
  if (handler == nullptr) return connection->Abort();
  connection->Start(std::move(handler));
}

void Listener::StopAccepting() {
  if (handle_ == nullptr) return;
  uv_close(&std::exchange(handle_, nullptr)->any, [](uv_handle_t* handle) {
    delete reinterpret_cast<Handle*>(handle);
  });
}

void Listener::Close() {
  StopAccepting();
  ForEach([](Connection* connection) { connection->Abort(); });
}

void Listener::ForEach(const std::function<void(Connection*)>& visit) {
  for (auto& [connection, owned] : connections_) visit(connection);
}

void Listener::OnConnectionClosed(Connection* connection) {
  connections_.erase(connection);
}

}  // namespace rt
