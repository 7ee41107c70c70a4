#include "wire/link_frame.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "wire/little_endian.h"

namespace rt {

size_t LinkReader::buffered_bytes() const {
  return partial_ == nullptr ? 0 : sizeof *partial_ + partial_->capacity();
}

bool LinkReader::Read(std::string_view bytes, LinkEvents* events) {
  if (stopped_) return false;
  stopped_ = !ReadFrames(bytes, events);
  if (stopped_) partial_.reset();
  return !stopped_;
}

bool LinkReader::ReadFrames(std::string_view bytes, LinkEvents* events) {
  // First what is missing of the frame that came in pieces: its header, which
  // says how long it is, then its body.
  while (partial_ != nullptr) {
    const auto missing = Missing(*partial_);
    if (!missing.has_value()) return false;
    if (*missing == 0) {
      const std::unique_ptr<std::string> frame = std::move(partial_);
      if (!OnFrame(*frame, events)) return false;
      break;
    }
    if (bytes.empty()) return true;
    *partial_ += bytes.substr(0, *missing);
    bytes.remove_prefix(std::min(bytes.size(), *missing));
  }
  while (!bytes.empty()) {
    size_t size = std::min<size_t>(bytes.size(), kLinkHeaderBytes);
    const auto missing = Missing(bytes.substr(0, size));
    if (!missing.has_value()) return false;
    size += *missing;
    if (size > bytes.size()) {
      partial_ = std::make_unique<std::string>(bytes);
      return true;
    }
    if (!OnFrame(bytes.substr(0, size), events)) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

std::optional<size_t> LinkReader::Missing(std::string_view begin) {
  if (begin.size() < kLinkHeaderBytes) return kLinkHeaderBytes - begin.size();
  const auto body_bytes = LittleEndian<uint32_t>(begin);
  const auto type = static_cast<uint8_t>(begin[4]);
  error_reason_ = nullptr;
  if (body_bytes > kLinkMaxBodyBytes) {
    error_reason_ = "frame is too long";
  } else if (type < kLinkHello || type > kLinkGoodbye) {
    error_reason_ = "unknown type of frame";
  } else if (LittleEndian<uint16_t>(begin.substr(6)) != 0 ||
             LittleEndian<uint32_t>(begin.substr(12)) != 0) {
    error_reason_ = "reserved bytes are not zero";
  }
  if (error_reason_ != nullptr) {
    error_code_ = kLinkGoodbyeMalformed;
    return std::nullopt;
  }
  error_reason_ = "";
  return kLinkHeaderBytes + body_bytes - begin.size();
}

bool LinkReader::OnFrame(std::string_view frame, LinkEvents* events) {
  return events->OnFrame({
      .type = static_cast<LinkFrameType>(frame[4]),
      .flags = static_cast<uint8_t>(frame[5]),
      .request_id = LittleEndian<uint32_t>(frame.substr(8)),
      .body = frame.substr(kLinkHeaderBytes),
  });
}

void AppendLinkFrame(LinkFrameType type, uint8_t flags, uint32_t request_id,
                     std::string_view body, std::string* out) {
  RT_CHECK(body.size() <= kLinkMaxBodyBytes);
  out->reserve(out->size() + kLinkHeaderBytes + body.size());
  AppendLittleEndian(static_cast<uint32_t>(body.size()), out);
  AppendLittleEndian(static_cast<uint8_t>(type), out);
  AppendLittleEndian(flags, out);
  AppendLittleEndian(uint16_t{0}, out);
  AppendLittleEndian(request_id, out);
  AppendLittleEndian(uint32_t{0}, out);
  *out += body;
}

}  // namespace rt
