// How messages lie on a transport: WebSocket frames, the lines of
// HTTP-streaming, the events of SSE. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/buffer.h"
#include "wire/deflate.h"
#include "wire/encoded_push.h"

namespace rt {

enum class Envelope : uint8_t {
  kWebSocket,  // messages; JSON parted by line feeds, Protobuf by its lengths
  kLines,      // a line each, or its length and Protobuf
  kEvents,     // `data: …` and an empty line each
};

struct Framing {
  Encoding encoding = Encoding::kJson;
  Envelope envelope = Envelope::kWebSocket;
  bool unidirectional = false;  // bare pushes
  bool chunked = false;         // in HTTP/1.1 chunks
  // The window that WebSocket messages are deflated for; 0: none is.
  uint8_t deflate_bits = 0;
  DeflateEffort deflate_effort;

  bool operator==(const Framing&) const = default;
};

// Replies to one client, joined in as few messages as kMaxRepliesPerMessage
// and kMaxJoinedMessageBytes allow. An empty reply in Protobuf is a ping.
[[nodiscard]] BufferRef FrameReplies(std::span<const std::string_view> replies,
                                     const Framing& framing);

// How a group of subscribers gets a channel's pushes.
struct PushStyle {
  bool delta = false;
  // Delta's first publication: it has no base yet.
  bool first_is_full = false;
  // All of them: for one who did not get each publication.
  bool all_full = false;
};

// A channel's pushes in order, for all who share the framing. What is deflated
// is a message of its own, because it is deflated once for all.
[[nodiscard]] BufferRef FramePushes(std::span<const EncodedPushPtr> pushes,
                                    const Framing& framing,
                                    const PushStyle& style);

}  // namespace rt
