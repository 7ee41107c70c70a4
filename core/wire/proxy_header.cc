#include "wire/proxy_header.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace rt {

namespace {

constexpr std::string_view kTextStart = "PROXY ";
// With its line end, the specification's longest.
constexpr size_t kMaxTextBytes = 107;

constexpr std::string_view kBinaryStart("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr size_t kBinaryFixedBytes = 16;  // start, command, family, length
constexpr uint8_t kVersion2 = 0x20;
constexpr uint8_t kLocal = 0;
constexpr uint8_t kProxied = 1;

// High four bits of the family's byte.
constexpr uint8_t kUnspecified = 0;
constexpr uint8_t kInet = 1;
constexpr uint8_t kInet6 = 2;
constexpr uint8_t kUnix = 3;

constexpr size_t kInetBytes = 12;  // two addresses, two ports
constexpr size_t kInet6Bytes = 36;
constexpr size_t kUnixBytes = 216;

bool IsPrefixOf(std::string_view whole, std::string_view some) {
  return whole.substr(0, std::min(whole.size(), some.size())) ==
         some.substr(0, std::min(whole.size(), some.size()));
}

std::vector<std::string_view> SplitAtSpaces(std::string_view line) {
  std::vector<std::string_view> words;
  size_t start = 0;
  for (;;) {
    const size_t end = line.find(' ', start);
    words.push_back(line.substr(start, end - start));
    if (end == std::string_view::npos) return words;
    start = end + 1;
  }
}

// Decimal, without leading zeros, as the specification wants it.
bool IsPort(std::string_view text) {
  uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, port);
  return error == std::errc() && at == end &&
         (text.size() == 1 || text[0] != '0');
}

}  // namespace

ProxyHeaderReader::State ProxyHeaderReader::Read(std::string_view bytes,
                                                 size_t* used) {
  *used = 0;
  while (state_ == State::kMore && *used < bytes.size()) {
    if (skipping_) {
      const size_t skipped = std::min(to_skip_, bytes.size() - *used);
      to_skip_ -= skipped;
      *used += skipped;
      if (to_skip_ == 0) state_ = State::kComplete;
      continue;
    }
    // A byte at a time, so that nothing of the client's is taken: a header is
    // short, and there is one a connection.
    head_ += bytes[(*used)++];
    if (IsPrefixOf(kTextStart, head_)) {
      state_ = ReadText();
    } else if (IsPrefixOf(kBinaryStart, head_)) {
      state_ = ReadBinary();
    } else {
      state_ = State::kFailed;
    }
  }
  if (state_ != State::kMore) head_ = std::string();
  return state_;
}

ProxyHeaderReader::State ProxyHeaderReader::ReadText() {
  if (!head_.ends_with("\r\n")) {
    return head_.size() < kMaxTextBytes ? State::kMore : State::kFailed;
  }
  const std::string_view line(head_.data(), head_.size() - 2);
  return ParseLine(line) ? State::kComplete : State::kFailed;
}

bool ProxyHeaderReader::ParseLine(std::string_view line) {
  const std::vector<std::string_view> words = SplitAtSpaces(line);
  // What follows UNKNOWN is to be ignored.
  if (words.size() >= 2 && words[1] == "UNKNOWN") return true;
  if (words.size() != 6 || !IsPort(words[4]) || !IsPort(words[5])) return false;
  const bool v6 = words[1] == "TCP6";
  if (!v6 && words[1] != "TCP4") return false;
  for (const std::string_view address : {words[2], words[3]}) {
    const bool colons = address.find(':') != std::string_view::npos;
    if (colons != v6 || !IpAddress::Parse(address).has_value()) return false;
  }
  source_ = *IpAddress::Parse(words[2]);
  return true;
}

ProxyHeaderReader::State ProxyHeaderReader::ReadBinary() {
  if (head_.size() < kBinaryFixedBytes) return State::kMore;
  const auto byte = [this](size_t at) {
    return static_cast<uint8_t>(head_[at]);
  };
  const uint8_t command = byte(12) ^ kVersion2;
  const uint8_t family = byte(13) >> 4;
  const size_t length = static_cast<size_t>(byte(14)) << 8 | byte(15);
  const size_t addresses = family == kInet    ? kInetBytes
                           : family == kInet6 ? kInet6Bytes
                           : family == kUnix  ? kUnixBytes
                                              : 0;
  const bool good = (command == kLocal || command == kProxied) &&
                    family <= kUnix && (byte(13) & 0x0f) <= 2 &&
                    length <= kMaxProxyHeaderBytes;
  if (!good) return State::kFailed;
  // What a proxy says of itself, or leaves open, is skipped unread.
  const size_t wanted =
      command == kLocal || family == kUnspecified ? 0 : addresses;
  if (length < wanted) return State::kFailed;
  if (head_.size() < kBinaryFixedBytes + wanted) return State::kMore;
  if (wanted > 0 && !ParseAddresses()) return State::kFailed;
  to_skip_ = length - wanted;
  skipping_ = to_skip_ > 0;
  return skipping_ ? State::kMore : State::kComplete;
}

bool ProxyHeaderReader::ParseAddresses() {
  const auto* bytes =
      reinterpret_cast<const uint8_t*>(head_.data()) + kBinaryFixedBytes;
  const uint8_t kind = static_cast<uint8_t>(head_[13]);
  // A stream over IP; of datagrams there are none here.
  const bool stream = (kind & 0x0f) != 2;
  if (kind >> 4 == kInet) source_ = IpAddress::FromBytes({bytes, 4});
  if (kind >> 4 == kInet6) source_ = IpAddress::FromBytes({bytes, 16});
  return stream;
}

}  // namespace rt
