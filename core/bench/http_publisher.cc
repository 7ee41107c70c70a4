// Publishes by POST /pub/CHANNEL on one kept connection, requests pipelined
// and answered in order.
#include <strings.h>

#include <charconv>

#include "bench/client_websocket.h"
#include "bench/publisher.h"

namespace rt::bench {
namespace {

// Of an answer's head; 0 where it has none.
size_t ContentLength(std::string_view head) {
  constexpr std::string_view kName = "\r\ncontent-length:";
  for (size_t at = 0; at + kName.size() <= head.size(); ++at) {
    at = head.find("\r\n", at);
    if (at == std::string_view::npos || at + kName.size() > head.size()) break;
    if (strncasecmp(head.data() + at, kName.data(), kName.size()) != 0) {
      continue;
    }
    at = head.find_first_not_of(' ', at + kName.size());
    size_t length = 0;
    if (at == std::string_view::npos) break;
    std::from_chars(head.data() + at, head.data() + head.size(), length);
    return length;
  }
  return 0;
}

class HttpPublisher final : public Publisher {
 public:
  explicit HttpPublisher(Descriptor fd) : Publisher(std::move(fd)) {}

  void Append(std::string_view channel, std::string_view data,
              bool confirmed) override {
    out_ += "POST /pub/";
    out_ += channel;
    out_ += " HTTP/1.1\r\nHost: ";
    out_ += kBenchHost;
    out_ += "\r\nContent-Type: application/json\r\nContent-Length: ";
    out_ += std::to_string(data.size());
    out_ += "\r\n\r\n";
    out_ += data;
    timed_.push_back(confirmed);
    if (confirmed) Asked();
  }

 private:
  Status ReadAnswers() override {
    while (true) {
      const size_t end = in_.find("\r\n\r\n");
      if (end == std::string::npos) return {};
      const std::string_view head = std::string_view{in_}.substr(0, end);
      if (!head.starts_with("HTTP/1.1 2")) {
        return Error{ErrorCode::kDenied,
                     "publishing was answered with: " +
                         std::string(head.substr(0, head.find("\r\n")))};
      }
      const size_t size = end + 4 + ContentLength(head);
      if (in_.size() < size) return {};
      in_.erase(0, size);
      if (timed_.empty()) {
        return Error{ErrorCode::kInternal, "an answer that nobody asked for"};
      }
      if (timed_.front()) Answered();
      timed_.pop_front();
    }
  }

  std::deque<bool> timed_;  // by request that was not answered yet
};

}  // namespace

std::unique_ptr<Publisher> MakeHttpPublisher(Descriptor fd) {
  return std::make_unique<HttpPublisher>(std::move(fd));
}

}  // namespace rt::bench
