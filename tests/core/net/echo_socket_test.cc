#include "net/echo_socket.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "core/net/loopback.h"

namespace rt {
namespace {

// A short frame as a client sends it, with a mask that changes nothing.
std::string Frame(int first_byte, const std::string& payload) {
  return std::string{static_cast<char>(first_byte),
                     static_cast<char>(0x80 | payload.size())} +
         std::string(4, '\0') + payload;
}

// And as a server does.
std::string ServerFrame(int first_byte, const std::string& payload) {
  return std::string{static_cast<char>(first_byte),
                     static_cast<char>(payload.size())} +
         payload;
}

class EchoSocketTest : public testing::Test {
 protected:
  std::optional<DeflateParams> deflate_;
  Loopback net_{[this](Connection* connection) {
    return std::make_unique<EchoSocket>(connection, deflate_);
  }};
};

TEST_F(EchoSocketTest, AnswersWithTheMessage) {
  Client client(&net_);
  client.Send(Frame(0x81, "text") + Frame(0x82, "\xff"));
  client.Until(ServerFrame(0x81, "text") + ServerFrame(0x82, "\xff"));
}

TEST_F(EchoSocketTest, CompressesEveryAnswerOnceItWasAgreedOn) {
  deflate_ = DeflateParams{9, 15};
  Client client(&net_);
  const std::string deflated = DeflateMessage("text", 9);
  client.Send(Frame(0x81, "text") + Frame(0xc1, deflated) + Frame(0x82, ""));
  client.Until(ServerFrame(0xc1, deflated) + ServerFrame(0xc1, deflated) +
               ServerFrame(0xc2, DeflateMessage("", 9)));
}

TEST_F(EchoSocketTest, TakesNothingCompressedUnasked) {
  Client client(&net_);
  client.Send(Frame(0xc1, DeflateMessage("text", 15)));
  std::string close;
  AppendWebSocketClose(kWebSocketProtocolError, "compression was not agreed on",
                       &close);
  EXPECT_EQ(client.UntilEnd(), close);
}

TEST_F(EchoSocketTest, SaysGoodbye) {
  Client client(&net_);
  client.Send(Frame(0x81, "Goodbye"));
  std::string close;
  AppendWebSocketClose(kWebSocketNormal, "Goodbye", &close);
  client.Until(ServerFrame(0x81, "Goodbye") + close);
}

}  // namespace
}  // namespace rt
