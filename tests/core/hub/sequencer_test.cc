#include "hub/sequencer.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "hub/channel_name.h"

namespace rt {
namespace {

// Two workers, whose events are recorded in the order they left.
class SequencerTest : public testing::Test, private HubOutlet {
 protected:
  SequencerTest()
      : sequencer_(
            &clock_,
            [this](uint32_t id) { return id == 1 ? &namespaces_ : nullptr; }, 2,
            this) {}

  void Subscribe(WorkerId worker, Ticket ticket, std::string channel) {
    SubscribeOrder order;
    order.ticket = ticket;
    order.site_id = 1;
    order.channel = std::move(channel);
    sequencer_.Execute({worker, std::move(order)});
  }
  void Unsubscribe(WorkerId worker, std::string_view channel) {
    UnsubscribeOrder order;
    order.channel_key = ChannelKey(1, channel);
    sequencer_.Execute({worker, std::move(order)});
  }
  Sequencer::Receipt Publish(std::string_view channel, std::string data) {
    Publication publication;
    publication.data = std::move(data);
    return sequencer_.Publish(1, channel, std::move(publication));
  }

  std::vector<std::string> Seen(WorkerId worker) {
    sequencer_.Flush();
    std::vector<std::string> seen;
    for (const HubEvent& event : left_[worker]) {
      if (auto* push = std::get_if<EncodedPushPtr>(&event)) {
        seen.emplace_back((*push)->Reply(PushForm::kJson));
      } else if (auto* lost = std::get_if<StreamLost>(&event)) {
        seen.push_back("lost " + lost->channel_key.substr(4));
      } else if (auto* answer = std::get_if<SubscribeAnswer>(&event)) {
        seen.push_back("subscribe " + std::to_string(answer->ticket) + ": " +
                       std::to_string(answer->error.code));
      } else if (auto* published = std::get_if<PublishAnswer>(&event)) {
        seen.push_back("publish " + std::to_string(published->ticket) + ": " +
                       std::to_string(published->error.code));
      }
    }
    left_[worker].clear();
    return seen;
  }

  static std::vector<NamespaceOptions> Declared() {
    NamespaceOptions plain;
    plain.name = "plain";
    NamespaceOptions kept;
    kept.name = "kept";
    kept.history_size = 2;
    kept.history_ttl_ms = 1000;
    kept.history_meta_ttl_ms = 5000;
    kept.force_recovery = true;
    NamespaceOptions seen;
    seen.name = "seen";
    seen.presence = true;
    return {plain, kept, seen};
  }

  std::vector<HubEvent> Left(WorkerId worker) {
    sequencer_.Flush();
    return std::exchange(left_[worker], {});
  }

  // What a worker was told last, a subscribe's answer. Earlier events are gone.
  SubscribeAnswer LastAnswer() {
    sequencer_.Flush();
    SubscribeAnswer last = std::get<SubscribeAnswer>(left_[0].back());
    left_[0].clear();
    return last;
  }

  using Lines = std::vector<std::string>;
  ManualClock clock_;
  Namespaces namespaces_{Declared()};
  Sequencer sequencer_;

