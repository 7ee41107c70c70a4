#include "net/connection.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/net/loopback.h"

namespace rt {
namespace {

struct Seen {
  Connection* connection = nullptr;
  std::string bytes;
  int peer_ends = 0;
  int slow = 0;
  int deadlines = 0;
  int flushes = 0;
  bool alive = false;
};

class Recorder final : public ConnectionHandler {
 public:
  Recorder(Connection* connection, Seen* seen) : seen_(seen) {
    seen->connection = connection;
    seen->alive = true;
  }
  ~Recorder() override { seen_->alive = false; }
  void OnBytes(char* bytes, size_t length) override {
    seen_->bytes.append(bytes, length);
  }
  void OnPeerEnd() override { ++seen_->peer_ends; }
  void BeforeFlush() override { ++seen_->flushes; }
  void OnSlow() override { ++seen_->slow; }
  void OnDeadline() override { ++seen_->deadlines; }

 private:
  Seen* seen_;
};

class ConnectionTest : public testing::Test {
 protected:
  Connection* Connected() {
    EXPECT_TRUE(net_.TurnUntil([this] { return seen_.alive; }));
    return seen_.connection;
  }

  Seen seen_;
  Loopback net_{[this](Connection* connection) {
    return std::make_unique<Recorder>(connection, &seen_);
  }};
};

TEST_F(ConnectionTest, SendsWhatIsDueInOrderAtTheTurnsEnd) {
  Client client(&net_);
  Connection* connection = Connected();
  connection->Enqueue("one ");
  connection->Enqueue("two ");
  connection->SendNow(Buffer::Copy("three"));
  client.Receive();
  EXPECT_EQ(client.seen(), "") << "not before the turn ends";
  client.Until("one two three");
  EXPECT_EQ(connection->queued_bytes(), 0u);
  connection->SendNow(Buffer::Copy(" four"));
  EXPECT_EQ(seen_.flushes, 1);
  client.Until("one two three four");
  EXPECT_EQ(seen_.flushes, 1) << "where nothing else is due, at once";
}

TEST_F(ConnectionTest, TellsOnceThatThePeerIsSlowAndLosesNothing) {
  Client client(&net_, 4096);
  Connection* connection = Connected();
  const std::string piece(1024 * 1024, 'x');
  size_t sent = 0;
  while (seen_.slow == 0 && sent < 64 * piece.size()) {
    connection->Enqueue(piece);
    sent += piece.size();
    net_.Turn(1);
  }
  EXPECT_EQ(seen_.slow, 1);
  connection->Enqueue(piece);
  net_.Turn(3);
  EXPECT_EQ(seen_.slow, 1);
  connection->Enqueue("the end");
  client.Until("the end");
  EXPECT_EQ(client.seen().size(), sent + piece.size() + 7);
  EXPECT_EQ(connection->queued_bytes(), 0u);
}

TEST_F(ConnectionTest, DropsOnlyWhatTheKernelHasNotBegunToTake) {
  Client client(&net_, 4096);
  Connection* connection = Connected();
  const std::string first(32 * 1024 * 1024, 'x');
  connection->Enqueue(first);
  net_.Turn(1);
  ASSERT_GT(connection->queued_bytes(), 0u) << "a part of it is on its way";
  connection->Enqueue("dropped");
  connection->DropQueued();
  connection->Enqueue("farewell");
  connection->CloseAfterFlush();
  client.UntilEnd();
  EXPECT_EQ(client.seen().size(), first.size() + 8);
  EXPECT_TRUE(client.seen().ends_with("xfarewell"));
}

TEST_F(ConnectionTest, EndsBehindWhatIsQueuedWithoutAReset) {
  Client client(&net_);
  Connection* connection = Connected();
  connection->Enqueue("bye");
  connection->CloseAfterFlush();
  connection->Enqueue("too late");
  client.Send("nobody reads this");
  EXPECT_EQ(client.UntilEnd(), "bye");
  EXPECT_FALSE(client.was_reset()) << "which would overtake what was sent";
  EXPECT_EQ(seen_.bytes, "");
  EXPECT_TRUE(seen_.alive) << "it waits for the peer's end";
  client.Close();
  EXPECT_TRUE(net_.TurnUntil([this] { return !seen_.alive; }));
  EXPECT_EQ(net_.listener().size(), 0u);
}

TEST_F(ConnectionTest, WaitsForThePeersEndNoLongerThanItMust) {
  Client client(&net_);
  Connected()->CloseAfterFlush();
  client.UntilEnd();
  EXPECT_TRUE(net_.TurnUntil([this] { return !seen_.alive; }));
}

TEST_F(ConnectionTest, LivesOnUntilTheTurnEndsWhenItIsAborted) {
  Client client(&net_);
  Connection* connection = Connected();
  connection->Enqueue("lost");
  connection->Abort();
  connection->Abort();
  EXPECT_TRUE(seen_.alive);
  EXPECT_TRUE(connection->closing());
  connection->Enqueue("lost");
  connection->SendNow(Buffer::Copy("lost"));
  connection->SetDeadline(1);
  connection->PauseReading();
  connection->ResumeReading();
  connection->CloseAfterFlush();
  EXPECT_EQ(client.UntilEnd(), "");
  EXPECT_TRUE(net_.TurnUntil([this] { return !seen_.alive; }));
  EXPECT_EQ(seen_.deadlines, 0);
}

TEST_F(ConnectionTest, LeavesUnreadWhatComesWhileItPauses) {
  Client client(&net_);
  Connection* connection = Connected();
  connection->PauseReading();
  client.Send("hello");
  net_.Turn(20);
  EXPECT_EQ(seen_.bytes, "");
  connection->ResumeReading();
  connection->ResumeReading();
  EXPECT_TRUE(net_.TurnUntil([this] { return seen_.bytes == "hello"; }));
}

TEST_F(ConnectionTest, HearsThePeersEndAndCanStillAnswer) {
  Client client(&net_);
  Connection* connection = Connected();
  client.Send("question");
  client.HalfClose();
  EXPECT_TRUE(net_.TurnUntil([this] { return seen_.peer_ends == 1; }));
  EXPECT_EQ(seen_.bytes, "question");
  connection->Enqueue("answer");
  connection->CloseAfterFlush();
  EXPECT_EQ(client.UntilEnd(), "answer");
  EXPECT_TRUE(net_.TurnUntil([this] { return !seen_.alive; }));
}

TEST_F(ConnectionTest, MeetsItsDeadlineOnce) {
  Client client(&net_);
  Connection* connection = Connected();
  connection->SetDeadline(5);
  EXPECT_TRUE(net_.TurnUntil([this] { return seen_.deadlines == 1; }));
  connection->SetDeadline(5);
  connection->SetDeadline(-1);
  bool later = false;
  struct Later final : Timer {
    explicit Later(bool* passed) : passed_(passed) {}
    void OnTimer() override { *passed_ = true; }
    bool* passed_;
  } timer(&later);
  net_.loop().timers().Set(&timer, net_.loop().clock().monotonic_ms(), 300);
  EXPECT_TRUE(net_.TurnUntil([&] { return later; }));
  EXPECT_EQ(seen_.deadlines, 1);
}

TEST_F(ConnectionTest, ThePeersResetEndsIt) {
  Client client(&net_);
  Connected();
  const linger hard{1, 0};
  client.SetLinger(hard);
  client.Close();
  EXPECT_TRUE(net_.TurnUntil([this] { return !seen_.alive; }));
}

// Replaces itself within its own callback.
class Replacing final : public ConnectionHandler {
 public:
  Replacing(Connection* connection, Seen* next, bool* gone)
      : connection_(connection), next_(next), gone_(gone) {}
  ~Replacing() override { *gone_ = true; }
  void OnBytes(char*, size_t) override {
    connection_->ReplaceHandler(std::make_unique<Recorder>(connection_, next_));
    EXPECT_FALSE(*gone_) << "it is still at work";
  }
  void OnPeerEnd() override {}
  void OnSlow() override {}
  void OnDeadline() override {}

 private:
  Connection* connection_;
  Seen* next_;
  bool* gone_;
};

TEST(ConnectionHandlersTest, AReplacedHandlerLivesUntilItReturns) {
  Seen next;
  bool gone = false;
  Loopback net([&](Connection* connection) {
    return std::make_unique<Replacing>(connection, &next, &gone);
  });
  Client client(&net);
  client.Send("a");
  EXPECT_TRUE(net.TurnUntil([&] { return gone; }));
  client.Send("b");
  EXPECT_TRUE(net.TurnUntil([&] { return next.bytes == "b"; }));
}

}  // namespace
}  // namespace rt
