#include "net/http_connection.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/net/loopback.h"
#include "net/echo_socket.h"

namespace rt {
namespace {

constexpr char kHandshake[] =
    "GET /echo HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
// "hi" as a masked text frame, and as the server sends it.
const std::string kHi("\x81\x82\0\0\0\0hi", 8);
constexpr char kHiBack[] = "\x81\x02hi";

std::string Get(const std::string& path, const std::string& more = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: a.test\r\n" + more + "\r\n";
}
std::string Post(const std::string& path, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: a.test\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Answers with the path and body; behind /later when the test says so.
class FakeService final : public HttpService {
 public:
  void Respond(const HttpRequestHead& head, std::string_view body,
               const Connection&, HttpAnswer answer) override {
    HttpResponse response;
    response.body = head.path + "=" + std::string(body) + ";";
    asked.push_back(head.path);
    if (head.path != "/later") return answer(std::move(response));
    waiting.push_back(
        [answer = std::move(answer), response] { answer(response); });
  }
  std::unique_ptr<ConnectionHandler> Upgrade(const HttpRequestHead& head,
                                             Connection* connection,
                                             HttpResponse* response) override {
    if (head.path == "/echo")
      return std::make_unique<EchoSocket>(connection, std::nullopt);
    response->status = 403;
    return nullptr;
  }
  size_t MaxBodyBytes(const HttpRequestHead& head) override {
    return head.method == "POST" ? 1000 : 0;
  }

  std::vector<std::string> asked;
  std::vector<std::function<void()>> waiting;
};

class HttpConnectionTest : public testing::Test {
 protected:
  // Gives the oldest answer that waits.
  void Answer() {
    ASSERT_TRUE(net_.TurnUntil([this] { return !service_.waiting.empty(); }));
    const auto answer = std::move(service_.waiting.front());
    service_.waiting.erase(service_.waiting.begin());
    answer();
  }
  static size_t Count(const std::string& text, const std::string& part) {
    size_t count = 0;
    for (size_t at = text.find(part); at != std::string::npos;
         at = text.find(part, at + 1)) {
      ++count;
    }
    return count;
  }

  FakeService service_;
  Loopback net_{[this](Connection* connection) {
    return std::make_unique<HttpConnection>(connection, &service_);
  }};
};

TEST_F(HttpConnectionTest, AnswersRequestsInOrderOnOneConnection) {
  Client client(&net_);
  client.Send(Get("/a") + Post("/b", "body") + Get("/c"));
  const std::string& seen = client.Until("/c=;");
  EXPECT_LT(seen.find("/a=;"), seen.find("/b=body;"));
  EXPECT_LT(seen.find("/b=body;"), seen.find("/c=;"));
  EXPECT_EQ(Count(seen, "HTTP/1.1 200 OK\r\n"), 3u);
  EXPECT_FALSE(client.ended());
}

TEST_F(HttpConnectionTest, TakesARequestInPieces) {
  Client client(&net_);
  const std::string request = Post("/b", "in pieces");
  for (const char& byte : request) {
    client.Send(std::string_view(&byte, 1));
    net_.Turn(2);
  }
  client.Until("/b=in pieces;");
}

TEST_F(HttpConnectionTest, ARequestWaitsForTheAnswerToTheOneBefore) {
  Client client(&net_);
  client.Send(Get("/later") + Get("/later") + Get("/c"));
  ASSERT_TRUE(net_.TurnUntil([&] { return service_.waiting.size() == 1; }));
  client.Send(Get("/d"));
  net_.Turn(20);
  EXPECT_EQ(service_.asked.size(), 1u);
  Answer();
  client.Until("/later=;");
  EXPECT_EQ(service_.asked.size(), 2u);
  Answer();
  const std::string& seen = client.Until("/d=;");
  EXPECT_LT(seen.find("/c=;"), seen.find("/d=;"));
}

TEST_F(HttpConnectionTest, AnAnswerForWhoIsGoneDoesNothing) {
  Client client(&net_);
  client.Send(Get("/later"));
  ASSERT_TRUE(net_.TurnUntil([&] { return !service_.waiting.empty(); }));
  net_.listener().ForEach([](Connection* connection) { connection->Abort(); });
  Answer();
  ASSERT_TRUE(net_.TurnUntil([&] { return net_.listener().size() == 0; }));
  client.Close();
  Client other(&net_);
  other.Send(Get("/later"));
  ASSERT_TRUE(net_.TurnUntil([&] { return !service_.waiting.empty(); }));
  net_.listener().ForEach([](Connection* connection) { connection->Abort(); });
  ASSERT_TRUE(net_.TurnUntil([&] { return net_.listener().size() == 0; }));
  Answer();
}

TEST_F(HttpConnectionTest, HandsTheSocketOnWithTheFirstFrame) {
  Client client(&net_);
  client.Send(Get("/a") + kHandshake + kHi);
  const std::string& seen = client.Until(kHiBack);
  EXPECT_NE(
      seen.find("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"),
      std::string::npos);
  EXPECT_NE(seen.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
            std::string::npos);
}

TEST_F(HttpConnectionTest, HandsTheSocketOnBehindALateAnswer) {
  Client client(&net_);
  client.Send(Get("/later") + kHandshake + kHi);
  Answer();
  const std::string& seen = client.Until(kHiBack);
  EXPECT_LT(seen.find("/later=;"), seen.find("HTTP/1.1 101 "));
  client.Forget();
  client.Send(kHi);
  client.Until(kHiBack);
}

TEST_F(HttpConnectionTest, RefusesAndEnds) {
  const std::string upgrade(kHandshake);
  const auto replaced = [&](const std::string& what, const std::string& by) {
    std::string text = upgrade;
    return text.replace(text.find(what), what.size(), by);
  };
  const std::pair<std::string, std::string> cases[] = {
      {"rubbish\r\n\r\n", "400"},
      {Get("/a", "Content-Length: 1\r\n"), "413"},
      {Post("/a", std::string(1001, 'x')), "413"},
      {replaced("/echo", "/else"), "403"},
      {replaced("Version: 13", "Version: 12"), "426"},
      {replaced("dGhlIHNhbXBsZSBub25jZQ==", "short"), "400"},
      {replaced("GET", "POST"), "400"},
  };
  for (const auto& [request, status] : cases) {
    Client client(&net_);
    client.Send(request);
    // What follows is never taken for a request.
    client.Send(Get("/smuggled"));
    const std::string& seen = client.UntilEnd();
    EXPECT_EQ(seen.substr(0, 12), "HTTP/1.1 " + status) << request;
    EXPECT_EQ(Count(seen, "HTTP/1.1 "), 1u) << request;
    EXPECT_NE(seen.find("Connection: close\r\n"), std::string::npos);
  }
  EXPECT_TRUE(service_.asked.empty());
}

TEST_F(HttpConnectionTest, EndsWhenTheClientWantsNoMore) {
  Client client(&net_);
  client.Send(Get("/a", "Connection: close\r\n") + Get("/b"));
  const std::string& seen = client.UntilEnd();
  EXPECT_NE(seen.find("/a=;"), std::string::npos);
  EXPECT_EQ(service_.asked, std::vector<std::string>{"/a"});
}

TEST_F(HttpConnectionTest, AsksForTheBodyOfWhoWaitsToBeAsked) {
  Client client(&net_);
  client.Send(
      "POST /b HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n"
      "Expect: 100-continue\r\n\r\n");
  client.Until("HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("ok");
  client.Until("/b=ok;");
}

TEST_F(HttpConnectionTest, SendsAHeadWithoutABody) {
  Client client(&net_);
  client.Send("HEAD /a HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
  const std::string& seen = client.UntilEnd();
  EXPECT_NE(seen.find("Content-Length: 4\r\n"), std::string::npos);
  EXPECT_TRUE(seen.ends_with("\r\n\r\n"));
}

}  // namespace
}  // namespace rt
