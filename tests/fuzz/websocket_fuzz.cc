// Property: wherever a client's bytes are cut, WebSocketReader finds the same
// events and the same error, holds no more than the bounds allow and nothing
// at rest. Messages are UTF-8 where they are text, and framed again they are
// read as they were. With compression and without.
#include <string>

#include "../core/wire/websocket_recorder.h"
#include "base/check.h"
#include "pieces.h"
#include "wire/deflate.h"
#include "wire/utf8.h"
#include "wire/websocket.h"

namespace rt {
namespace {

constexpr WebSocketReader::Limits kLimits{.max_message_bytes = 512,
                                          .max_fragments = 8};

// The server's frame as a client would send it: with a mask, of zeros.
std::string AsFromClient(std::string frame) {
  const int length = frame[1];
  frame[1] = static_cast<char>(frame[1] | 0x80);
  return frame.insert(length == 126 ? 4 : length == 127 ? 10 : 2, 4, '\0');
}

void CheckRoundTrip(const std::string& event) {
  const bool text = event.starts_with("text ");
  if (!text && !event.starts_with("binary ")) return;
  const std::string payload = event.substr(text ? 5 : 7);
  RT_CHECK(!text || IsUtf8(payload));
  std::string frame;
  AppendWebSocketFrame(text ? WebSocketOpcode::kText : WebSocketOpcode::kBinary,
                       payload, &frame);
  frame = AsFromClient(frame);
  WebSocketReader reader(kLimits);
  WebSocketRecorder recorder;
  RT_CHECK(reader.Read(frame.data(), frame.size(), &recorder));
  RT_CHECK(recorder.events == std::vector<std::string>{event});

  const std::string deflated = DeflateMessage(payload, 15);
  // What cannot be compressed is a little longer, perhaps above the limit.
  if (deflated.size() > kLimits.max_message_bytes) return;
  char header[kWebSocketMaxHeaderBytes];
  frame.assign(header, WriteWebSocketHeader(text ? WebSocketOpcode::kText
                                                 : WebSocketOpcode::kBinary,
                                            deflated.size(), true, header));
  frame = AsFromClient(frame + deflated);
  reader.AllowDeflate();
  RT_CHECK(reader.Read(frame.data(), frame.size(), &recorder));
  RT_CHECK(recorder.events == std::vector<std::string>({event, event}));
}

void Run(std::string_view input, uint8_t seed, bool deflate) {
  WebSocketReader whole(kLimits);
  if (deflate) whole.AllowDeflate();
  WebSocketRecorder found;
  std::string scratch(input);
  const bool good = whole.Read(scratch.data(), scratch.size(), &found);

  WebSocketReader cut(kLimits);
  if (deflate) cut.AllowDeflate();
  WebSocketRecorder found_cut;
  bool good_cut = true;
  for (Pieces pieces(input, seed); good_cut && !pieces.empty();) {
    std::string piece(pieces.Next());
    good_cut = cut.Read(piece.data(), piece.size(), &found_cut);
    RT_CHECK(cut.buffered_bytes() < 2048);
  }

  RT_CHECK(good == good_cut);
  RT_CHECK(whole.error_code() == cut.error_code());
  RT_CHECK(whole.buffered_bytes() == 0 || good);
  RT_CHECK(found.events == found_cut.events);
  for (const std::string& event : found.events) CheckRoundTrip(event);
}

}  // namespace
}  // namespace rt

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  rt::Run(input, data[0], false);
  rt::Run(input, data[0], true);
  return 0;
}
