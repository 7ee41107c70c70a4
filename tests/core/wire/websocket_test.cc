#include "wire/websocket.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

// RFC 6455 section 1.3.
TEST(WebSocket, AcceptsTheKeyOfTheStandard) {
  EXPECT_EQ(WebSocketAccept("dGhlIHNhbXBsZSBub25jZQ=="),
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebSocket, AKeyIsSixteenBytesInBase64) {
  EXPECT_TRUE(IsWebSocketKey("dGhlIHNhbXBsZSBub25jZQ=="));
  EXPECT_TRUE(IsWebSocketKey("+//+/w8PDw8PDw8PDw8PDw=="));
  EXPECT_FALSE(IsWebSocketKey(""));
  EXPECT_FALSE(IsWebSocketKey("dGhlIHNhbXBsZSBub25jZQ"));
  EXPECT_FALSE(IsWebSocketKey("dGhlIHNhbXBsZSBub25jZQ==="));
  EXPECT_FALSE(IsWebSocketKey("dGhlIHNhbXBsZSBub25jZWE="));
  EXPECT_FALSE(IsWebSocketKey("dGhlIHNhbXBsZSBub25jZWEK"));
  EXPECT_FALSE(IsWebSocketKey("dGhlIHNhbXBs ZSBub25jZ=="));
  EXPECT_FALSE(IsWebSocketKey("-__-_w8PDw8PDw8PDw8PDw=="));
  EXPECT_FALSE(IsWebSocketKey("dGhlIHNhbXBsZSBub25jZ==="));
}

std::string Header(WebSocketOpcode opcode, size_t bytes, bool compressed) {
  char out[kWebSocketMaxHeaderBytes];
  return {out, WriteWebSocketHeader(opcode, bytes, compressed, out)};
}

TEST(WebSocket, AHeaderHasTheShortestFormOfItsLength) {
  using std::string_literals::operator""s;
  const auto text = WebSocketOpcode::kText;
  EXPECT_EQ(Header(text, 0, false), "\x81\x00"s);
  EXPECT_EQ(Header(text, 125, false), "\x81\x7d");
  EXPECT_EQ(Header(text, 126, false), "\x81\x7e\x00\x7e"s);
  EXPECT_EQ(Header(text, 0xffff, false), "\x81\x7e\xff\xff");
  EXPECT_EQ(Header(text, 0x10000, false),
            "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s);
  EXPECT_EQ(Header(WebSocketOpcode::kBinary, 5, true), "\xc2\x05");
}

TEST(WebSocket, AFrameIsItsHeaderAndItsPayload) {
  std::string out = "before";
  AppendWebSocketFrame(WebSocketOpcode::kPong, "abc", &out);
  EXPECT_EQ(out,
            "before\x8a\x03"
            "abc");
}

TEST(WebSocket, ACloseFrameCarriesCodeAndReason) {
  std::string out;
  AppendWebSocketClose(3501, "bad request", &out);
  EXPECT_EQ(out,
            "\x88\x0d\x0d\xad"
            "bad request");
}

TEST(WebSocket, ACloseFrameWithoutStatusIsEmpty) {
  std::string out;
  AppendWebSocketClose(kWebSocketNoStatus, "not sent", &out);
  EXPECT_EQ(out, std::string("\x88\x00", 2));
}

TEST(WebSocket, ACloseReasonIsCutAtACharactersEdge) {
  std::string out;
  AppendWebSocketClose(1000, std::string(122, 'a') + "\xc3\xa9", &out);
  EXPECT_EQ(out, "\x88\x7c\x03\xe8" + std::string(122, 'a'));
}

}  // namespace
}  // namespace rt
