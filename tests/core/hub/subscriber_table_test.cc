#include "hub/subscriber_table.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/limits.h"
#include "hub/channel_name.h"

namespace rt {
namespace {

class Recorder final : public Subscriber {
 public:
  void OnPublications(const BufferRef& framed, bool last) override {
    buffers.push_back(framed);
    lasts.push_back(last);
  }
  void OnLatest(const BufferRef& framed, SubscriberTable::Place*) override {
    latest.push_back(framed);
  }
  void OnUnreadable() override { ++unreadable; }
  void OnStreamLost(SubscriberTable::Place* where) override {
    ++lost;
    if (leaves_when_lost != nullptr) leaves_when_lost->Remove(where);
  }
  [[nodiscard]] bool IsClient(const Uuid& other) const override {
    return other == client;
  }
  Uuid client = RandomUuidBytes();
  std::vector<BufferRef> buffers;
  std::vector<bool> lasts;
  std::vector<BufferRef> latest;
  int unreadable = 0;
  int lost = 0;
  SubscriberTable* leaves_when_lost = nullptr;
  SubscriberTable::Place place;
};

EncodedPush::Routing For(std::string_view channel) {
  EncodedPush::Routing routing;
  routing.key = ChannelKey(1, channel);
  routing.channel_at = sizeof(uint32_t);
  return routing;
}

EncodedPushPtr Made(std::string_view channel, std::string data,
                    std::optional<Uuid> exclude = std::nullopt,
                    std::string patch = {}) {
  Publication publication;
  publication.data = std::move(data);
  EncodedPush::Routing routing = For(channel);
  routing.exclude = exclude;
  return std::make_shared<const EncodedPush>(routing, publication, patch);
}

// As the publication is pushed in JSON.
std::string Pushed(std::string_view channel, std::string_view data) {
  return R"({"push":{"channel":")" + std::string(channel) +
         R"(","pub":{"data":)" + std::string(data) + "}}}";
}

class SubscriberTableTest : public testing::Test {
 protected:
  void Add(Recorder* who, std::string_view channel) { Add(who, channel, {}); }
  void Add(Recorder* who, std::string_view channel,
           const SubscriberTable::Options& options, uint64_t stream = 0,
           uint64_t top = 0) {
    SubscribeAnswer answer;
    answer.channel_key = ChannelKey(1, channel);
    answer.stream = stream;
    answer.top = top;
    table_.Add(answer, options, who, &who->place);
  }
  // The payloads of the messages that a plain JSON client got.
  static std::string Text(const Recorder& who) {
    std::string all;
    for (const BufferRef& buffer : who.buffers) {
      const std::string_view view = buffer->view();
      const auto length = static_cast<uint8_t>(view[1]);
      all += view.substr(length == 126 ? 4 : 2);
      all += '|';
    }
    return all;
  }
  SubscriberTable table_;
};

TEST_F(SubscriberTableTest, JoinsAChannelsPublicationsOnceForAll) {
  Recorder first, second;
  Add(&first, "a");
  Add(&second, "a");
  table_.Enqueue(Made("a", "1"));
  table_.Enqueue(Made("a", "22"));
  table_.Flush();
  ASSERT_EQ(first.buffers.size(), 1u);
  EXPECT_EQ(Text(first), Pushed("a", "1") + "\n" + Pushed("a", "22") + "|");
  EXPECT_EQ(&*first.buffers[0], &*second.buffers[0]) << "the very same bytes";
  table_.Remove(&first.place);
  table_.Remove(&second.place);
}

TEST_F(SubscriberTableTest, LeavesOutTheClientThatAPublicationExcludes) {
  Recorder author, reader;
  Add(&author, "a");
  Add(&reader, "a");
  table_.Enqueue(Made("a", "1", author.client));
  table_.Enqueue(Made("a", "{}"));
  table_.Flush();
  ASSERT_EQ(author.buffers.size(), 1u);
  EXPECT_EQ(Text(author), Pushed("a", "{}") + "|");
  EXPECT_EQ(Text(reader), Pushed("a", "1") + "\n" + Pushed("a", "{}") + "|");
  table_.Remove(&author.place);
  table_.Remove(&reader.place);
}

TEST_F(SubscriberTableTest, KeepsChannelsApart) {
  Recorder a, b;
  Add(&a, "a");
  Add(&b, "b");
  table_.Enqueue(Made("b", "{}"));
  table_.Flush();
  EXPECT_TRUE(b.lasts[0]) << "nothing else was due";
  EXPECT_TRUE(a.buffers.empty());
  EXPECT_EQ(b.buffers.size(), 1u);
  table_.Remove(&a.place);
  table_.Remove(&b.place);
}

