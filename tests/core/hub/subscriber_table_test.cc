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
  [[nodiscard]] bool IsClient(const Uuid& other) const override {
    return other == client;
  }
  Uuid client = RandomUuidBytes();
  std::vector<BufferRef> buffers;
  std::vector<bool> lasts;
  SubscriberTable::Place place;
};

EncodedPublicationPtr Made(std::string_view channel, std::string json) {
  auto made = std::make_shared<EncodedPublication>();
  made->channel_key = ChannelKey(1, channel);
  made->json = std::move(json);
  return made;
}

class SubscriberTableTest : public testing::Test {
 protected:
  void Add(Recorder* who, std::string_view channel) {
    table_.Add(ChannelKey(1, channel), Framing::kJsonWebSocket, who,
               &who->place);
  }
  SubscriberTable table_;
};

TEST_F(SubscriberTableTest, JoinsAChannelsPublicationsOnceForAll) {
  Recorder first, second;
  Add(&first, "a");
  Add(&second, "a");
  table_.Enqueue(Made("a", "{1}"));
  table_.Enqueue(Made("a", "{22}"));
  table_.Flush();
  ASSERT_EQ(first.buffers.size(), 1u);
  EXPECT_EQ(first.buffers[0]->view(), "\x81\x08{1}\n{22}");
  EXPECT_EQ(&*first.buffers[0], &*second.buffers[0]) << "the very same bytes";
  table_.Remove(&first.place);
  table_.Remove(&second.place);
}

TEST_F(SubscriberTableTest, LeavesOutTheClientThatAPublicationExcludes) {
  Recorder author, reader;
  Add(&author, "a");
  Add(&reader, "a");
  auto own = std::make_shared<EncodedPublication>();
  own->channel_key = ChannelKey(1, "a");
  own->json = "{own}";
  own->exclude = author.client;
  table_.Enqueue(own);
  table_.Enqueue(Made("a", "{}"));
  table_.Flush();
  ASSERT_EQ(author.buffers.size(), 1u);
  EXPECT_EQ(author.buffers[0]->view(), "\x81\x02{}");
  EXPECT_EQ(reader.buffers[0]->view(), "\x81\x08{own}\n{}");
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

TEST(JoinForWebSocket, StartsAnotherMessageAtTheBound) {
  std::vector<EncodedPublicationPtr> many;
  for (size_t i = 0; i < kMaxRepliesPerMessage + 1; ++i) {
    many.push_back(Made("a", "{}"));
  }
  const BufferRef joined = JoinForWebSocket(many);
  const size_t first = kMaxRepliesPerMessage * 3 - 1;
  EXPECT_EQ(joined->size(), 4 + first + 2 + 2)
      << "a message of 64 with a longer header, and one of one";
  EXPECT_EQ(joined->view().substr(joined->size() - 4), "\x81\x02{}");
}

TEST(JoinForWebSocket, KeepsALargePublicationWhole) {
  const std::string large(kMaxJoinedMessageBytes * 2, 'x');
  const BufferRef joined =
      JoinForWebSocket({Made("a", large), Made("a", "{}")});
  EXPECT_EQ(joined->size(), 10 + large.size() + 2 + 2);
}

}  // namespace
}  // namespace rt
