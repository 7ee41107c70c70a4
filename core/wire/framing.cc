#include "wire/framing.h"

#include <array>
#include <charconv>
#include <cstring>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/limits.h"
#include "wire/deflate.h"
#include "wire/websocket.h"

namespace rt {

namespace {

// One message of several replies, or one that is deflated.
struct Message {
  std::span<const std::string_view> replies;
  std::string_view deflated;  // non-empty: instead of the replies
};

size_t VarintBytes(size_t value) {
  size_t bytes = 1;
  while (value >= 0x80) {
    value >>= 7;
    ++bytes;
  }
  return bytes;
}

char* WriteVarint(size_t value, char* to) {
  while (value >= 0x80) {
    *to++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *to++ = static_cast<char>(value);
  return to;
}

char* WriteText(std::string_view text, char* to) {
  if (text.empty()) return to;
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

// What stands around each reply, by envelope and encoding.
struct Around {
  std::string_view before;
  std::string_view between;
  std::string_view after;
};

Around AroundOf(const Framing& framing) {
  if (framing.encoding == Encoding::kProtobuf) return {};
  switch (framing.envelope) {
    case Envelope::kWebSocket:
      return {{}, "\n", {}};
    case Envelope::kLines:
      return {{}, {}, "\n"};
    case Envelope::kEvents:
      break;
  }
  return {"data: ", {}, "\n\n"};
}

size_t PayloadBytes(std::span<const std::string_view> replies,
                    const Framing& framing) {
  const Around around = AroundOf(framing);
  size_t bytes = around.between.size() * (replies.size() - 1);
  for (const std::string_view reply : replies) {
    bytes += around.before.size() + reply.size() + around.after.size();
    if (framing.encoding == Encoding::kProtobuf) {
      bytes += VarintBytes(reply.size());
    }
  }
  return bytes;
}

char* WritePayload(std::span<const std::string_view> replies,
                   const Framing& framing, char* to) {
  const Around around = AroundOf(framing);
  for (size_t i = 0; i < replies.size(); ++i) {
    if (i > 0) to = WriteText(around.between, to);
    if (framing.encoding == Encoding::kProtobuf) {
      to = WriteVarint(replies[i].size(), to);
    }
    to = WriteText(around.before, to);
    to = WriteText(replies[i], to);
    to = WriteText(around.after, to);
  }
  return to;
}

WebSocketOpcode OpcodeOf(const Framing& framing) {
  return framing.encoding == Encoding::kJson ? WebSocketOpcode::kText
                                             : WebSocketOpcode::kBinary;
}

BufferRef FrameWebSocket(std::span<const Message> messages,
                         const Framing& framing) {
  std::array<char, kWebSocketMaxHeaderBytes> header;
  size_t total = 0;
  std::vector<size_t> sizes;
  sizes.reserve(messages.size());
  for (const Message& message : messages) {
    const bool deflated = !message.deflated.empty();
    sizes.push_back(deflated ? message.deflated.size()
                             : PayloadBytes(message.replies, framing));
    total +=
        sizes.back() + WriteWebSocketHeader(OpcodeOf(framing), sizes.back(),
                                            deflated, header.data());
  }
  BufferRef buffer = Buffer::Make(total);
  char* to = buffer->mutable_data();
  for (size_t i = 0; i < messages.size(); ++i) {
    const Message& message = messages[i];
    const bool deflated = !message.deflated.empty();
    to += WriteWebSocketHeader(OpcodeOf(framing), sizes[i], deflated, to);
    to = deflated ? WriteText(message.deflated, to)
                  : WritePayload(message.replies, framing, to);
  }
  RT_CHECK(to == buffer->data() + total);
  return buffer;
}

BufferRef FrameBody(std::span<const std::string_view> replies,
                    const Framing& framing) {
  const size_t bytes = PayloadBytes(replies, framing);
  if (!framing.chunked) {
    BufferRef buffer = Buffer::Make(bytes);
    WritePayload(replies, framing, buffer->mutable_data());
    return buffer;
  }
  std::array<char, 16> length;
  const auto end =
      std::to_chars(length.data(), length.data() + length.size(), bytes, 16);
  const std::string_view digits(length.data(),
                                static_cast<size_t>(end.ptr - length.data()));
  BufferRef buffer = Buffer::Make(digits.size() + 2 + bytes + 2);
  char* to = WriteText(digits, buffer->mutable_data());
  to = WriteText("\r\n", to);
  to = WritePayload(replies, framing, to);
  WriteText("\r\n", to);
  return buffer;
}

// Parts replies into messages. `deflated[i]`, where there is any, makes the
// reply a message of its own.
std::vector<Message> Part(std::span<const std::string_view> replies,
                          std::span<const std::string_view> deflated,
                          bool alone) {
  std::vector<Message> messages;
  size_t first = 0;
  size_t bytes = 0;
  const auto finish = [&](size_t end) {
    if (end > first) {
      messages.push_back({replies.subspan(first, end - first), {}});
    }
    first = end;
    bytes = 0;
  };
  for (size_t i = 0; i < replies.size(); ++i) {
    if (!deflated.empty() && !deflated[i].empty()) {
      finish(i);
      messages.push_back({{}, deflated[i]});
      first = i + 1;
      continue;
    }
    // Who only listens gets a message for each.
    if (i - first >= (alone ? 1 : kMaxRepliesPerMessage) ||
        (i > first && bytes + 1 + replies[i].size() > kMaxJoinedMessageBytes)) {
      finish(i);
    }
    bytes += replies[i].size() + 1;
  }
  finish(replies.size());
  return messages;
}

PushForm FormOf(const Framing& framing, const PushStyle& style, bool first) {
  const bool json = framing.encoding == Encoding::kJson;
  if (!style.delta) return json ? PushForm::kJson : PushForm::kProtobuf;
  if (style.all_full || (first && style.first_is_full)) {
    return json ? PushForm::kJsonText : PushForm::kProtobuf;
  }
  return json ? PushForm::kJsonDelta : PushForm::kProtobufDelta;
}

// The push as a deflated message of its own; empty where that is no gain.
std::string_view DeflatedAlone(const EncodedPush& push, PushForm form,
                               std::string_view reply, const Framing& framing) {
  return push.Deflated(form, framing.deflate_bits, [&] {
    const std::span<const std::string_view> alone(&reply, 1);
    std::string payload(PayloadBytes(alone, framing), '\0');
    WritePayload(alone, framing, payload.data());
    std::string bytes = DeflateMessage(payload, framing.deflate_bits,
                                       framing.deflate_effort.level);
    if (bytes.size() >= payload.size()) bytes.clear();
    return bytes;
  });
}

}  // namespace

BufferRef FrameReplies(std::span<const std::string_view> replies,
                       const Framing& framing) {
  RT_CHECK(!replies.empty());
  if (framing.envelope != Envelope::kWebSocket) {
    return FrameBody(replies, framing);
  }
  std::vector<Message> messages = Part(replies, {}, framing.unidirectional);
  std::vector<std::string> deflated;
  if (framing.deflate_bits != 0) {
    deflated.resize(messages.size());
    for (size_t i = 0; i < messages.size(); ++i) {
      const size_t bytes = PayloadBytes(messages[i].replies, framing);
      if (bytes < framing.deflate_effort.from_bytes) continue;
      std::string payload(bytes, '\0');
      WritePayload(messages[i].replies, framing, payload.data());
      deflated[i] = DeflateMessage(payload, framing.deflate_bits,
                                   framing.deflate_effort.level);
      if (deflated[i].size() < bytes) messages[i].deflated = deflated[i];
    }
  }
  return FrameWebSocket(messages, framing);
}

BufferRef FramePushes(std::span<const EncodedPushPtr> pushes,
                      const Framing& framing, const PushStyle& style) {
  RT_CHECK(!pushes.empty());
  std::vector<std::string_view> replies;
  std::vector<std::string_view> deflated;
  replies.reserve(pushes.size());
  bool first = true;
  for (const EncodedPushPtr& push : pushes) {
    const PushForm form = FormOf(framing, style, first);
    if (push->kind() == EncodedPush::Kind::kPublication) first = false;
    replies.push_back(framing.unidirectional ? push->BareReply()
                                             : push->Reply(form));
    if (framing.deflate_bits == 0 || framing.unidirectional) continue;
    std::string_view bytes;
    if (replies.back().size() >= framing.deflate_effort.from_bytes) {
      bytes = DeflatedAlone(*push, form, replies.back(), framing);
    }
    deflated.push_back(bytes);
  }
  if (framing.envelope != Envelope::kWebSocket) {
    return FrameBody(replies, framing);
  }
  const std::vector<Message> messages =
      Part(replies, deflated, framing.unidirectional);
  return FrameWebSocket(messages, framing);
}

}  // namespace rt
