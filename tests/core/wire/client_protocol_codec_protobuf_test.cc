#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wire/client_protocol_codec.h"
#include "wire/encoded_push.h"

namespace rt {
namespace {

using Kind = Command::Kind;

std::vector<Command> Decoded(std::string_view message, bool good = true) {
  std::vector<Command> commands;
  const Status status = ProtobufCodec().Decode(message, [&](Command&& one) {
    commands.push_back(std::move(one));
    return true;
  });
  EXPECT_EQ(status.ok(), good);
  return commands;
}

TEST(ProtobufCodec, DecodesSeveralCommandsOfOneMessage) {
  // connect {} with id 1, then subscribe {channel "c"} with id 2, then a pong.
  const std::string message(
      "\x04\x08\x01\x22\x00"
      "\x07\x08\x02\x2a\x03\x0a\x01"
      "c"
      "\x00",
      14);
  const std::vector<Command> commands = Decoded(message);
  ASSERT_EQ(commands.size(), 3u);
  EXPECT_EQ(commands[0].kind, Kind::kConnect);
  EXPECT_EQ(commands[0].id, 1u);
  EXPECT_EQ(commands[1].kind, Kind::kSubscribe);
  EXPECT_EQ(commands[1].subscribe.channel, "c");
  EXPECT_EQ(commands[2].kind, Kind::kPong);
}

TEST(ProtobufCodec, RefusesWhatIsNotThere) {
  for (const std::string& message :
       {std::string(), std::string("\x05\x08\x01", 3),
        std::string("\xff\xff\xff\xff\xff\x01", 6),
        std::string("\x02\x22\x7f", 3), std::string("\x02\x0d\x01", 3)}) {
    Decoded(message, false);
  }
  // A channel that is not UTF-8.
  Decoded(std::string("\x07\x08\x02\x2a\x03\x0a\x01\xff", 8), false);
}

TEST(ProtobufCodec, KeepsBodiesThatAreEmpty) {
  std::string reply;
  ProtobufCodec().AppendEmpty(2, Kind::kUnsubscribe, &reply);
  EXPECT_EQ(reply, std::string("\x08\x02\x3a\x00", 4));
  reply.clear();
  ProtobufCodec().AppendSubscribe(2, SubscribeResult(), &reply);
  EXPECT_EQ(reply, std::string("\x08\x02\x32\x00", 4));
  reply.clear();
  ProtobufCodec().AppendPing(&reply);
  EXPECT_EQ(reply, "");
}

TEST(ProtobufCodec, WritesErrorsAndPushes) {
  std::string reply;
  ProtobufCodec().AppendError(3, kErrorTooManyRequests, &reply);
  EXPECT_EQ(reply,
            "\x08\x03\x12\x17\x08\x6f\x12\x11"
            "too many requests\x18\x01");
  Publication publication;
  publication.data = "1";
  publication.offset = 7;
  publication.tags["t"] = "x";
  std::string push;
  ProtobufCodec().AppendPublicationPush("c", publication, &push);
  EXPECT_EQ(push, std::string("\x22\x12\x12\x01"
                              "c\x22\x0d\x22\x01"
                              "1\x30\x07\x3a\x06\x0a\x01"
                              "t\x12\x01"
                              "x",
                              20));
}

TEST(EncodedPush, CutsThePublicationOutOfThePush) {
  EncodedPush::Routing routing;
  routing.key = R"(a","pub":{"b)";
  Publication publication;
  publication.data = R"({"pub":1})";
  publication.offset = 3;
  const EncodedPush push(routing, publication);
  EXPECT_EQ(push.Publication(PushForm::kJson),
            R"({"data":{"pub":1},"offset":3})");
  EXPECT_EQ(push.Publication(PushForm::kJsonDelta),
            R"({"data":"{\"pub\":1}","offset":3})")
      << "without a patch it is the whole, as text";
  std::string alone;
  ProtobufCodec().AppendPublication(publication, &alone);
  EXPECT_EQ(push.Publication(PushForm::kProtobuf), alone);
  EXPECT_EQ(push.BareReply().front(), '{');
  EXPECT_EQ("{\"push\":" + std::string(push.BareReply()) + "}",
            push.Reply(PushForm::kJson));
}

}  // namespace
}  // namespace rt
