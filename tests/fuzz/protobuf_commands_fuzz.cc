// Property: whatever bytes come as Protobuf, the decoder neither crashes nor
// hands on text that is not UTF-8, and takes no more than the bytes that are
// there. What the encoders make of it has the length that it says.
#include <string>

#include "base/check.h"
#include "wire/client_protocol_codec.h"
#include "wire/encoded_push.h"
#include "wire/protobuf_commands.h"
#include "wire/utf8.h"

namespace rt {
namespace {

bool Check(const Command& command, size_t bytes) {
  for (const std::string* text :
       {&command.subscribe.channel, &command.subscribe.epoch,
        &command.publish.channel, &command.history.channel, &command.channel,
        &command.token, &command.connect.token, &command.rpc.method}) {
    RT_CHECK(IsUtf8(*text) && text->size() <= bytes);
  }
  RT_CHECK(command.publish.data.size() <= bytes);
  RT_CHECK(command.rpc.data.size() <= bytes);
  return true;
}

void CheckEncoders(std::string_view bytes) {
  Publication publication;
  publication.data = bytes;
  publication.offset = bytes.size();
  EncodedPush::Routing routing;
  routing.key = "channel";
  const EncodedPush push(routing, publication, "patch");
  for (const PushForm form : {PushForm::kProtobuf, PushForm::kProtobufDelta}) {
    std::string alone;
    Publication expected = publication;
    if (form == PushForm::kProtobufDelta) {
      expected.data = "patch";
      expected.delta = true;
    }
    ProtobufCodec().AppendPublication(expected, &alone);
    RT_CHECK(push.Publication(form) == alone);
    RT_CHECK(push.Reply(form).ends_with(alone));
  }
}

}  // namespace
}  // namespace rt

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  (void)rt::ProtobufCodec().Decode(input, [size](rt::Command&& command) {
    return rt::Check(command, size);
  });
  rt::EmulationRequest request;
  if (rt::ParseProtobufEmulation(input, &request)) {
    RT_CHECK(rt::IsUtf8(request.node) && request.data.size() <= size);
  }
  (void)rt::ParseJsonEmulation(input, &request);
  rt::CheckEncoders(input);
  return 0;
}