 private:
  void Deliver(WorkerId worker, std::vector<HubEvent>* events) override {
    for (HubEvent& event : *events) left_[worker].push_back(std::move(event));
    events->clear();
  }
  std::vector<HubEvent> left_[2];
};

TEST_F(SequencerTest, ReachesOnlyTheWorkersThatHaveASubscriber) {
  Subscribe(0, 7, "plain:a");
  Publish("plain:a", "1");
  EXPECT_EQ(Seen(0),
            (Lines{"subscribe 7: 0",
                   R"({"push":{"channel":"plain:a","pub":{"data":1}}})"}));
  EXPECT_EQ(Seen(1), Lines{});
}

TEST_F(SequencerTest, CountsReceiversOfAllWorkers) {
  Subscribe(0, 1, "plain:a");
  Subscribe(1, 1, "plain:a");
  EXPECT_EQ(Publish("plain:a", "1").receivers, 2u);
  Unsubscribe(0, "plain:a");
  EXPECT_EQ(Publish("plain:a", "1").receivers, 1u);
}

TEST_F(SequencerTest, ReachesAUserByBothNamesOfTheirChannel) {
  Subscribe(0, 1, "user:5");
  Subscribe(0, 2, "#5");
  Seen(0);
  EXPECT_EQ(Publish("user:5", "1").receivers, 2u);
  EXPECT_EQ(Publish("#5", "2").receivers, 2u);
  const Lines seen = Seen(0);
  ASSERT_EQ(seen.size(), 4u);
  EXPECT_NE(seen[0].find("\"channel\":\"user:5\""), std::string::npos);
  EXPECT_NE(seen[1].find("\"channel\":\"#5\""), std::string::npos);
}

TEST_F(SequencerTest, AnswersAPublishBehindThePublicationItself) {
  Subscribe(0, 1, "plain:a");
  Seen(0);
  PublishOrder order{9, 1, "plain:a", {}};
  order.publication.data = "{}";
  sequencer_.Execute({0, std::move(order)});
  EXPECT_EQ(Seen(0),
            (Lines{R"({"push":{"channel":"plain:a","pub":{"data":{}}}})",
                   "publish 9: 0"}));
}

TEST_F(SequencerTest, RefusesAnUnknownNamespaceAndAnUnknownSite) {
  Subscribe(0, 1, "other:a");
  EXPECT_EQ(Seen(0), Lines{"subscribe 1: 102"});
  EXPECT_EQ(Publish("other:a", "1").error.code, 102u);
  EXPECT_EQ(sequencer_.Publish(2, "plain:a", {}).error.code, 102u);
}

TEST_F(SequencerTest, NumbersPublicationsOnlyWhereThereIsHistory) {
  EXPECT_EQ(Publish("plain:a", "1").offset, 0u);
  EXPECT_EQ(Publish("plain:a", "1").epoch, "");
  const Sequencer::Receipt first = Publish("kept:a", "1");
  const Sequencer::Receipt second = Publish("kept:a", "1");
  EXPECT_EQ(first.offset, 1u);
  EXPECT_EQ(second.offset, 2u);
  EXPECT_EQ(first.epoch.size(), 8u);
  EXPECT_EQ(first.epoch, second.epoch);
}

TEST_F(SequencerTest, NumbersChannelsAndSitesApart) {
  Publish("kept:a", "1");
  EXPECT_EQ(Publish("kept:b", "1").offset, 1u);
}

TEST_F(SequencerTest, TellsTheEpochWithTheFirstPublication) {
  Subscribe(0, 1, "kept:a");
  Seen(0);
  const std::string epoch = Publish("kept:a", "1").epoch;
  Publish("kept:a", "2");
  const Lines seen = Seen(0);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_NE(seen[0].find("\"epoch\":\"" + epoch + "\""), std::string::npos);
  EXPECT_EQ(seen[1].find("epoch"), std::string::npos);
}

TEST_F(SequencerTest, PublishesOnceWhatIsSentTwiceWithOneKey) {
  Subscribe(0, 1, "kept:a");
  Seen(0);
  Sequencer::PublishOptions how;
  how.idempotency_key = "order-7";
  const auto send = [&](std::string_view channel) {
    Publication publication;
    publication.data = "1";
    return sequencer_.Publish(1, channel, std::move(publication), how);
  };
  EXPECT_EQ(send("kept:a").offset, 1u);
  EXPECT_EQ(send("kept:a").offset, 1u);
  EXPECT_EQ(Seen(0).size(), 1u);
  EXPECT_EQ(send("kept:b").offset, 1u) << "another channel is another event";
  clock_.Advance(IdempotencyCache<int>::kKeepMs);
  EXPECT_NE(send("kept:a").epoch, "");
  EXPECT_EQ(Seen(0).size(), 1u) << "forgotten after five minutes";
}

TEST_F(SequencerTest, IgnoresAVersionThatIsNoNewer) {
  Subscribe(0, 1, "kept:a");
  Seen(0);
  const auto send = [&](uint64_t version, const char* epoch) {
    Sequencer::PublishOptions how;
    how.version = version;
    how.version_epoch = epoch;
    Publication publication;
    publication.data = "1";
    return sequencer_.Publish(1, "kept:a", std::move(publication), how).offset;
  };
  EXPECT_EQ(send(5, "a"), 1u);
  EXPECT_EQ(send(5, "a"), 1u);
  EXPECT_EQ(send(4, "a"), 1u);
  EXPECT_EQ(send(6, "a"), 2u);
  EXPECT_EQ(send(1, "b"), 3u) << "another epoch counts anew";
  EXPECT_EQ(Seen(0).size(), 3u);
}

TEST_F(SequencerTest, ForgetsChannelsThatNobodyUses) {
  Subscribe(0, 1, "plain:a");
  EXPECT_EQ(sequencer_.channels(), 1u);
  Unsubscribe(0, "plain:a");
  EXPECT_EQ(sequencer_.channels(), 0u);
}

TEST_F(SequencerTest, KeepsAStreamsOffsetLongerThanItsPublications) {
  const std::string epoch = Publish("kept:a", "1").epoch;
  clock_.Advance(2000);
  sequencer_.Sweep();
  const Sequencer::Receipt later = Publish("kept:a", "2");
  EXPECT_EQ(later.offset, 2u);
  EXPECT_EQ(later.epoch, epoch);
  clock_.Advance(6000);
  sequencer_.Sweep();
  sequencer_.Sweep();
  EXPECT_NE(Publish("kept:a", "3").epoch, epoch);
}

TEST_F(SequencerTest, DropsASitesChannelsWithTheSite) {
  Publish("kept:a", "1");
  Subscribe(0, 1, "plain:a");
  sequencer_.DropSite(1);
  EXPECT_EQ(sequencer_.channels(), 0u);
  Unsubscribe(0, "plain:a");
  EXPECT_EQ(sequencer_.channels(), 0u) << "a late farewell changes nothing";
}

class RecoveryTest : public SequencerTest {
 protected:
  RecoveryTest() {
    for (const char* data : {"1", "2", "3"})
      epoch_ = Publish("kept:a", data).epoch;
  }
  // The namespace keeps two: offsets 2 and 3.
  SubscribeAnswer Recover(uint64_t offset, std::string epoch,
                          bool reject = false) {
    SubscribeOrder order;
    order.ticket = 7;
    order.site_id = 1;
    order.channel = "kept:a";
    order.recover = true;
    order.offset = offset;
    order.epoch = std::move(epoch);
    order.reject_unrecovered = reject;
    sequencer_.Execute({0, std::move(order)});
    return LastAnswer();
  }
  std::string epoch_;
};

TEST_F(RecoveryTest, HandsOverWhatWasMissed) {
  const SubscribeResult result = Recover(1, epoch_).result;
  EXPECT_TRUE(result.recovered);
  EXPECT_TRUE(result.was_recovering);
  EXPECT_EQ(result.offset, 1u) << "where the client was";
  ASSERT_EQ(result.publications.size(), 2u);
  EXPECT_EQ(result.publications[0].push->publication().data, "2");
  EXPECT_EQ(result.publications[1].push->offset(), 3u);
}

TEST_F(RecoveryTest, HandsOverNothingToOneWhoMissedNothing) {
  const SubscribeResult result = Recover(3, epoch_).result;
  EXPECT_TRUE(result.recovered);
  EXPECT_TRUE(result.publications.empty());
}

TEST_F(RecoveryTest, SaysWhereTheStreamIsWhenItCannotRecover) {
  for (const auto& [offset, epoch] :
       {std::pair<uint64_t, std::string>{0, epoch_},
        {1, "elsewhere"},
        {9, epoch_},
        {1, "_"}}) {
    const SubscribeResult result = Recover(offset, epoch).result;
    EXPECT_FALSE(result.recovered) << offset << epoch;
    EXPECT_TRUE(result.was_recovering);
    EXPECT_EQ(result.offset, 3u);
    EXPECT_EQ(result.epoch, epoch_);
  }
}

TEST_F(RecoveryTest, RefusesThoseWhoWantAllOrNothing) {
  EXPECT_EQ(Recover(0, epoch_, true).error.code, 112u);
  EXPECT_EQ(sequencer_.subscribers(1, "kept:a"), 0u);
  EXPECT_EQ(Recover(1, epoch_, true).error.code, 0u);
}

TEST_F(RecoveryTest, ForgetsWithTheTimeToLive) {
  clock_.Advance(1000);
  EXPECT_FALSE(Recover(1, epoch_).result.recovered);
  EXPECT_TRUE(Recover(3, epoch_).result.recovered) << "nothing was missed";
}

TEST_F(RecoveryTest, GoesOnLiveWhereTheRecoveredEnd) {
  Recover(1, epoch_);
  Publish("kept:a", "4");
  const Lines seen = Seen(0);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_NE(seen[0].find("\"offset\":4"), std::string::npos);
}

// `announced`: by a token or the API, whatever the namespace says.
SubscribeOrder ComingAs(const Uuid& client, bool announced) {
  SubscribeOrder order;
  order.site_id = 1;
  order.channel = "plain:a";
  order.present = true;
  order.announced = announced;
  order.client = client;
  order.info.client = FormatUuid(client);
  return order;
}

TEST_F(SequencerTest, TellsTheLeaveOfWhomItTold) {
  const Uuid client = RandomUuidBytes();
  sequencer_.Execute({0, ComingAs(client, true)});
  EXPECT_NE(Seen(0).back().find("\"join\""), std::string::npos);

  UnsubscribeOrder gone{ChannelKey(1, "plain:a")};
  gone.present = true;
  gone.client = client;
  sequencer_.Execute({0, gone});
  // To those of the other worker, who are still there.
  Subscribe(1, 9, "plain:a");
  sequencer_.Execute({0, ComingAs(client, true)});
  sequencer_.Execute({0, gone});

  EXPECT_NE(Seen(1).back().find("\"leave\""), std::string::npos);
}

TEST_F(SequencerTest, TellsNoLeaveOfWhomItDidNotTell) {
  Subscribe(1, 9, "plain:a");
  const Uuid client = RandomUuidBytes();
  sequencer_.Execute({0, ComingAs(client, false)});
  UnsubscribeOrder gone{ChannelKey(1, "plain:a")};
  gone.present = true;
  gone.client = client;
  sequencer_.Execute({0, gone});

  EXPECT_EQ(Seen(1), Lines{"subscribe 9: 0"});
}

TEST_F(SequencerTest, TakesBackAllThatAnAnswerGranted) {
  SubscribeOrder order = ComingAs(RandomUuidBytes(), true);
  order.channel = "seen:a";
  sequencer_.Execute({0, order});
  // Whoever it was for is gone by the time it comes.
  auto answer = std::get<SubscribeAnswer>(Left(0).front());
  sequencer_.Execute({0, std::move(answer).Undo(false)});

  QueryOrder who;
  who.site_id = 1;
  who.channel = "seen:a";
  sequencer_.Execute({0, who});
  const auto found = std::get<QueryAnswer>(Left(0).back());
  EXPECT_EQ(found.error.code, 0u);
  EXPECT_TRUE(std::get<PresenceResult>(found.result).empty()) << "a ghost";
  EXPECT_EQ(sequencer_.subscribers(1, "seen:a"), 0u);
}

TEST_F(SequencerTest, RunsTasksInTheirPlace) {
  Subscribe(0, 1, "plain:a");
  std::vector<int> ran;
  sequencer_.Post(0, [&] { ran.push_back(1); });
  sequencer_.PostToAll([&](WorkerId worker) {
    return [&, worker] { ran.push_back(10 + static_cast<int>(worker)); };
  });
  EXPECT_TRUE(ran.empty()) << "tasks are the workers' to run";
}

}  // namespace
}  // namespace rt
