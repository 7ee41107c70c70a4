#include "broker/link_server.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

#include "core/broker/temp_dir.h"
#include "db/identity_service.h"
#include "net/loop.h"
#include "wire/link_frame.h"

namespace rt {
namespace {

class NoOutlet final : public HubOutlet {
 public:
  void Deliver(WorkerId, std::vector<HubEvent>* events) override {
    events->clear();
  }
};

class LinkServerTest : public testing::Test {
 protected:
  LinkServerTest() {
    const Status listening = links_.Listen();
    EXPECT_TRUE(listening.ok());
  }
  ~LinkServerTest() override {
    if (fd_ >= 0) ::close(fd_);
    links_.CloseAll();
    while (!links_.closed()) loop_.RunUntilClosed();
  }

  void Connect() {
    fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, dir_.path("s").c_str(),
                 sizeof address.sun_path - 1);
    ASSERT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&address),
                        sizeof address),
              0);
  }
  void Send(LinkFrameType type, const std::string& body, uint32_t id = 0) {
    std::string frame;
    AppendLinkFrame(type, 0, id, body, &frame);
    ASSERT_EQ(::send(fd_, frame.data(), frame.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(frame.size()));
  }
  // What has come after a few turns.
  std::string Received() {
    std::string all;
    for (int turn = 0; turn < 20; ++turn) {
      uv_run(loop_.uv(), UV_RUN_NOWAIT);
      char bytes[4096];
      const ssize_t got = ::recv(fd_, bytes, sizeof bytes, MSG_DONTWAIT);
      if (got > 0) all.append(bytes, static_cast<size_t>(got));
    }
    return all;
  }

  TempDir dir_;
  Loop loop_;
  NoOutlet outlet_;
  IdentityService identities_;
  SiteRegistry sites_{Namespaces({}, true), true, {}, std::nullopt};
  Sequencer sequencer_{&loop_.clock(),
                       [this](uint32_t id) { return sites_.NamespacesOf(id); },
                       1, &outlet_};
  Api::Wiring Wired() {
    Api::Wiring wiring;
    wiring.sequencer = &sequencer_;
    wiring.sites = &sites_;
    wiring.identities = &identities_;
    wiring.node_info = [] { return Api::NodeInfo(); };
    return wiring;
  }
  Api api_{Wired()};
  LinkServer links_{
      &loop_, {dir_.path("s"), "", "node", true}, &sequencer_, &sites_, &api_};
  int fd_ = -1;
};

constexpr char kHello[] = R"({"version":"test","protocol":1})";

TEST_F(LinkServerTest, WhoComesWhileItPausesWaitsLikeTheOthers) {
  links_.SetPaused(true);
  Connect();
  Send(kLinkHello, kHello);
  EXPECT_NE(Received(), "") << "the greeting is answered";
  Send(kLinkCall, R"({"method":"info"})", 7);
  EXPECT_EQ(Received(), "");
  links_.SetPaused(false);
  EXPECT_NE(Received().find("\"result\""), std::string::npos);
}

TEST_F(LinkServerTest, SaysGoodbyeAndTakesItsSocketAway) {
  Connect();
  Send(kLinkHello, kHello);
  Received();
  links_.BeginDrain();
  EXPECT_NE(Received().find("the broker stops"), std::string::npos);
  EXPECT_NE(::access(dir_.path("s").c_str(), F_OK), 0);
}

TEST_F(LinkServerTest, CountsWhatItTakesAndWhatItDoesNot) {
  Connect();
  Send(kLinkHello, kHello);
  std::string good;
  AppendPublishBody({"a:b"}, 0, "1", "", &good);
  Send(kLinkPublish, good);
  Send(kLinkPublish, "rubbish");
  Received();
  EXPECT_EQ(links_.counters().events, 1u);
  EXPECT_EQ(links_.counters().malformed, 1u);
}

}  // namespace
}  // namespace rt
