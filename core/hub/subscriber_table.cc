#include "hub/subscriber_table.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace rt {

// Subscribers that get the same bytes.
struct SubscriberTable::Group {
  Channel* channel = nullptr;
  Framing framing;
  bool joins = false;
  bool delta = false;
  bool fresh = false;  // delta, and without a base yet
  bool latest_only = false;
  bool filtered = false;
  std::vector<Entry> entries;
  // Of a filtered group, beside the entries.
  std::vector<std::shared_ptr<const FilterNode>> filters;

  [[nodiscard]] bool Fits(const Options& options, bool is_fresh) const {
    return framing == options.framing && joins == options.joins &&
           delta == options.delta && fresh == is_fresh &&
           latest_only == options.latest_only &&
           filtered == (options.filter != nullptr);
  }
  [[nodiscard]] PushStyle style() const { return {delta, fresh}; }
  [[nodiscard]] bool Wants(const EncodedPush& push) const {
    return joins || push.kind() == EncodedPush::Kind::kPublication;
  }
};

struct SubscriberTable::Channel {
  const std::string* key = nullptr;  // the table's own
  std::vector<std::unique_ptr<Group>> groups;
  std::vector<EncodedPushPtr> due;
  size_t subscribers = 0;
  uint64_t stream = 0;  // which one, and how far it came; 0: none known
  uint64_t top = 0;
  EncodedPushPtr latest;  // where a group is content with it
};

namespace {

bool Excludes(const EncodedPush& push, const Subscriber& who) {
  return push.exclude().has_value() && who.IsClient(*push.exclude());
}

bool CanCarry(const Framing& framing, const EncodedPush& push) {
  return framing.encoding == Encoding::kProtobuf || push.is_json();
}

}  // namespace

SubscriberTable::SubscriberTable() = default;
SubscriberTable::~SubscriberTable() = default;

SubscriberTable::Group* SubscriberTable::GroupFor(Channel* channel,
                                                  const Options& options,
                                                  bool fresh) {
  for (const auto& group : channel->groups) {
    if (group->Fits(options, fresh)) return group.get();
  }
  auto group = std::make_unique<Group>();
  group->channel = channel;
  group->framing = options.framing;
  group->joins = options.joins;
  group->delta = options.delta;
  group->fresh = fresh;
  group->latest_only = options.latest_only;
  group->filtered = options.filter != nullptr;
  channel->groups.push_back(std::move(group));
  return channel->groups.back().get();
}

void SubscriberTable::Put(Group* group, const Entry& entry,
                          std::shared_ptr<const FilterNode> filter) {
  entry.place->group = group;
  entry.place->index = static_cast<uint32_t>(group->entries.size());
  group->entries.push_back(entry);
  if (group->filtered) group->filters.push_back(std::move(filter));
}

void SubscriberTable::Take(Place* place) {
  Group* group = place->group;
  // The last one takes the free place.
  group->entries[place->index] = group->entries.back();
  group->entries[place->index].place->index = place->index;
  group->entries.pop_back();
  if (group->filtered) {
    group->filters[place->index] = std::move(group->filters.back());
    group->filters.pop_back();
  }
  place->group = nullptr;
}

void SubscriberTable::Add(const SubscribeAnswer& answer, const Options& options,
                          Subscriber* who, Place* place) {
  RT_CHECK(!flushing_);
  if (const auto known = channels_.find(answer.channel_key);
      known != channels_.end() && answer.stream != 0) {
    // May be the end of it, when all leave who are told of a gap.
    Follow(&known->second, answer.stream, answer.top);
  }
  const auto [at, made] = channels_.try_emplace(answer.channel_key);
  Channel* channel = &at->second;
  if (made) channel->key = &at->first;
  channel->stream = answer.stream;
  channel->top = answer.top;
  const bool fresh = options.delta && !options.has_base;
  Put(GroupFor(channel, options, fresh), {who, place}, options.filter);
  ++channel->subscribers;
  ++subscriptions_;
}

void SubscriberTable::Remove(Place* place) {
  RT_CHECK(!flushing_ && place->group != nullptr);
  Channel* channel = place->group->channel;
  Take(place);
  --subscriptions_;
  if (--channel->subscribers == 0 && channel->due.empty()) {
    channels_.erase(channels_.find(*channel->key));
  }
}

std::string_view SubscriberTable::KeyOf(const Place& place) {
  return *place.group->channel->key;
}

BufferRef SubscriberTable::Latest(const Place& place) {
  const EncodedPushPtr& latest = place.group->channel->latest;
  if (latest == nullptr) return {};
  return FramePushes({&latest, 1}, place.group->framing,
                     {place.group->delta, true});
}

void SubscriberTable::Enqueue(EncodedPushPtr push) {
  const auto found = channels_.find(push->key());
  // The last subscriber may have left while this was under way.
  if (found == channels_.end()) return;
  Channel* channel = &found->second;
  if (push->offset() != 0) {
    Follow(channel, push->stream(), push->offset() - 1);
    // Those who were told may have left, the last one too.
    if (!channels_.contains(push->key())) return;
    channel->top = push->offset();
  }
  if (channel->due.empty()) due_.push_back(channel);
  channel->due.push_back(std::move(push));
}

