#include "bench/publisher.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "bench/client_websocket.h"

namespace rt::bench {
namespace {

constexpr int kConnectTimeoutMs = 5000;

Status WaitWritable(int fd) {
  pollfd watched{fd, POLLOUT, 0};
  if (poll(&watched, 1, kConnectTimeoutMs) == 1 &&
      (watched.revents & (POLLERR | POLLHUP)) == 0) {
    return {};
  }
  return Error{ErrorCode::kUnavailable, "the publisher can't connect"};
}

// The bare loop takes `CHANNEL NEWLINE DATA` in text frames at /pub and
// answers nothing.
class FramePublisher final : public Publisher {
 public:
  explicit FramePublisher(Descriptor fd) : Publisher(std::move(fd)) {
    out_ = HandshakeRequest("/pub", "");
  }

  void Append(std::string_view channel, std::string_view data,
              bool /*confirmed*/) override {
    message_.assign(channel);
    message_ += '\n';
    message_ += data;
    AppendClientFrame(WebSocketOpcode::kText, message_, &out_);
  }

 private:
  Status ReadAnswers() override {
    const size_t end = in_.find("\r\n\r\n");
    if (end == std::string::npos) return {};
    Status status = CheckHandshakeAnswer(std::string_view{in_}.substr(0, end));
    in_.clear();
    return status;
  }

  std::string message_;
};

}  // namespace

Status Publisher::Flush() {
  size_t written = 0;
  while (written < out_.size()) {
    const ssize_t n = send(fd(), out_.data() + written, out_.size() - written,
                           MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) break;
      return SystemError("publish");
    }
    written += static_cast<size_t>(n);
  }
  out_.erase(0, written);
  return {};
}

Status Publisher::OnReadable() {
  char buffer[16 * 1024];
  while (true) {
    const ssize_t n = recv(fd(), buffer, sizeof(buffer), MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return {};
    if (n < 0) return SystemError("the publisher's connection");
    if (n > 0) in_.append(buffer, static_cast<size_t>(n));
    // Answers that came with the end of the stream say why it ended.
    Status status = ReadAnswers();
    if (!status.ok()) return status;
    if (n == 0) {
      return Error{ErrorCode::kUnavailable,
                   "the server closed the publisher's connection"};
    }
  }
}

void Publisher::Answered() {
  if (asked_ns_.empty()) return;
  const int64_t took = NowNs() - asked_ns_.front();
  asked_ns_.pop_front();
  answer_latency_.Record(static_cast<uint64_t>(took));
}

std::unique_ptr<Publisher> MakeFramePublisher(Descriptor fd) {
  return std::make_unique<FramePublisher>(std::move(fd));
}

Result<std::unique_ptr<Publisher>> MakePublisher(
    std::string_view server, const PublisherTarget& target) {
  if (server == "drupalrt") {
    Result<Descriptor> fd = ConnectUnix(target.socket);
    if (!fd.ok()) return fd.error();
    return MakeLinkPublisher(std::move(fd).value(), target.site_key,
                             target.site_secret);
  }
  Result<sockaddr_in> address = ParseEndpoint(target.address);
  if (!address.ok()) return address.error();
  Result<Descriptor> fd = ConnectTcp(*address, 0);
  if (!fd.ok()) return fd.error();
  Status writable = WaitWritable(fd->get());
  if (!writable.ok()) return writable.error();
  if (server.starts_with("limit")) {
    return MakeFramePublisher(std::move(fd).value());
  }
  return MakeHttpPublisher(std::move(fd).value());
}

}  // namespace rt::bench
