// The broker's unix socket from the command line: one connection, one question
// at a time, each with a time-out. Blocking; one thread. Frames are those of
// wire/link_format.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rt {

class LinkClient {
 public:
  // Connects and exchanges versions. kNotFound where no broker answers at
  // `path`, kDenied where this user is not admitted, kInvalid where the two
  // speak different protocols, kUnavailable after `timeout_ms`.
  static Result<LinkClient> Connect(const std::string& path,
                                    int64_t timeout_ms);

  LinkClient(LinkClient&& other) noexcept;
  LinkClient& operator=(LinkClient&& other) noexcept;
  ~LinkClient();

  // The site of all calls that follow; at most 255 bytes of key.
  Status SelectSite(std::string_view key, std::string_view secret);

  // Asks `method` with `params`, a JSON object's text. Returns the reply's
  // JSON: {"result":…} or {"error":{"code":…,"message":…}}.
  Result<std::string> Call(std::string_view method, std::string_view params);

  // What the broker said at first contact, as JSON.
  [[nodiscard]] const std::string& hello() const { return hello_; }

 private:
  struct Frame {
    uint8_t type = 0;
    uint32_t id = 0;
    std::string body;
  };

  LinkClient(int fd, int64_t timeout_ms) : fd_(fd), timeout_ms_(timeout_ms) {}

  Status Send(uint8_t type, uint32_t id, std::string_view body);
  Result<Frame> Receive();
  // Until a frame of `type` for `id` comes. A goodbye is its error.
  Result<std::string> Await(uint8_t type, uint32_t id);
  // Moves `size` bytes before the deadline.
  Status Write(const char* bytes, size_t size);
  Status Read(char* bytes, size_t size);
  Status WaitFor(short events);

  int fd_;
  int64_t timeout_ms_;
  int64_t deadline_ms_ = 0;
  uint32_t last_id_ = 0;
  std::string hello_;
};

}  // namespace rt
