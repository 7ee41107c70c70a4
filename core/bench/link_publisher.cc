// The extension's side of the link (wire/link_format.h), as far as publishing
// needs it.
#include <unistd.h>

#include "base/check.h"
#include "bench/publisher.h"
#include "wire/link_format.h"

namespace rt::bench {
namespace {

void AppendLittleEndian(uint64_t value, int bytes, std::string* out) {
  for (int i = 0; i < bytes; ++i) {
    out->push_back(static_cast<char>(value >> (8 * i)));
  }
}

uint32_t LittleEndian32(std::string_view bytes) {
  uint32_t value = 0;
  for (int i = 3; i >= 0; --i) {
    value = value << 8 | static_cast<uint8_t>(bytes[static_cast<size_t>(i)]);
  }
  return value;
}

void AppendHeader(LinkFrameType type, size_t body_bytes, uint32_t request,
                  std::string* out) {
  AppendLittleEndian(body_bytes, 4, out);
  AppendLittleEndian(type, 4, out);  // flags and the two zeros with it
  AppendLittleEndian(request, 4, out);
  AppendLittleEndian(0, 4, out);
}

class LinkPublisher final : public Publisher {
 public:
  LinkPublisher(Descriptor fd, std::string_view site_key,
                std::string_view site_secret)
      : Publisher(std::move(fd)) {
    const std::string hello =
        "{\"version\":\"" RT_VERSION "\",\"protocol\":" +
        std::to_string(kLinkProtocol) +
        ",\"sapi\":\"bench\",\"pid\":" + std::to_string(getpid()) + "}";
    AppendHeader(kLinkHello, hello.size(), 0, &out_);
    out_ += hello;
    if (site_key.empty()) return;
    RT_CHECK(site_key.size() <= 64 && site_secret.size() <= 0xffff);
    AppendHeader(kLinkSite, 4 + site_key.size() + site_secret.size(), 0, &out_);
    AppendLittleEndian(site_key.size(), 2, &out_);
    AppendLittleEndian(site_secret.size(), 2, &out_);
    out_ += site_key;
    out_ += site_secret;
  }

  void Append(std::string_view channel, std::string_view data,
              bool confirmed) override {
    AppendHeader(kLinkPublish, 8 + 2 + channel.size() + data.size(),
                 confirmed ? ++request_ : 0, &out_);
    AppendLittleEndian(1, 2, &out_);  // channels
    AppendLittleEndian(0, 2, &out_);  // flags
    AppendLittleEndian(data.size(), 4, &out_);
    AppendLittleEndian(channel.size(), 2, &out_);
    out_ += channel;
    out_ += data;
    if (confirmed) Asked();
  }

 private:
  Status ReadAnswers() override {
    size_t at = 0;
    while (in_.size() - at >= kLinkHeaderBytes) {
      const std::string_view rest = std::string_view{in_}.substr(at);
      const size_t size = kLinkHeaderBytes + LittleEndian32(rest);
      if (rest.size() < size) break;
      const std::string_view body =
          rest.substr(kLinkHeaderBytes, size - kLinkHeaderBytes);
      const auto type = static_cast<uint8_t>(rest[4]);
      if (type == kLinkGoodbye ||
          (type == kLinkReply && !body.starts_with("{\"result\""))) {
        return Error{ErrorCode::kDenied,
                     "the broker's link answered: " + std::string(body)};
      }
      if (type == kLinkReply) Answered();
      at += size;
    }
    in_.erase(0, at);
    return {};
  }

  uint32_t request_ = 0;
};

}  // namespace

std::unique_ptr<Publisher> MakeLinkPublisher(Descriptor fd,
                                             std::string_view site_key,
                                             std::string_view site_secret) {
  return std::make_unique<LinkPublisher>(std::move(fd), site_key, site_secret);
}

}  // namespace rt::bench
