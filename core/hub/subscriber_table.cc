#include "hub/subscriber_table.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "wire/websocket.h"

namespace rt {

namespace {

bool IsExcluded(const std::vector<EncodedPublicationPtr>& due,
                const Subscriber& who) {
  return std::any_of(due.begin(), due.end(), [&](const auto& one) {
    return one->exclude.has_value() && who.IsClient(*one->exclude);
  });
}

}  // namespace

SubscriberTable::SubscriberTable() = default;
SubscriberTable::~SubscriberTable() = default;

void SubscriberTable::Add(const std::string& channel_key, Framing framing,
                          Subscriber* who, Place* place) {
  RT_CHECK(!flushing_);
  const auto [at, made] = channels_.try_emplace(channel_key);
  Channel* channel = &at->second;
  if (made) channel->key = &at->first;
  auto& entries = channel->entries[static_cast<size_t>(framing)];
  // The framing's number lies in the index's upper bits.
  place->channel = channel;
  place->index = static_cast<uint32_t>(entries.size()) * kFramings +
                 static_cast<uint32_t>(framing);
  entries.push_back({who, place});
  ++channel->subscribers;
  ++subscriptions_;
}

void SubscriberTable::Remove(Place* place) {
  RT_CHECK(!flushing_ && place->channel != nullptr);
  Channel* channel = place->channel;
  auto& entries = channel->entries[place->index % kFramings];
  const size_t index = place->index / kFramings;
  // The last one takes the free place.
  entries[index] = entries.back();
  entries[index].place->index = place->index;
  entries.pop_back();
  place->channel = nullptr;
  --subscriptions_;
  if (--channel->subscribers == 0 && channel->due.empty()) {
    channels_.erase(channels_.find(*channel->key));
  }
}

std::string_view SubscriberTable::KeyOf(const Place& place) {
  return *place.channel->key;
}

void SubscriberTable::Enqueue(EncodedPublicationPtr publication) {
  const auto found = channels_.find(publication->channel_key);
  // The last subscriber may have left while this was under way.
  if (found == channels_.end()) return;
  Channel* channel = &found->second;
  if (channel->due.empty()) due_.push_back(channel);
  channel->due.push_back(std::move(publication));
}

size_t SubscriberTable::due_deliveries() const {
  size_t deliveries = 0;
  for (const Channel* channel : due_) deliveries += channel->subscribers;
  return deliveries;
}

void SubscriberTable::Flush() {
  flushing_ = true;
  for (Channel* channel : due_) Deliver(channel);
  flushing_ = false;
  for (Channel* channel : due_) {
    if (channel->subscribers == 0)
      channels_.erase(channels_.find(*channel->key));
  }
  due_.clear();
}

void SubscriberTable::Deliver(Channel* channel) {
  const bool last = due_.size() == 1;
  const bool excludes =
      std::any_of(channel->due.begin(), channel->due.end(),
                  [](const auto& one) { return one->exclude.has_value(); });
  for (auto& entries : channel->entries) {
    if (entries.empty()) continue;
    const BufferRef framed = JoinForWebSocket(channel->due);
    for (const Entry& entry : entries) {
      if (excludes && IsExcluded(channel->due, *entry.who)) {
        DeliverWithoutExcluded(channel->due, last, entry.who);
      } else {
        entry.who->OnPublications(framed, last);
      }
    }
  }
  channel->due.clear();
}

void SubscriberTable::DeliverWithoutExcluded(
    const std::vector<EncodedPublicationPtr>& due, bool last, Subscriber* who) {
  std::vector<EncodedPublicationPtr> rest;
  for (const EncodedPublicationPtr& one : due) {
    if (!one->exclude.has_value() || !who->IsClient(*one->exclude)) {
      rest.push_back(one);
    }
  }
  if (rest.empty()) return;
  who->OnPublications(JoinForWebSocket(rest), last);
}

BufferRef JoinForWebSocket(
    const std::vector<EncodedPublicationPtr>& publications) {
  // First pass: where messages end, and so how long it all is.
  struct Message {
    size_t first, last, bytes;
  };
  std::vector<Message> messages;
  size_t total = 0;
  for (size_t i = 0; i < publications.size(); ++i) {
    const size_t bytes = publications[i]->json.size();
    const bool fits =
        !messages.empty() &&
        messages.back().last - messages.back().first + 1 <
            kMaxRepliesPerMessage &&
        messages.back().bytes + 1 + bytes <= kMaxJoinedMessageBytes;
    if (fits) {
      messages.back().last = i;
      messages.back().bytes += 1 + bytes;
    } else {
      messages.push_back({i, i, bytes});
    }
  }
  char header[kWebSocketMaxHeaderBytes];
  for (const Message& message : messages) {
    total += message.bytes + WriteWebSocketHeader(WebSocketOpcode::kText,
                                                  message.bytes, false, header);
  }
  BufferRef buffer = Buffer::Make(total);
  char* to = buffer->mutable_data();
  for (const Message& message : messages) {
    to +=
        WriteWebSocketHeader(WebSocketOpcode::kText, message.bytes, false, to);
    for (size_t i = message.first; i <= message.last; ++i) {
      if (i > message.first) *to++ = '\n';
      const std::string& json = publications[i]->json;
      std::memcpy(to, json.data(), json.size());
      to += json.size();
    }
  }
  RT_CHECK(to == buffer->data() + total);
  return buffer;
}

}  // namespace rt
