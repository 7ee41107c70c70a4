#include "wire/ip_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace rt {

namespace {

constexpr size_t kMappedBytes = 12;  // before the four of an IPv4 address
constexpr unsigned kAllBits = 128;

bool IsPort(std::string_view text) {
  uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, port);
  return error == std::errc() && at == end;
}

// `address` with all bits behind the first `bits` cleared.
std::array<uint8_t, 16> Masked(const std::array<uint8_t, 16>& address,
                               unsigned bits) {
  std::array<uint8_t, 16> masked = {};
  for (unsigned i = 0; i < masked.size(); ++i) {
    const unsigned kept = std::clamp(bits, 8 * i, 8 * i + 8) - 8 * i;
    masked[i] = static_cast<uint8_t>(address[i] & (0xff00U >> kept));
  }
  return masked;
}

}  // namespace

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  char copy[INET6_ADDRSTRLEN] = "";
  if (text.size() >= sizeof copy || text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  text.copy(copy, text.size());
  uint8_t bytes[16];
  if (inet_pton(AF_INET, copy, bytes) == 1) return FromBytes({bytes, 4});
  if (inet_pton(AF_INET6, copy, bytes) == 1) return FromBytes(bytes);
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::ParseNode(std::string_view text) {
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && (rest[0] != ':' || !IsPort(rest.substr(1)))) {
      return std::nullopt;
    }
    const std::string_view inner = text.substr(1, end - 1);
    if (inner.find(':') == std::string_view::npos) return std::nullopt;
    return Parse(inner);
  }
  const size_t colon = text.find(':');
  if (colon != std::string_view::npos && text.rfind(':') == colon) {
    if (!IsPort(text.substr(colon + 1))) return std::nullopt;
    text = text.substr(0, colon);
  }
  return Parse(text);
}

IpAddress IpAddress::FromBytes(std::span<const uint8_t> bytes) {
  RT_CHECK(bytes.size() == 4 || bytes.size() == 16);
  IpAddress address;
  address.known_ = true;
  if (bytes.size() == 4) {
    address.bytes_[10] = 0xff;
    address.bytes_[11] = 0xff;
  }
  std::copy(bytes.begin(), bytes.end(),
            address.bytes_.end() - static_cast<ptrdiff_t>(bytes.size()));
  return address;
}

bool IpAddress::v4() const {
  static constexpr std::array<uint8_t, kMappedBytes> kMapped = {
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return known_ && std::equal(kMapped.begin(), kMapped.end(), bytes_.begin());
}

std::string IpAddress::ToString() const {
  if (!known_) return {};
  char text[INET6_ADDRSTRLEN] = "";
  if (v4()) {
    inet_ntop(AF_INET, bytes_.data() + kMappedBytes, text, sizeof text);
  } else {
    inet_ntop(AF_INET6, bytes_.data(), text, sizeof text);
  }
  return text;
}

std::string IpAddress::Household() const {
  if (!known_ || v4()) return ToString();
  IpAddress network = *this;
  std::fill(network.bytes_.begin() + 8, network.bytes_.end(), uint8_t{0});
  return network.ToString() + "/64";
}

Result<AddressRange> AddressRange::Parse(std::string_view text) {
  const Error wrong{ErrorCode::kInvalid,
                    "an address or a range such as \"192.0.2.1\", "
                    "\"10.0.0.0/8\" or \"fd00::/8\""};
  const size_t slash = text.find('/');
  const auto address = IpAddress::Parse(text.substr(0, slash));
  if (!address.has_value()) return wrong;
  AddressRange range;
  range.base_ = *address;
  range.bits_ = kAllBits;
  if (slash == std::string_view::npos) return range;
  const std::string_view digits = text.substr(slash + 1);
  // As it is written: a mapped address in IPv6's form has bits of IPv6.
  const bool short_form = text.substr(0, slash).find(':') == text.npos;
  const unsigned most = short_form ? 32 : kAllBits;
  unsigned bits = 0;
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, bits);
  if (error != std::errc() || at != end || bits > most) return wrong;
  range.bits_ = bits + (kAllBits - most);
  const std::array<uint8_t, 16> masked = Masked(address->bytes_, range.bits_);
  if (masked != address->bytes_) {
    IpAddress first = *address;
    first.bytes_ = masked;
    return Error{ErrorCode::kInvalid,
                 fmt::format("a range that begins where its bits do: "
                             "\"{}/{}\" instead of \"{}\"",
                             first.ToString(), bits, text)};
  }
  return range;
}

bool AddressRange::Contains(const IpAddress& address) const {
  return address.known() &&
         Masked(address.bytes_, bits_) == Masked(base_.bytes_, bits_);
}

bool ContainsAddress(const std::vector<AddressRange>& ranges,
                     const IpAddress& address) {
  return std::any_of(
      ranges.begin(), ranges.end(),
      [&](const AddressRange& range) { return range.Contains(address); });
}

}  // namespace rt
