#include "bench/client_websocket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace rt::bench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Recorder final : public WebSocketEvents {
 public:
  bool OnMessage(WebSocketOpcode, std::string_view payload) override {
    messages.emplace_back(payload);
    return true;
  }
  bool OnPing(std::string_view) override { return true; }
  bool OnPong(std::string_view) override { return true; }
  bool OnClose(uint16_t, std::string_view) override { return true; }

  std::vector<std::string> messages;
};

TEST(ClientWebSocket, WritesFramesThatAServerReads) {
  const std::string middle(300, 'm');
  const std::string large(70000, 'l');
  std::string bytes;
  for (const std::string& text : {std::string("small"), middle, large}) {
    AppendClientFrame(WebSocketOpcode::kText, text, &bytes);
  }
  WebSocketReader reader({1 << 20, 16});
  Recorder server;

  ASSERT_TRUE(reader.Read(bytes.data(), bytes.size(), &server));
  EXPECT_THAT(server.messages, ElementsAre("small", middle, large));
}

TEST(ClientWebSocket, ReadsWhatAServerWrites) {
  for (const size_t length : {0, 1, 125, 126, 65535, 65536}) {
    const std::string text(length, 't');
    std::string bytes;
    AppendWebSocketFrame(WebSocketOpcode::kText, text, &bytes);
    const size_t size = bytes.size();
    bytes += "next";
    ServerFrame frame;

    ASSERT_EQ(ReadServerFrame(bytes, &frame), FrameRead::kWhole);
    EXPECT_EQ(frame.payload, text);
    EXPECT_EQ(frame.size, size);
    for (const size_t cut : {size_t{0}, size_t{1}, size / 2, size - 1}) {
      EXPECT_EQ(ReadServerFrame(std::string_view(bytes).substr(0, cut), &frame),
                FrameRead::kMore);
    }
  }
}

TEST(ClientWebSocket, RefusesFramesThatNoServerHereSends) {
  ServerFrame frame;
  const std::string masked("\x81\x80\0\0\0\0", 6);
  const std::string fragment("\x01\x00", 2);
  const std::string compressed("\xc1\x00", 2);

  EXPECT_EQ(ReadServerFrame(masked, &frame), FrameRead::kBroken);
  EXPECT_EQ(ReadServerFrame(fragment, &frame), FrameRead::kBroken);
  EXPECT_EQ(ReadServerFrame(compressed, &frame), FrameRead::kBroken);
}

TEST(ClientWebSocket, DoesNotOverflowOnAnAbsurdLength) {
  ServerFrame frame;
  const std::string bytes("\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10);
  EXPECT_EQ(ReadServerFrame(bytes, &frame), FrameRead::kMore);
}

TEST(ClientWebSocket, AcceptsTheAnswerToItsOwnKeyAlone) {
  const std::string request = HandshakeRequest("/sub/a", "SESSx=1");
  const std::string name = "Sec-WebSocket-Key: ";
  const std::string key = request.substr(request.find(name) + name.size(), 24);
  const std::string good =
      "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: ";

  EXPECT_THAT(request, HasSubstr("GET /sub/a HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nCookie: SESSx=1\r\n"));
  EXPECT_TRUE(IsWebSocketKey(key));
  EXPECT_TRUE(CheckHandshakeAnswer(good + WebSocketAccept(key)).ok());
  EXPECT_FALSE(CheckHandshakeAnswer(good + "nonsense").ok());
  EXPECT_EQ(
      CheckHandshakeAnswer("HTTP/1.1 403 Forbidden\r\nServer: x")
          .error()
          .message,
      "the WebSocket handshake was answered with: HTTP/1.1 403 Forbidden");
}

}  // namespace
}  // namespace rt::bench