TEST_F(SubscriberTableTest, FindsEachPlaceAfterOthersLeft) {
  std::vector<std::unique_ptr<Recorder>> many;
  for (int i = 0; i < 10; ++i) {
    many.push_back(std::make_unique<Recorder>());
    Add(many.back().get(), "a");
  }
  for (int i = 0; i < 10; i += 2) {
    table_.Remove(&many[static_cast<size_t>(i)]->place);
  }
  table_.Enqueue(Made("a", "{}"));
  table_.Flush();
  for (size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(many[i]->buffers.size(), i % 2) << i;
  }
  for (size_t i = 1; i < 10; i += 2) table_.Remove(&many[i]->place);
  EXPECT_EQ(table_.subscriptions(), 0u);
}

TEST_F(SubscriberTableTest, DropsWhatComesAfterTheLastSubscriberLeft) {
  Recorder who;
  Add(&who, "a");
  table_.Enqueue(Made("a", "{}"));
  table_.Remove(&who.place);
  table_.Enqueue(Made("a", "{}"));
  table_.Flush();
  EXPECT_TRUE(who.buffers.empty());
  EXPECT_EQ(table_.due_deliveries(), 0u);
}

TEST_F(SubscriberTableTest, BringsJoinsToThoseWhoWantThem) {
  Recorder plain, social;
  Add(&plain, "a");
  SubscriberTable::Options joins;
  joins.joins = true;
  Add(&social, "a", joins);
  ClientInfo info;
  info.client = "C1";
  table_.Enqueue(std::make_shared<const EncodedPush>(
      For("a"), EncodedPush::Kind::kJoin, info));
  table_.Flush();
  EXPECT_TRUE(plain.buffers.empty());
  EXPECT_EQ(
      Text(social),
      R"({"push":{"channel":"a","join":{"info":{"user":"","client":"C1"}}}}|)");
  table_.Remove(&plain.place);
  table_.Remove(&social.place);
}

TEST_F(SubscriberTableTest, BringsNewcomersOfDeltaTheWholeFirst) {
  Recorder who, late;
  SubscriberTable::Options delta;
  delta.delta = true;
  Add(&who, "a", delta);
  table_.Enqueue(Made("a", "1"));
  table_.Flush();
  Add(&late, "a", delta);
  table_.Enqueue(Made("a", "2", std::nullopt, "patch"));
  table_.Flush();
  EXPECT_NE(Text(who).find(R"({"data":"1"})"), std::string::npos);
  EXPECT_NE(Text(who).find(R"({"data":"patch","delta":true})"),
            std::string::npos);
  EXPECT_NE(Text(late).find(R"({"data":"2"})"), std::string::npos)
      << "as text, because it negotiated delta";
  table_.Enqueue(Made("a", "3", std::nullopt, "more"));
  table_.Flush();
  EXPECT_NE(Text(late).find(R"({"data":"more","delta":true})"),
            std::string::npos);
  table_.Remove(&who.place);
  table_.Remove(&late.place);
}

TEST_F(SubscriberTableTest, BringsTheWholeToOneWhomTheLastExcluded) {
  Recorder author;
  SubscriberTable::Options delta;
  delta.delta = true;
  Add(&author, "a", delta);
  table_.Enqueue(Made("a", "1"));
  table_.Flush();
  table_.Enqueue(Made("a", "2", author.client, "patch"));
  table_.Flush();
  table_.Enqueue(Made("a", "3", std::nullopt, "patch"));
  table_.Flush();
  EXPECT_EQ(Text(author).find("patch"), std::string::npos);
  EXPECT_NE(Text(author).find(R"({"data":"3"})"), std::string::npos);
  table_.Remove(&author.place);
}

TEST_F(SubscriberTableTest, BringsWhatTheFilterPasses) {
  Recorder who;
  SubscriberTable::Options filtered;
  FilterNode filter;
  filter.key = "t";
  filter.cmp = "eq";
  filter.val = "x";
  filtered.filter = std::make_shared<const FilterNode>(filter);
  Add(&who, "a", filtered);
  for (const char* tag : {"x", "y"}) {
    Publication publication;
    publication.data = "1";
    publication.tags["t"] = tag;
    table_.Enqueue(std::make_shared<const EncodedPush>(For("a"), publication));
  }
  table_.Flush();
  EXPECT_NE(Text(who).find(R"("t":"x")"), std::string::npos);
  EXPECT_EQ(Text(who).find(R"("t":"y")"), std::string::npos);
  table_.Remove(&who.place);
}

