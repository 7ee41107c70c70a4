#include "bench/publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>

#include "wire/link_format.h"

namespace rt::bench {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// The server's end of a publisher's connection.
class PublisherTest : public testing::Test {
 protected:
  void SetUp() override {
    int pair[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    ours_ = Descriptor(pair[0]);
    server_ = Descriptor(pair[1]);
  }

  std::string ServerReads() {
    char buffer[4096];
    const ssize_t n = recv(server_.get(), buffer, sizeof(buffer), 0);
    return n > 0 ? std::string(buffer, static_cast<size_t>(n)) : "";
  }
  void ServerWrites(const std::string& bytes) {
    ASSERT_EQ(send(server_.get(), bytes.data(), bytes.size(), 0),
              static_cast<ssize_t>(bytes.size()));
  }
  static std::string LinkFrame(LinkFrameType type, char request,
                               const std::string& body) {
    std::string frame(kLinkHeaderBytes, '\0');
    frame[0] = static_cast<char>(body.size());
    frame[4] = static_cast<char>(type);
    frame[8] = request;
    return frame + body;
  }

  Descriptor ours_;
  Descriptor server_;
};

TEST_F(PublisherTest, SaysHelloOnTheLinkAndSelectsItsSite) {
  const auto publisher = MakeLinkPublisher(std::move(ours_), "k", "sec");
  ASSERT_TRUE(publisher->Flush().ok());

  const std::string bytes = ServerReads();

  EXPECT_EQ(bytes[4], kLinkHello);
  EXPECT_THAT(bytes, HasSubstr(R"("protocol":1)"));
  const std::string site("\x01\x00\x03\x00ksec", 8);
  EXPECT_EQ(bytes.substr(bytes.size() - 24), LinkFrame(kLinkSite, 0, site));
}

TEST_F(PublisherTest, PublishesOnTheLinkAsTheFormatSays) {
  const auto publisher = MakeLinkPublisher(std::move(ours_), "", "");
  ASSERT_TRUE(publisher->Flush().ok());
  ServerReads();

  publisher->Append("a:b", "{}", true);
  ASSERT_TRUE(publisher->Flush().ok());

  const std::string body(
      "\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00"
      "a:b{}",
      15);
  EXPECT_EQ(ServerReads(), LinkFrame(kLinkPublish, 1, body));
  EXPECT_EQ(publisher->unanswered(), 1u);
}

TEST_F(PublisherTest, TimesAnswersOnTheLinkThoughTheyComeInPieces) {
  const auto publisher = MakeLinkPublisher(std::move(ours_), "", "");
  publisher->Append("a:b", "{}", true);
  const std::string answers =
      LinkFrame(kLinkHelloReply, 0, R"({"protocol":1})") +
      LinkFrame(kLinkReply, 1, R"({"result":{"offset":1}})");

  ServerWrites(answers.substr(0, 50));
  ASSERT_TRUE(publisher->OnReadable().ok());
  EXPECT_EQ(publisher->unanswered(), 1u);
  ServerWrites(answers.substr(50));
  ASSERT_TRUE(publisher->OnReadable().ok());

  EXPECT_EQ(publisher->unanswered(), 0u);
  EXPECT_EQ(publisher->answer_latency().count(), 1u);
}

TEST_F(PublisherTest, FailsOnARefusalAndOnAGoodbye) {
  const auto publisher = MakeLinkPublisher(std::move(ours_), "", "");
  ServerWrites(LinkFrame(kLinkReply, 1, R"({"error":{"code":102}})"));
  const Status refused = publisher->OnReadable();
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr(R"("code":102)"));

  server_ = Descriptor();
  EXPECT_FALSE(publisher->OnReadable().ok());
}

TEST_F(PublisherTest, PostsToServersThatSpeakHttp) {
  const auto publisher = MakeHttpPublisher(std::move(ours_));
  publisher->Append("a:b", "{\"n\":1}", false);
  ASSERT_TRUE(publisher->Flush().ok());

  const std::string request = ServerReads();

  EXPECT_THAT(request, StartsWith("POST /pub/a:b HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nContent-Length: 7\r\n"));
  EXPECT_TRUE(request.ends_with("\r\n\r\n{\"n\":1}"));
}

TEST_F(PublisherTest, ReadsPipelinedHttpAnswersWithAndWithoutABody) {
  const auto publisher = MakeHttpPublisher(std::move(ours_));
  publisher->Append("a:b", "{}", false);
  publisher->Append("a:b", "{}", true);
  ServerWrites(
      "HTTP/1.1 202 Accepted\r\ncontent-LENGTH: 3\r\nX: y\r\n\r\nabc"
      "HTTP/1.1 204 No Content\r\n\r\n");

  ASSERT_TRUE(publisher->OnReadable().ok());

  EXPECT_EQ(publisher->answer_latency().count(), 1u);
  ServerWrites("HTTP/1.1 403 Forbidden\r\n\r\n");
  EXPECT_FALSE(publisher->OnReadable().ok());
}

}  // namespace
}  // namespace rt::bench
