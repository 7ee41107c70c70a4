// The head of an HTTP/1.1 request, read incrementally and strictly
// (RFC 9112). The distribution's parser library does the grammar; this adapter
// adds the bounds and refuses everything that two servers could read in two
// ways: both Content-Length and Transfer-Encoding, several different lengths,
// bare line feeds, spaces before a header's colon, obsolete folding, control
// characters, a missing or repeated Host, other headers that decide who asks
// or where the body ends when repeated, a target that names another host.
//
// One HttpHeadReader belongs to one request and one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rt {

// Above: 431.
inline constexpr size_t kMaxHttpHeaders = 100;

struct HttpRequestHead {
  std::string method;  // as sent: "GET"
  std::string path;    // before the question mark, not decoded; "/…" or "*"
  std::string query;   // behind it, not decoded
  int minor_version = 1;
  // In order, names in lower case, values trimmed.
  std::vector<std::pair<std::string, std::string>> headers;
  uint64_t content_length = 0;
  bool keep_alive = true;
  // HTTP/1.1 with Connection: Upgrade and Upgrade: websocket.
  bool upgrade_websocket = false;

  // The first header of that lower-case name, or nothing.
  [[nodiscard]] std::optional<std::string_view> header(
      std::string_view name) const;
  // All values of that name joined by `separator` ("; " for Cookie).
  [[nodiscard]] std::string joined(std::string_view name,
                                   std::string_view separator) const;
};

// The percent-decoded value of a parameter in a query string, or nothing. `+`
// is a space (application/x-www-form-urlencoded).
[[nodiscard]] std::optional<std::string> QueryParameter(std::string_view query,
                                                        std::string_view name);

class HttpHeadReader {
 public:
  enum class State {
    kMore,      // needs more bytes
    kComplete,  // head() is whole
    kFailed,    // status() says how to answer, then close
  };

  // Takes bytes as they come. `*used` is how many belong to the head; the
  // rest is body, or the first frame. REQUIRES: state() is kMore.
  State Read(std::string_view bytes, size_t* used);

  [[nodiscard]] State state() const { return state_; }
  // The HTTP status a failed head is answered with: 400, 405 (no such method
  // in HTTP), 413 (a body above kMaxHttpBodyBytes), 431 (above
  // kMaxHttpHeadBytes or kMaxHttpHeaders), 501 (Transfer-Encoding), 505.
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] const HttpRequestHead& head() const { return head_; }
  [[nodiscard]] HttpRequestHead TakeHead() { return std::move(head_); }

 private:
  State Fail(int status);
  // Looks for the end of the head in `bytes`, all that came so far; 0 while it
  // is not there.
  size_t FindEnd(std::string_view bytes);

  State state_ = State::kMore;
  int status_ = 0;
  std::string buffer_;     // a head that came in pieces
  size_t first_byte_ = 0;  // of the request line: behind an empty line
  size_t line_begin_ = 0;  // of the line that is not whole yet
  size_t scanned_ = 0;     // bytes that were searched for its end
  HttpRequestHead head_;
};

}  // namespace rt
