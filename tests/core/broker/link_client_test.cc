#include "broker/link_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "core/broker/temp_dir.h"
#include "wire/link_format.h"

namespace rt {
namespace {

using ::testing::HasSubstr;

std::string Frame(uint8_t type, uint32_t id, const std::string& body) {
  std::string frame(kLinkHeaderBytes, '\0');
  for (int i = 0; i < 4; ++i) {
    frame[i] = static_cast<char>(body.size() >> (8 * i));
    frame[8 + i] = static_cast<char>(id >> (8 * i));
  }
  frame[4] = static_cast<char>(type);
  return frame + body;
}

// A listening socket that says its lines and keeps what it hears until the
// client is gone.
class FakeBroker {
 public:
  FakeBroker(const std::string& path, std::string says, bool hang_up = false)
      : says_(std::move(says)), hang_up_(hang_up) {
    fd_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    EXPECT_EQ(
        ::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd_, 1), 0);
    thread_ = std::thread([this] { Serve(); });
  }

  // What the client had said when it went.
  std::string Heard() {
    if (thread_.joinable()) thread_.join();
    return heard_;
  }

  ~FakeBroker() {
    if (thread_.joinable()) thread_.join();
    ::close(fd_);
  }

 private:
  void Serve() {
    const int peer = ::accept(fd_, nullptr, nullptr);
    const ssize_t said = ::send(peer, says_.data(), says_.size(), MSG_NOSIGNAL);
    if (said == static_cast<ssize_t>(says_.size()) && !hang_up_) {
      char bytes[4096];
      ssize_t count;
      while ((count = ::recv(peer, bytes, sizeof bytes, 0)) > 0) {
        heard_.append(bytes, static_cast<size_t>(count));
      }
    }
    ::close(peer);
  }

  int fd_;
  std::string says_;
  bool hang_up_;
  std::string heard_;
  std::thread thread_;
};

const std::string kHello = Frame(kLinkHelloReply, 0, R"({"pid":9})");

TEST(LinkClient, ExchangesVersionsAndAsks) {
  TempDir dir;
  FakeBroker broker(dir.path("s"),
                    kHello + Frame(kLinkReply, 1, R"({"result":{}})"));
  {
    Result<LinkClient> client = LinkClient::Connect(dir.path("s"), 5'000);
    ASSERT_TRUE(client.ok()) << client.error().message;
    EXPECT_EQ(client->hello(), R"({"pid":9})");

    EXPECT_EQ(*client->Call("info", "{}"), R"({"result":{}})");
  }

  const std::string heard = broker.Heard();
  EXPECT_EQ(heard[4], kLinkHello);
  EXPECT_THAT(heard, HasSubstr(R"("protocol":1,"sapi":"drupalrtd")"));
  EXPECT_TRUE(
      heard.ends_with(Frame(kLinkCall, 1, R"({"method":"info","params":{}})")));
}

TEST(LinkClient, SelectsASite) {
  TempDir dir;
  FakeBroker broker(dir.path("s"), kHello);
  {
    Result<LinkClient> client = LinkClient::Connect(dir.path("s"), 5'000);
    ASSERT_TRUE(client.ok());
    EXPECT_TRUE(client->SelectSite("example", "secret").ok());
    EXPECT_FALSE(client->SelectSite(std::string(256, 'k'), "").ok());
  }

  const std::string body = std::string("\x07\x00\x06\x00", 4) + "examplesecret";
  EXPECT_TRUE(broker.Heard().ends_with(Frame(kLinkSite, 0, body)));
}

TEST(LinkClient, PassesOverFramesThatNobodyAskedFor) {
  TempDir dir;
  FakeBroker broker(dir.path("s"), kHello +
                                       Frame(kLinkSites, 0, R"({"sites":[]})") +
                                       Frame(kLinkReply, 7, "stale") +
                                       Frame(kLinkReply, 1, "{}"));
  Result<LinkClient> client = LinkClient::Connect(dir.path("s"), 5'000);
  ASSERT_TRUE(client.ok());

  EXPECT_EQ(*client->Call("info", "{}"), "{}");
}

TEST(LinkClient, SaysThatNobodyAnswers) {
  TempDir dir;

  const Result<LinkClient> client = LinkClient::Connect(dir.path("s"), 5'000);

  EXPECT_EQ(client.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(client.error().message, HasSubstr("no broker answers at"));
}

TEST(LinkClient, PassesOnTheReasonOfAGoodbye) {
  TempDir dir;
  FakeBroker broker(
      dir.path("s"),
      Frame(kLinkGoodbye, 0, R"({"reason":"not admitted","code":2})"), true);

  const Result<LinkClient> client = LinkClient::Connect(dir.path("s"), 5'000);

  EXPECT_EQ(client.error().code, ErrorCode::kDenied);
  EXPECT_THAT(client.error().message, HasSubstr("not admitted"));
}

TEST(LinkClient, GivesUpOnABrokerThatIsSilent) {
  TempDir dir;
  FakeBroker broker(dir.path("s"), "");

  const Result<LinkClient> client = LinkClient::Connect(dir.path("s"), 10);

  EXPECT_EQ(client.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(client.error().message, HasSubstr("within 10 ms"));
}

TEST(LinkClient, RefusesAnswersOfSomethingElse) {
  TempDir dir;
  FakeBroker broker(dir.path("s"), "HTTP/1.1 400 Bad Request\r\n\r\n");

  const Result<LinkClient> client = LinkClient::Connect(dir.path("s"), 5'000);

  EXPECT_EQ(client.error().code, ErrorCode::kInvalid);
}

TEST(LinkClient, SaysThatTheBrokerWentWhileItAnswered) {
  TempDir dir;
  FakeBroker broker(dir.path("s"), kHello.substr(0, 20), true);

  const Result<LinkClient> client = LinkClient::Connect(dir.path("s"), 5'000);

  EXPECT_EQ(client.error().code, ErrorCode::kUnavailable);
}

TEST(LinkClient, RefusesToSendMoreThanAFrameHolds) {
  TempDir dir;
  FakeBroker broker(dir.path("s"), kHello);
  Result<LinkClient> client = LinkClient::Connect(dir.path("s"), 5'000);
  ASSERT_TRUE(client.ok());

  const std::string large = "\"" + std::string(kLinkMaxBodyBytes, 'x') + "\"";
  EXPECT_EQ(client->Call("publish", large).error().code, ErrorCode::kLimit);
}

}  // namespace
}  // namespace rt