void SubscriberTable::Follow(Channel* channel, uint64_t stream, uint64_t top) {
  const bool known = channel->stream != 0;
  const bool follows = channel->stream == stream && channel->top == top;
  channel->stream = stream;
  channel->top = top;
  if (known && !follows) TellLost(channel);
}

void SubscriberTable::LoseStream(const std::string& channel_key) {
  const auto found = channels_.find(channel_key);
  if (found == channels_.end()) return;
  found->second.stream = 0;
  TellLost(&found->second);
}

void SubscriberTable::TellLost(Channel* channel) {
  std::vector<Entry> told;
  for (const auto& group : channel->groups) {
    told.insert(told.end(), group->entries.begin(), group->entries.end());
  }
  for (const Entry& entry : told) entry.who->OnStreamLost(entry.place);
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
    if (channel->subscribers == 0) {
      channels_.erase(channels_.find(*channel->key));
    }
  }
  due_.clear();
  // Now that nobody walks through the table, they may leave it.
  const std::vector<Subscriber*> unreadable = std::exchange(unreadable_, {});
  for (Subscriber* who : unreadable) who->OnUnreadable();
}

void SubscriberTable::Deliver(Channel* channel) {
  const bool last = due_.size() == 1 && channel->groups.size() == 1;
  const bool excludes =
      std::any_of(channel->due.begin(), channel->due.end(),
                  [](const auto& one) { return one->exclude().has_value(); });
  // Not by iterators: an excluded subscriber may found a group.
  for (size_t i = 0; i < channel->groups.size(); ++i) {
    Group* group = channel->groups[i].get();
    if (!group->entries.empty()) DeliverTo(group, last, excludes);
  }
  SettleFresh(channel);
  channel->due.clear();
}

void SubscriberTable::DeliverTo(Group* group, bool last, bool excludes) {
  const std::vector<EncodedPushPtr>& due = group->channel->due;
  if (group->filtered) {
    for (size_t i = 0; i < group->entries.size(); ++i) {
      DeliverOne(group, group->entries[i], group->filters[i].get(), last);
    }
    return;
  }
  std::vector<EncodedPushPtr> wanted;
  for (const EncodedPushPtr& push : due) {
    if (!CanCarry(group->framing, *push)) {
      for (const Entry& entry : group->entries)
        unreadable_.push_back(entry.who);
      return;
    }
    if (group->Wants(*push)) wanted.push_back(push);
  }
  if (wanted.empty()) return;
  if (group->latest_only) {
    const auto newest = std::find_if(
        wanted.rbegin(), wanted.rend(), [](const EncodedPushPtr& push) {
          return push->kind() == EncodedPush::Kind::kPublication;
        });
    if (newest != wanted.rend()) group->channel->latest = *newest;
  }
  const BufferRef framed = FramePushes(wanted, group->framing, group->style());
  for (const Entry& entry : group->entries) {
    if (excludes &&
        std::any_of(wanted.begin(), wanted.end(), [&](const auto& push) {
          return Excludes(*push, *entry.who);
        })) {
      DeliverOne(group, entry, nullptr, last);
    } else if (group->latest_only) {
      entry.who->OnLatest(framed, entry.place);
    } else {
      entry.who->OnPublications(framed, last);
    }
  }
  delivered_ += group->entries.size();
}

void SubscriberTable::DeliverOne(Group* group, const Entry& entry,
                                 const FilterNode* filter, bool last) {
  std::vector<EncodedPushPtr> wanted;
  for (const EncodedPushPtr& push : group->channel->due) {
    if (!group->Wants(*push) || Excludes(*push, *entry.who)) continue;
    if (filter != nullptr && push->kind() == EncodedPush::Kind::kPublication &&
        !Matches(*filter, push->publication().tags)) {
      continue;
    }
    if (!CanCarry(group->framing, *push)) {
      unreadable_.push_back(entry.who);
      return;
    }
    wanted.push_back(push);
  }
  if (wanted.empty()) return;
  // Without what it does not get, a patch would have nothing to apply to.
  entry.who->OnPublications(
      FramePushes(wanted, group->framing, {group->delta, true, true}), last);
  ++delivered_;
}

void SubscriberTable::SettleFresh(Channel* channel) {
  const auto& due = channel->due;
  const bool published =
      std::any_of(due.begin(), due.end(), [](const EncodedPushPtr& push) {
        return push->kind() == EncodedPush::Kind::kPublication;
      });
  if (!published) return;
  const EncodedPush& newest =
      **std::find_if(due.rbegin(), due.rend(), [](const EncodedPushPtr& push) {
        return push->kind() == EncodedPush::Kind::kPublication;
      });
  for (size_t i = 0; i < channel->groups.size(); ++i) {
    Group* group = channel->groups[i].get();
    if (!group->delta || group->filtered) continue;
    if (!group->fresh && !newest.exclude().has_value()) continue;
    Options options;
    options.framing = group->framing;
    options.joins = group->joins;
    options.delta = true;
    options.latest_only = group->latest_only;
    // Who got the newest one has a base, who was left out has none.
    for (size_t at = group->entries.size(); at-- > 0;) {
      const Entry entry = group->entries[at];
      const bool fresh = Excludes(newest, *entry.who);
      if (fresh == group->fresh) continue;
      Take(entry.place);
      Put(GroupFor(channel, options, fresh), entry, nullptr);
    }
  }
}

}  // namespace rt
