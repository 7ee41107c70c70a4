#include "broker/link_client.h"

#include <fmt/format.h>
#include <poll.h>
#include <simdjson.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/clock.h"
#include "wire/json_writer.h"
#include "wire/link_format.h"

namespace rt {

namespace {

int64_t NowMs() { return SystemClock().monotonic_ms(); }

void AppendLittleEndian(uint64_t number, int bytes, std::string* out) {
  for (int i = 0; i < bytes; ++i) {
    out->push_back(static_cast<char>(number >> (8 * i)));
  }
}

uint32_t ReadLittleEndian32(const char* bytes) {
  uint32_t number = 0;
  for (int i = 3; i >= 0; --i) {
    number = number << 8 | static_cast<uint8_t>(bytes[i]);
  }
  return number;
}

Error Gone(const char* what) {
  return {ErrorCode::kUnavailable,
          fmt::format("the broker closed the connection while {}", what)};
}

// A goodbye as an error that says what to change.
Error FromGoodbye(const std::string& body) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view reason = "it did not say why";
  int64_t code = 0;
  if (parser.parse(body).get(root) == simdjson::SUCCESS) {
    [[maybe_unused]] auto no_reason = root["reason"].get(reason);
    [[maybe_unused]] auto no_code = root["code"].get(code);
  }
  const ErrorCode kind = code == kLinkGoodbyeNotPermitted ? ErrorCode::kDenied
                         : code == kLinkGoodbyeIncompatible
                             ? ErrorCode::kInvalid
                             : ErrorCode::kUnavailable;
  return {kind, fmt::format("the broker said goodbye: {}", reason)};
}

}  // namespace

Result<LinkClient> LinkClient::Connect(const std::string& path,
                                       int64_t timeout_ms) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Error{ErrorCode::kInvalid, "the socket's path is too long: " + path};
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  const int fd =
      ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) {
    return Error{ErrorCode::kInternal, std::strerror(errno)};
  }
  LinkClient client(fd, timeout_ms);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address),
                sizeof address) != 0) {
    if (errno == EACCES || errno == EPERM) {
      return Error{ErrorCode::kDenied,
                   fmt::format("this user may not open {}: run as the broker's "
                               "user, or join its socket_group",
                               path)};
    }
    if (errno == EAGAIN) {
      return Error{ErrorCode::kUnavailable,
                   "the broker at " + path + " takes no more connections now"};
    }
    return Error{ErrorCode::kNotFound,
                 fmt::format("no broker answers at {}: start one with "
                             "\"drupalrtd serve\", or name its socket with "
                             "--socket",
                             path)};
  }
  client.deadline_ms_ = NowMs() + timeout_ms;
  const std::string hello =
      fmt::format(R"({{"version":"{}","protocol":{},"sapi":"drupalrtd",)"
                  R"("pid":{}}})",
                  RT_VERSION, static_cast<unsigned>(kLinkProtocol), ::getpid());
  const Status sent = client.Send(kLinkHello, 0, hello);
  // A broker that refuses may have hung up already, with its reason waiting.
  Result<std::string> reply = client.Await(kLinkHelloReply, 0);
  if (!reply) return reply.error();
  if (!sent) return sent.error();
  client.hello_ = std::move(*reply);
  return client;
}

