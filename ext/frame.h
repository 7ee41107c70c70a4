// Frames of the link between PHP and the broker, as wire/link_format.h draws
// them, appended to a reused buffer. Pure; no call into Zend but the memory.
#pragma once

#include <stdint.h>

#include <string_view>

#include "bytes.h"
#include "core/wire/link_format.h"

namespace rt {

// One frame that came in. The body lives until the next read.
struct Frame {
  uint8_t type;
  uint32_t id;
  std::string_view body;
};

// A frame of any type. `id` 0: no answer wanted.
void AppendFrame(LinkFrameType type, uint32_t id, std::string_view body,
                 Bytes* out);

// REQUIRES: a key of 255 bytes and a secret of 65535 at most.
void AppendSiteFrame(std::string_view key, std::string_view secret, Bytes* out);

// A publish frame grows in three steps, so that it needs no list of channels:
// Begin, AddChannel for each, Finish.
struct PublishFrame {
  size_t start;
  uint16_t channels;
};
[[nodiscard]] PublishFrame BeginPublish(uint8_t flags, uint32_t id,
                                        size_t data_bytes, Bytes* out);
void AddChannel(std::string_view channel, PublishFrame* frame, Bytes* out);
// Returns false, and takes the frame back, when the body is above the bound.
[[nodiscard]] bool FinishPublish(const PublishFrame& frame,
                                 std::string_view data,
                                 std::string_view options, Bytes* out);

enum class FrameParse { kMore, kFrame, kMalformed };
// Looks at what stands at the start of `bytes`. On kFrame `*used` is how many
// of them are the frame.
[[nodiscard]] FrameParse ParseFrame(std::string_view bytes, Frame* frame,
                                    size_t* used);

}  // namespace rt
