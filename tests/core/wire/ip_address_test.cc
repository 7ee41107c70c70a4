#include "wire/ip_address.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rt {
namespace {

TEST(IpAddress, IsReadAndWrittenInOneForm) {
  for (const auto& [text, form] :
       {std::pair("192.0.2.1", "192.0.2.1"),
        std::pair("2001:DB8::1", "2001:db8::1"),
        std::pair("::ffff:192.0.2.1", "192.0.2.1"),
        std::pair("2001:db8:0:0:0:0:0:1", "2001:db8::1"),
        std::pair("::", "::")}) {
    const auto address = IpAddress::Parse(text);
    ASSERT_TRUE(address.has_value()) << text;
    EXPECT_EQ(address->ToString(), form);
  }
}

TEST(IpAddress, IsNothingElse) {
  for (const char* text :
       {"", "192.0.2", "192.0.2.256", "0300.0.2.1", "192.0.2.1 ", "host.test",
        "fe80::1%eth0", "[::1]", "192.0.2.1:80", ":::", "1.2.3.4.5"}) {
    EXPECT_FALSE(IpAddress::Parse(text).has_value()) << text;
  }
  EXPECT_FALSE(IpAddress::Parse(std::string_view("1.2.3.4\0x", 9)).has_value());
  EXPECT_FALSE(IpAddress::Parse(std::string(1000, '1')).has_value());
  EXPECT_FALSE(IpAddress().known());
  EXPECT_EQ(IpAddress().ToString(), "");
}

TEST(IpAddress, OfAProxysNodeComesWithPortAndBrackets) {
  for (const auto& [text, form] :
       {std::pair("192.0.2.1", "192.0.2.1"),
        std::pair("192.0.2.1:4711", "192.0.2.1"),
        std::pair("2001:db8::1", "2001:db8::1"),
        std::pair("[2001:db8::1]", "2001:db8::1"),
        std::pair("[2001:db8::1]:4711", "2001:db8::1")}) {
    const auto address = IpAddress::ParseNode(text);
    ASSERT_TRUE(address.has_value()) << text;
    EXPECT_EQ(address->ToString(), form);
  }
  for (const char* text :
       {"unknown", "_hidden", "192.0.2.1:", "192.0.2.1:port", "192.0.2.1:70000",
        "[192.0.2.1]", "[::1", "[::1]x", "[::1]:", "", ":80", "[]"}) {
    EXPECT_FALSE(IpAddress::ParseNode(text).has_value()) << text;
  }
}

bool InRange(const char* range, const char* address) {
  const auto parsed = AddressRange::Parse(range);
  EXPECT_TRUE(parsed.ok()) << range;
  return parsed.ok() && parsed->Contains(*IpAddress::Parse(address));
}

TEST(AddressRange, HoldsWhatBeginsWithItsBits) {
  EXPECT_TRUE(InRange("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(InRange("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(InRange("192.0.2.128/25", "192.0.2.200"));
  EXPECT_FALSE(InRange("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(InRange("192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(InRange("192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(InRange("fd00::/9", "fd7f::1"));
  EXPECT_FALSE(InRange("fd00::/9", "fd80::1"));
  EXPECT_TRUE(InRange("0.0.0.0/0", "203.0.113.9"));
  EXPECT_FALSE(InRange("0.0.0.0/0", "2001:db8::1")) << "of IPv4 alone";
  EXPECT_TRUE(InRange("::/0", "203.0.113.9"));
}

TEST(AddressRange, TakesAMappedAddressForWhatItIs) {
  EXPECT_TRUE(InRange("127.0.0.0/8", "::ffff:127.0.0.1"));
  EXPECT_TRUE(InRange("::ffff:127.0.0.0/104", "127.0.0.1"));
}

TEST(AddressRange, IsRefusedWithWhatWouldBeRight) {
  for (const char* text :
       {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
        "::/129", "localhost", "10.0.0.0/8/8"}) {
    const auto parsed = AddressRange::Parse(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_NE(parsed.error().message.find("10.0.0.0/8"), std::string::npos);
  }
  const auto inside = AddressRange::Parse("10.1.2.3/8");
  ASSERT_FALSE(inside.ok());
  EXPECT_NE(inside.error().message.find("\"10.0.0.0/8\" instead of"),
            std::string::npos);
}

TEST(IpAddress, AHouseholdIsAnAddressOrANetworkOfIpv6) {
  EXPECT_EQ(IpAddress::Parse("192.0.2.1")->Household(), "192.0.2.1");
  EXPECT_EQ(IpAddress::Parse("::ffff:192.0.2.1")->Household(), "192.0.2.1");
  for (const char* one : {"2001:db8:1:2::1", "2001:db8:1:2:ffff:1:2:3"}) {
    EXPECT_EQ(IpAddress::Parse(one)->Household(), "2001:db8:1:2::/64");
  }
  EXPECT_EQ(IpAddress().Household(), "");
}

TEST(AddressRange, OneThatIsNotKnownIsInNone) {
  const std::vector<AddressRange> all{*AddressRange::Parse("::/0")};
  EXPECT_FALSE(ContainsAddress(all, IpAddress()));
  EXPECT_TRUE(ContainsAddress(all, *IpAddress::Parse("192.0.2.1")));
}

}  // namespace
}  // namespace rt
