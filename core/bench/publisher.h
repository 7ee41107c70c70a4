// How messages get into a server: the extension's link for the broker, HTTP
// POST for the others, WebSocket frames for the bare loop. One connection,
// messages in order, nothing blocks once Make… has returned.
//
// Lives on the generator's thread; its owner watches fd() and calls Flush()
// and OnReadable().
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "bench/histogram.h"
#include "bench/socket.h"

namespace rt::bench {

class Publisher {
 public:
  explicit Publisher(Descriptor fd) : fd_(std::move(fd)) {}
  virtual ~Publisher() = default;
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  [[nodiscard]] int fd() const { return fd_.get(); }

  // Queues one message. With `confirmed` its answer is timed where the server
  // gives one.
  virtual void Append(std::string_view channel, std::string_view data,
                      bool confirmed) = 0;

  // Writes what the socket takes now.
  Status Flush();
  // Is there more to write once the socket is writable?
  [[nodiscard]] bool blocked() const { return !out_.empty(); }
  // Reads answers. Fails where the server refused a message or went away.
  Status OnReadable();

  // Answers that are still due.
  [[nodiscard]] size_t unanswered() const { return asked_ns_.size(); }
  // From queueing to the answer, in nanoseconds.
  [[nodiscard]] Histogram& answer_latency() { return answer_latency_; }

 protected:
  // Takes whole answers off the front of in_ and calls Answered() for each.
  virtual Status ReadAnswers() = 0;

  void Asked() { asked_ns_.push_back(NowNs()); }
  void Answered();

  std::string in_;
  std::string out_;

 private:
  Descriptor fd_;
  std::deque<int64_t> asked_ns_;
  Histogram answer_latency_;
};

struct PublisherTarget {
  std::string address;   // of the server's listener, for all but the broker
  std::string socket;    // the broker's socket for PHP
  std::string site_key;  // empty: the only site, or none at all
  std::string site_secret;
};

// The right one for the server of that name (dialect.h).
[[nodiscard]] Result<std::unique_ptr<Publisher>> MakePublisher(
    std::string_view server, const PublisherTarget& target);

// Its three kinds, exposed for tests: they write to `fd` as it is.
[[nodiscard]] std::unique_ptr<Publisher> MakeLinkPublisher(
    Descriptor fd, std::string_view site_key, std::string_view site_secret);
[[nodiscard]] std::unique_ptr<Publisher> MakeHttpPublisher(Descriptor fd);
[[nodiscard]] std::unique_ptr<Publisher> MakeFramePublisher(Descriptor fd);

}  // namespace rt::bench
