#include "wire/proxy_header.h"

#include <gtest/gtest.h>

#include <string>

namespace rt {
namespace {

using State = ProxyHeaderReader::State;

const std::string kStart("\r\n\r\n\0\r\nQUIT\n", 12);

// A version 2 header: command and family as on the wire, then its body.
std::string Binary(uint8_t command, uint8_t family, const std::string& body) {
  std::string header = kStart;
  header += static_cast<char>(command);
  header += static_cast<char>(family);
  header += static_cast<char>(body.size() >> 8);
  header += static_cast<char>(body.size() & 0xff);
  return header + body;
}

const std::string kInetBody("\xc0\x00\x02\x01\x0a\x00\x00\x01\x12\x67\x01\xbb",
                            12);

struct Outcome {
  State state;
  std::string source;
  size_t used;
};

// At once, and byte by byte, which must be the same.
Outcome Read(const std::string& bytes) {
  ProxyHeaderReader whole;
  size_t used = 0;
  whole.Read(bytes, &used);
  ProxyHeaderReader pieces;
  size_t all = 0;
  for (const char byte : bytes) {
    if (pieces.state() != State::kMore) break;
    size_t one = 0;
    pieces.Read({&byte, 1}, &one);
    all += one;
  }
  EXPECT_EQ(whole.state(), pieces.state());
  EXPECT_EQ(whole.source(), pieces.source());
  EXPECT_EQ(used, all);
  return {whole.state(), whole.source().ToString(), used};
}

TEST(ProxyHeaderReader, TakesALineAndLeavesTheClientsBytes) {
  const std::string line = "PROXY TCP4 192.0.2.1 10.0.0.1 4711 443\r\n";
  const Outcome read = Read(line + "GET / HTTP/1.1\r\n");
  EXPECT_EQ(read.state, State::kComplete);
  EXPECT_EQ(read.source, "192.0.2.1");
  EXPECT_EQ(read.used, line.size());
  EXPECT_EQ(Read("PROXY TCP6 2001:db8::1 ::1 1 2\r\n").source, "2001:db8::1");
}

TEST(ProxyHeaderReader, AnUnknownSourceIsNone) {
  for (const char* line :
       {"PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n"}) {
    const Outcome read = Read(line);
    EXPECT_EQ(read.state, State::kComplete) << line;
    EXPECT_EQ(read.source, "");
  }
}

TEST(ProxyHeaderReader, RefusesALineThatIsNotQuiteOne) {
  for (const char* line :
       {"GET / HTTP/1.1\r\n", "proxy TCP4 192.0.2.1 10.0.0.1 1 2\r\n",
        "PROXY TCP4 192.0.2.1 10.0.0.1 1\r\n",
        "PROXY TCP4 192.0.2.1 10.0.0.1 1 2 3\r\n",
        "PROXY TCP4 192.0.2.1  10.0.0.1 1 2\r\n",
        "PROXY TCP4 2001:db8::1 ::1 1 2\r\n",
        "PROXY TCP6 192.0.2.1 10.0.0.1 1 2\r\n",
        "PROXY TCP4 192.0.2.256 10.0.0.1 1 2\r\n",
        "PROXY TCP4 192.0.2.1 10.0.0.1 01 2\r\n",
        "PROXY TCP4 192.0.2.1 10.0.0.1 1 65536\r\n",
        "PROXY UDP4 192.0.2.1 10.0.0.1 1 2\r\n", "PROXY \r\n",
        "\x16\x03\x01"}) {
    EXPECT_EQ(Read(line).state, State::kFailed) << line;
  }
}

TEST(ProxyHeaderReader, WaitsForALineNoLongerThanOneCanBe) {
  EXPECT_EQ(Read("PROXY UNKNOWN " + std::string(200, 'x')).state,
            State::kFailed);
  EXPECT_EQ(Read("PROXY UNKNOWN " + std::string(50, 'x')).state, State::kMore);
  EXPECT_EQ(Read("PROXY TCP4 192.0.2.1 10.0.0.1 1 2\n").state, State::kMore);
}

TEST(ProxyHeaderReader, TakesBinaryAddressesOfBothKinds) {
  const Outcome v4 = Read(Binary(0x21, 0x11, kInetBody) + "rest");
  EXPECT_EQ(v4.state, State::kComplete);
  EXPECT_EQ(v4.source, "192.0.2.1");
  EXPECT_EQ(v4.used, 16 + 12u);
  const std::string one("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
  const Outcome v6 = Read(Binary(0x21, 0x21, one + one + "\1\2\3\4"));
  EXPECT_EQ(v6.state, State::kComplete);
  EXPECT_EQ(v6.source, "2001:db8::1");
}

TEST(ProxyHeaderReader, SkipsExtensions) {
  const std::string tlv = std::string("\x04\x00\x03", 3) + "abc";
  const Outcome read =
      Read(Binary(0x21, 0x11, kInetBody + tlv + tlv) + "GET / HTTP/1.1\r\n");
  EXPECT_EQ(read.state, State::kComplete);
  EXPECT_EQ(read.source, "192.0.2.1");
  EXPECT_EQ(read.used, 16 + 12 + 12u);
}

TEST(ProxyHeaderReader, WhatTheProxySaysOfItselfIsNoSource) {
  for (const std::string& header :
       {Binary(0x20, 0x11, kInetBody), Binary(0x20, 0x00, ""),
        Binary(0x20, 0x00, std::string(100, '\xff')), Binary(0x21, 0x00, ""),
        Binary(0x21, 0x31, std::string(216, 's'))}) {
    const Outcome read = Read(header + "x");
    EXPECT_EQ(read.state, State::kComplete);
    EXPECT_EQ(read.source, "");
    EXPECT_EQ(read.used, header.size());
  }
}

TEST(ProxyHeaderReader, RefusesBinaryThatIsNotQuiteRight) {
  const std::string good = Binary(0x21, 0x11, kInetBody);
  for (const std::string& header :
       {Binary(0x11, 0x11, kInetBody), Binary(0x22, 0x11, kInetBody),
        Binary(0x21, 0x41, kInetBody), Binary(0x21, 0x13, kInetBody),
        Binary(0x21, 0x12, kInetBody), Binary(0x21, 0x11, "short"),
        Binary(0x21, 0x21, kInetBody), Binary(0x21, 0x31, kInetBody),
        Binary(0x21, 0x11,
               kInetBody + std::string(kMaxProxyHeaderBytes, 'x'))}) {
    EXPECT_EQ(Read(header).state, State::kFailed);
  }
  EXPECT_EQ(Read(good.substr(0, good.size() - 1)).state, State::kMore);
  EXPECT_EQ(Read(kStart.substr(0, 5) + "x").state, State::kFailed);
}

}  // namespace
}  // namespace rt
