// The broker's and the tools' side of the link to PHP (link_format.h): bytes to
// frames, frames' bodies to values, and back. Pure and bounded; one LinkReader
// belongs to one connection and one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wire/link_format.h"

namespace rt {

struct LinkFrame {
  LinkFrameType type = kLinkHello;
  uint8_t flags = 0;
  uint32_t request_id = 0;  // 0: no answer wanted
  std::string_view body;
};

class LinkEvents {
 public:
  virtual ~LinkEvents() = default;
  // A whole frame; its body lives until this returns. Return false to stop
  // reading, because the connection is being closed. Must not destroy the
  // reader.
  virtual bool OnFrame(const LinkFrame& frame) = 0;
};

class LinkReader {
 public:
  // Takes bytes as they come. Frames that lie whole in `bytes` are handed on
  // without a copy. Returns false when the stream is broken (error_code() says
  // which goodbye to send) or an event returned false; from then on nothing
  // more is read.
  bool Read(std::string_view bytes, LinkEvents* events);

  // 0, or a LinkGoodbye.
  [[nodiscard]] uint16_t error_code() const { return error_code_; }
  [[nodiscard]] const char* error_reason() const { return error_reason_; }
  // Bytes on the heap: none between frames, and never more than twice what
  // has come of one.
  [[nodiscard]] size_t buffered_bytes() const;

 private:
  bool ReadFrames(std::string_view bytes, LinkEvents* events);
  // What is missing of the frame that `begin` begins, as far as one can know.
  // Fails on a header that cannot be right.
  std::optional<size_t> Missing(std::string_view begin);
  bool OnFrame(std::string_view frame, LinkEvents* events);

  bool stopped_ = false;
  uint16_t error_code_ = 0;
  const char* error_reason_ = "";
  std::unique_ptr<std::string> partial_;  // a frame that is not whole, or null
};

// --- Bodies. The views point into the body. ---------------------------------

struct LinkHello {
  std::string version;
  uint32_t protocol = 0;
  std::string sapi;
  int64_t pid = 0;
};

struct LinkSite {
  std::string_view key;  // empty: the only site of the peer's uid
  std::string_view secret;
};

struct LinkPublish {
  bool skip_history = false;
  bool delta = false;
  std::vector<std::string_view> channels;  // UTF-8, 1 to 255 bytes each
  std::string_view data;                   // one JSON value
  std::map<std::string, std::string> tags;
  std::string idempotency_key;
  uint64_t version = 0;
  std::string version_epoch;
  std::string exclude;  // a client id
};

struct LinkCall {
  std::string method;
  std::string params;  // a JSON object
};

// All fail with kInvalid, and the message says what is wrong; fields of JSON
// bodies that are unknown are ignored, but for a publish's options.
[[nodiscard]] Result<LinkHello> ParseHello(std::string_view body);
[[nodiscard]] Result<LinkSite> ParseSiteFrame(std::string_view body);
[[nodiscard]] Result<LinkPublish> ParsePublishFrame(std::string_view body);
[[nodiscard]] Result<LinkCall> ParseCall(std::string_view body);

// --- Writing ----------------------------------------------------------------

// REQUIRES: body.size() <= kLinkMaxBodyBytes.
void AppendLinkFrame(LinkFrameType type, uint8_t flags, uint32_t request_id,
                     std::string_view body, std::string* out);

// The body of a kPublish frame. `flags`: LinkPublishFlags; `options`: a JSON
// object, or nothing. REQUIRES: the bounds of link_format.h.
void AppendPublishBody(const std::vector<std::string_view>& channels,
                       uint8_t flags, std::string_view data,
                       std::string_view options, std::string* out);

// The body of a kSite frame. REQUIRES: key.size() <= 255,
// secret.size() <= 65535.
void AppendSiteBody(std::string_view key, std::string_view secret,
                    std::string* out);

}  // namespace rt
