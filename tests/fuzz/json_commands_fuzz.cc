// Property: what the JSON codec decodes holds payloads that are JSON on one
// line, and a command that is written again is decoded as the same. IsJson
// agrees with simdjson's own parser, but for numbers that no machine type
// holds, halves of surrogate pairs, and depth.
#include <simdjson.h>

#include <string>

#include "base/check.h"
#include "wire/client_protocol_codec.h"
#include "wire/json_writer.h"
#include "wire/utf8.h"

namespace rt {
namespace {

void CheckAgainstSimdjson(std::string_view text) {
  static simdjson::dom::parser parser;
  const simdjson::padded_string padded(text);
  const simdjson::error_code error = parser.parse(padded).error();
  const bool ours = IsJson(text);
  switch (error) {
    case simdjson::SUCCESS:
      // Only depth may tell them apart.
      RT_CHECK(ours || text.size() > kMaxJsonDepth);
      break;
    case simdjson::NUMBER_ERROR:
    case simdjson::STRING_ERROR:
    case simdjson::DEPTH_ERROR:
      break;
    default:
      RT_CHECK(!ours);
  }
}

void CheckData(const std::string& data) {
  if (data.empty()) return;
  RT_CHECK(IsJson(data));
  RT_CHECK(data.find_first_of("\r\n") == std::string::npos);
}

void CheckPublishAgain(const Command& command) {
  std::string line = "{\"publish\":{\"data\":" + command.publish.data +
                     ",\"channel\":" + JsonString(command.publish.channel) +
                     "},\"id\":" + std::to_string(command.id) + "}\n";
  int commands = 0;
  const Status status = JsonCodec().Decode(line, [&](Command&& again) {
    ++commands;
    RT_CHECK(again.kind == command.kind && again.id == command.id);
    RT_CHECK(again.publish.channel == command.publish.channel);
    RT_CHECK(again.publish.data == command.publish.data);
    return true;
  });
  RT_CHECK(status.ok() && commands == 1);
}

bool Check(const Command& command) {
  for (const std::string* text :
       {&command.subscribe.channel, &command.publish.channel,
        &command.history.channel, &command.channel, &command.token,
        &command.connect.token, &command.rpc.method}) {
    RT_CHECK(IsUtf8(*text));
  }
  CheckData(command.connect.data);
  CheckData(command.subscribe.data);
  CheckData(command.rpc.data);
  CheckData(command.data);
  CheckData(command.publish.data);
  RT_CHECK(command.publish.has_data != command.publish.data.empty());
  if (command.publish.has_data) CheckPublishAgain(command);
  return true;
}

void CheckEncoders(std::string_view bytes) {
  Publication publication;
  publication.data = IsJson(bytes) ? bytes : "{\n}";
  publication.tags[std::string(bytes)] = bytes;
  std::string reply;
  JsonCodec().AppendPublicationPush(bytes, publication, &reply);
  RT_CHECK(reply.find('\n') == std::string::npos);
  // The push stands two levels above its data.
  RT_CHECK(IsJson(reply) || bytes.size() > kMaxJsonDepth);
}

}  // namespace
}  // namespace rt

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  rt::CheckAgainstSimdjson(input);
  rt::CheckEncoders(input);
  // The answer itself is the codec's; here it is what it let through.
  (void)rt::JsonCodec().Decode(
      input, [](rt::Command&& command) { return rt::Check(command); });
  return 0;
}