LinkClient::LinkClient(LinkClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      timeout_ms_(other.timeout_ms_),
      deadline_ms_(other.deadline_ms_),
      last_id_(other.last_id_),
      hello_(std::move(other.hello_)) {}

LinkClient& LinkClient::operator=(LinkClient&& other) noexcept {
  std::swap(fd_, other.fd_);
  timeout_ms_ = other.timeout_ms_;
  deadline_ms_ = other.deadline_ms_;
  last_id_ = other.last_id_;
  hello_ = std::move(other.hello_);
  return *this;
}

LinkClient::~LinkClient() {
  if (fd_ >= 0) ::close(fd_);
}

Status LinkClient::SelectSite(std::string_view key, std::string_view secret) {
  if (key.size() > 255 || secret.size() > 65535) {
    return Error{ErrorCode::kInvalid, "the site's key or secret is too long"};
  }
  std::string body;
  AppendLittleEndian(key.size(), 1, &body);
  AppendLittleEndian(0, 1, &body);
  AppendLittleEndian(secret.size(), 2, &body);
  body.append(key).append(secret);
  deadline_ms_ = NowMs() + timeout_ms_;
  return Send(kLinkSite, 0, body);
}

Result<std::string> LinkClient::Call(std::string_view method,
                                     std::string_view params) {
  deadline_ms_ = NowMs() + timeout_ms_;
  const uint32_t id = ++last_id_;
  const Status sent = Send(kLinkCall, id,
                           fmt::format(R"({{"method":{},"params":{}}})",
                                       JsonString(method), params));
  if (!sent) return sent.error();
  return Await(kLinkReply, id);
}

Status LinkClient::Send(uint8_t type, uint32_t id, std::string_view body) {
  if (body.size() > kLinkMaxBodyBytes) {
    return Error{
        ErrorCode::kLimit,
        fmt::format("the message has {} bytes; a frame holds {}", body.size(),
                    static_cast<unsigned>(kLinkMaxBodyBytes))};
  }
  std::string frame;
  AppendLittleEndian(body.size(), 4, &frame);
  AppendLittleEndian(type, 4, &frame);  // type, flags, zero
  AppendLittleEndian(id, 8, &frame);    // id, zero
  frame.append(body);
  return Write(frame.data(), frame.size());
}

Result<LinkClient::Frame> LinkClient::Receive() {
  char header[kLinkHeaderBytes];
  const Status head = Read(header, sizeof header);
  if (!head) return head.error();
  const uint32_t length = ReadLittleEndian32(header);
  if (length > kLinkMaxBodyBytes) {
    return Error{ErrorCode::kInvalid,
                 "what answers there does not speak the link's protocol"};
  }
  Frame frame;
  frame.type = static_cast<uint8_t>(header[4]);
  frame.id = ReadLittleEndian32(header + 8);
  frame.body.resize(length);
  const Status body = Read(frame.body.data(), length);
  if (!body) return body.error();
  return frame;
}

Result<std::string> LinkClient::Await(uint8_t type, uint32_t id) {
  while (true) {
    Result<Frame> frame = Receive();
    if (!frame) return frame.error();
    if (frame->type == kLinkGoodbye) return FromGoodbye(frame->body);
    if (frame->type == type && frame->id == id) return std::move(frame->body);
  }
}

Status LinkClient::Write(const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(fd_, bytes, size, MSG_NOSIGNAL);
    if (sent > 0) {
      bytes += sent;
      size -= static_cast<size_t>(sent);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return Gone("it was asked");
    const Status ready = WaitFor(POLLOUT);
    if (!ready) return ready;
  }
  return {};
}

Status LinkClient::Read(char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t count = ::recv(fd_, bytes, size, 0);
    if (count > 0) {
      bytes += count;
      size -= static_cast<size_t>(count);
      continue;
    }
    if (count == 0) return Gone("an answer was awaited");
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return Gone("an answer was awaited");
    const Status ready = WaitFor(POLLIN);
    if (!ready) return ready;
  }
  return {};
}

Status LinkClient::WaitFor(short events) {
  const int64_t left_ms = std::max<int64_t>(0, deadline_ms_ - NowMs());
  pollfd waiting = {fd_, events, 0};
  const int ready = ::poll(&waiting, 1, static_cast<int>(left_ms));
  if (ready > 0 || (ready < 0 && errno == EINTR)) return {};
  return Error{
      ErrorCode::kUnavailable,
      fmt::format("the broker did not answer within {} ms", timeout_ms_)};
}

}  // namespace rt
