#include "net/reply_queue.h"

namespace rt {

void ReplyQueue::Add(std::string_view reply) {
  text_ += reply;
  ends_.push_back(static_cast<uint32_t>(text_.size()));
}

void ReplyQueue::Clear() {
  text_ = std::string();
  ends_ = std::vector<uint32_t>();
}

BufferRef ReplyQueue::Take(const Framing& framing) {
  std::vector<std::string_view> replies;
  replies.reserve(ends_.size());
  const std::string_view text = text_;
  uint32_t begin = 0;
  for (const uint32_t end : ends_) {
    replies.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  BufferRef framed = FrameReplies(replies, framing);
  Clear();
  return framed;
}

}  // namespace rt
