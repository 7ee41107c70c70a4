// IP addresses and the ranges of them that an operator names. Plain values;
// pure. An IPv4 address is the same whether it comes as such or mapped into
// IPv6 (RFC 4291 section 2.5.5.2), so that one list fits any listener.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rt {

class IpAddress {
 public:
  // No address: a unix socket's peer, or one that nobody told of.
  IpAddress() = default;

  // In numbers: "192.0.2.1", "2001:db8::1". No port, no brackets, no zone.
  [[nodiscard]] static std::optional<IpAddress> Parse(std::string_view text);
  // As above, and with a port and brackets as proxies write them:
  // "192.0.2.1:4711", "[2001:db8::1]", "[2001:db8::1]:4711".
  [[nodiscard]] static std::optional<IpAddress> ParseNode(
      std::string_view text);
  // In network order. REQUIRES: 4 or 16 bytes.
  [[nodiscard]] static IpAddress FromBytes(std::span<const uint8_t> bytes);

  [[nodiscard]] bool known() const { return known_; }
  // Empty where it is not known.
  [[nodiscard]] std::string ToString() const;
  // Who counts as one: the address, of IPv6 the network that everybody has all
  // to himself, "2001:db8::/64".
  [[nodiscard]] std::string Household() const;

  bool operator==(const IpAddress&) const = default;

 private:
  friend class AddressRange;
  [[nodiscard]] bool v4() const;

  bool known_ = false;
  std::array<uint8_t, 16> bytes_ = {};  // of IPv6; IPv4 is mapped
};

// All addresses that begin with the same bits.
class AddressRange {
 public:
  // "192.0.2.1", "10.0.0.0/8", "fd00::/8". The error says what was expected.
  [[nodiscard]] static Result<AddressRange> Parse(std::string_view text);

  [[nodiscard]] bool Contains(const IpAddress& address) const;

 private:
  IpAddress base_;
  unsigned bits_ = 0;  // of the 128
};

// In any of them? An address that is not known is in none.
[[nodiscard]] bool ContainsAddress(const std::vector<AddressRange>& ranges,
                                   const IpAddress& address);

}  // namespace rt