TEST_F(SubscriberTableTest, EncodesOnceForEachEncodingAndFraming) {
  Recorder json, binary, events;
  Add(&json, "a");
  SubscriberTable::Options protobuf;
  protobuf.framing.encoding = Encoding::kProtobuf;
  Add(&binary, "a", protobuf);
  SubscriberTable::Options sse;
  sse.framing.envelope = Envelope::kEvents;
  Add(&events, "a", sse);
  const EncodedPushPtr push = Made("a", "1");
  table_.Enqueue(push);
  table_.Flush();
  EXPECT_EQ(push->Reply(PushForm::kJson).data(),
            push->Reply(PushForm::kJson).data())
      << "the same bytes, whoever asks";
  EXPECT_EQ(events.buffers[0]->view(), "data: " + Pushed("a", "1") + "\n\n");
  EXPECT_EQ(binary.buffers[0]->view(),
            std::string("\x82\x0b\x0a\x22\x08\x12\x01"
                        "a\x22\x03\x22\x01"
                        "1",
                        13));
  for (Recorder* who : {&json, &binary, &events}) table_.Remove(&who->place);
}

TEST_F(SubscriberTableTest, TellsThoseWhoCannotReadAPublication) {
  Recorder json, binary;
  Add(&json, "a");
  SubscriberTable::Options protobuf;
  protobuf.framing.encoding = Encoding::kProtobuf;
  Add(&binary, "a", protobuf);
  table_.Enqueue(Made("a", "\xff\x00"));
  table_.Flush();
  EXPECT_EQ(json.unreadable, 1);
  EXPECT_TRUE(json.buffers.empty());
  EXPECT_EQ(binary.buffers.size(), 1u);
  table_.Remove(&json.place);
  table_.Remove(&binary.place);
}

EncodedPushPtr Placed(uint64_t stream, uint64_t offset) {
  Publication publication;
  publication.data = "1";
  publication.offset = offset;
  EncodedPush::Routing routing = For("a");
  routing.stream = stream;
  return std::make_shared<const EncodedPush>(routing, publication);
}

TEST_F(SubscriberTableTest, TellsOfAGapAndOfAnotherStream) {
  Recorder stays, leaves;
  Add(&stays, "a", {}, 1, 5);
  Add(&leaves, "a", {}, 1, 5);
  leaves.leaves_when_lost = &table_;
  table_.Enqueue(Placed(1, 6));
  EXPECT_EQ(stays.lost, 0) << "what follows is no gap";
  table_.Enqueue(Placed(1, 8));
  EXPECT_EQ(stays.lost, 1);
  EXPECT_EQ(leaves.lost, 1);
  table_.Enqueue(Placed(2, 9));
  EXPECT_EQ(stays.lost, 2);
  EXPECT_EQ(leaves.lost, 1) << "it has left";
  table_.LoseStream(ChannelKey(1, "a"));
  EXPECT_EQ(stays.lost, 3);
  table_.Flush();
  table_.Remove(&stays.place);
}

TEST_F(SubscriberTableTest, SurvivesThatAllLeaveOverAGap) {
  Recorder who;
  Add(&who, "a", {}, 1, 5);
  who.leaves_when_lost = &table_;
  table_.Enqueue(Placed(1, 9));
  table_.Flush();
  EXPECT_EQ(table_.subscriptions(), 0u);
}

TEST_F(SubscriberTableTest, KeepsTheNewestForThoseWhoSkip) {
  Recorder who;
  SubscriberTable::Options latest;
  latest.latest_only = true;
  Add(&who, "a", latest);
  table_.Enqueue(Made("a", "1"));
  table_.Enqueue(Made("a", "2"));
  table_.Flush();
  EXPECT_TRUE(who.buffers.empty());
  ASSERT_EQ(who.latest.size(), 1u);
  const BufferRef newest = SubscriberTable::Latest(who.place);
  EXPECT_NE(newest->view().find(Pushed("a", "2")), std::string_view::npos);
  EXPECT_EQ(newest->view().find(Pushed("a", "1")), std::string_view::npos);
  table_.Remove(&who.place);
}

TEST(FramePushes, StartsAnotherMessageAtTheBound) {
  std::vector<EncodedPushPtr> many;
  for (size_t i = 0; i < kMaxRepliesPerMessage + 1; ++i) {
    many.push_back(Made("a", "1"));
  }
  const BufferRef joined = FramePushes(many, {}, {});
  const size_t one = Pushed("a", "1").size();
  EXPECT_EQ(joined->size(), 4 + kMaxRepliesPerMessage * (one + 1) - 1 + 2 + one)
      << "a message of 64 with a longer header, and one of one";
}

TEST(FramePushes, KeepsALargePublicationWhole) {
  const std::string large(kMaxJoinedMessageBytes * 2, '1');
  const std::vector<EncodedPushPtr> two = {Made("a", large), Made("a", "1")};
  const BufferRef joined = FramePushes(two, {}, {});
  EXPECT_EQ(joined->size(),
            10 + Pushed("a", large).size() + 2 + Pushed("a", "1").size());
}

}  // namespace
}  // namespace rt
