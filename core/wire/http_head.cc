#include "wire/http_head.h"

#include "base/check.h"
#include "base/limits.h"
#include "wire/http_grammar.h"

namespace rt {

std::optional<std::string_view> HttpRequestHead::header(
    std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string HttpRequestHead::joined(std::string_view name,
                                    std::string_view separator) const {
  std::string all;
  bool first = true;
  for (const auto& [key, value] : headers) {
    if (key != name) continue;
    if (!first) all += separator;
    first = false;
    all += value;
  }
  return all;
}

HttpHeadReader::State HttpHeadReader::Fail(int status) {
  status_ = status;
  buffer_ = {};
  return state_ = State::kFailed;
}

HttpHeadReader::State HttpHeadReader::Read(std::string_view bytes,
                                           size_t* used) {
  RT_CHECK(state_ == State::kMore);
  // A head that comes in one piece, as nearly all do, is never copied.
  const size_t before = buffer_.size();
  std::string_view all = bytes;
  if (before > 0) {
    buffer_ += bytes.substr(0, kMaxHttpHeadBytes + 1 - before);
    all = buffer_;
  }
  const size_t end = FindEnd(all);
  if (state_ == State::kFailed) {
    *used = 0;
    return state_;
  }
  if (end == 0) {
    if (before == 0) buffer_ = bytes;
    *used = bytes.size();
    return state_;
  }
  *used = end - before;
  const int status =
      ParseHttpHead(all.substr(first_byte_, end - first_byte_), &head_);
  if (status != 0) return Fail(status);
  buffer_ = {};
  return state_ = State::kComplete;
}

size_t HttpHeadReader::FindEnd(std::string_view bytes) {
  while (true) {
    // Whoever begins with something else (TLS, say) does not speak HTTP, and
    // may never send the end of a line.
    if (line_begin_ == first_byte_ && bytes.size() > first_byte_ &&
        !IsHttpTokenByte(bytes[first_byte_]) && bytes[first_byte_] != '\r') {
      Fail(400);
      return 0;
    }
    const size_t line_feed = bytes.find('\n', scanned_);
    if (line_feed == std::string_view::npos || line_feed >= kMaxHttpHeadBytes) {
      scanned_ = bytes.size();
      if (bytes.size() > kMaxHttpHeadBytes) Fail(431);
      return 0;
    }
    if (line_feed == 0 || bytes[line_feed - 1] != '\r') {
      Fail(400);
      return 0;
    }
    const bool empty = line_feed == line_begin_ + 1;
    const bool first = line_begin_ == first_byte_;
    scanned_ = line_begin_ = line_feed + 1;
    if (!empty) continue;
    if (!first) return line_feed + 1;
    // One empty line before the request is let pass (RFC 9112 section 2.2).
    if (first_byte_ > 0) {
      Fail(400);
      return 0;
    }
    first_byte_ = line_feed + 1;
  }
}

namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// An escape that is none stands for itself, as in browsers.
std::string DecodeQuery(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      decoded += ' ';
      continue;
    }
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = HexDigit(text[i + 1]);
      const int low = HexDigit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        decoded += static_cast<char>(high << 4 | low);
        i += 2;
        continue;
      }
    }
    decoded += text[i];
  }
  return decoded;
}

}  // namespace

std::optional<std::string> QueryParameter(std::string_view query,
                                          std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const size_t equals = std::min(pair.find('='), pair.size());
    if (DecodeQuery(pair.substr(0, equals)) != name) continue;
    return DecodeQuery(pair.substr(std::min(equals + 1, pair.size())));
  }
  return std::nullopt;
}

}  // namespace rt
