#include "wire/http_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"

namespace rt {
namespace {

using State = HttpHeadReader::State;
using testing::ElementsAre;
using testing::Pair;

constexpr std::string_view kUpgrade =
    "GET /connection/websocket?cf_ws_frame_ping_pong=true HTTP/1.1\r\n"
    "Host: example.test:8000\r\n"
    "Connection: keep-alive, Upgrade\r\n"
    "Upgrade: websocket\r\n"
    "Cookie: a=1\r\n"
    "X-Empty:\r\n"
    "Cookie: \t b=2 \t\r\n"
    "\r\n";

// The status a whole head is answered with; 0 for a good one.
int StatusOf(std::string_view head) {
  HttpHeadReader reader;
  size_t used = 0;
  const State state = reader.Read(head, &used);
  EXPECT_NE(state, State::kMore) << head;
  return state == State::kComplete ? 0 : reader.status();
}

// A head with these lines behind its request line and Host.
int StatusWith(std::string_view lines) {
  return StatusOf("POST / HTTP/1.1\r\nHost: a\r\n" + std::string(lines) +
                  "\r\n\r\n");
}

HttpRequestHead HeadOf(std::string_view bytes) {
  HttpHeadReader reader;
  size_t used = 0;
  EXPECT_EQ(reader.Read(bytes, &used), State::kComplete) << bytes;
  return reader.TakeHead();
}

TEST(HttpHead, ReadsTheHeadOfAWebSocket) {
  HttpHeadReader reader;
  size_t used = 0;

  ASSERT_EQ(reader.Read(std::string(kUpgrade) + "\x81\x80", &used),
            State::kComplete);

  const HttpRequestHead& head = reader.head();
  EXPECT_EQ(used, kUpgrade.size());
  EXPECT_EQ(head.method, "GET");
  EXPECT_EQ(head.path, "/connection/websocket");
  EXPECT_EQ(head.query, "cf_ws_frame_ping_pong=true");
  EXPECT_EQ(head.minor_version, 1);
  EXPECT_TRUE(head.upgrade_websocket);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_EQ(head.content_length, 0u);
  EXPECT_THAT(head.headers,
              ElementsAre(Pair("host", "example.test:8000"),
                          Pair("connection", "keep-alive, Upgrade"),
                          Pair("upgrade", "websocket"), Pair("cookie", "a=1"),
                          Pair("x-empty", ""), Pair("cookie", "b=2")));
}

TEST(HttpHead, FindsHeadersByName) {
  const HttpRequestHead head = HeadOf(kUpgrade);

  EXPECT_EQ(head.header("cookie"), "a=1");
  EXPECT_EQ(head.header("x-empty"), "");
  EXPECT_EQ(head.header("origin"), std::nullopt);
  EXPECT_EQ(head.joined("cookie", "; "), "a=1; b=2");
  EXPECT_EQ(head.joined("origin", "; "), "");
}

TEST(HttpHead, ReadsTheSameWhereverItIsCut) {
  const std::string bytes = std::string(kUpgrade) + "rest";
  for (size_t cut = 0; cut < kUpgrade.size(); ++cut) {
    HttpHeadReader reader;
    size_t used = 0;
    ASSERT_EQ(reader.Read(bytes.substr(0, cut), &used), State::kMore) << cut;
    ASSERT_EQ(used, cut);
    ASSERT_EQ(reader.Read(bytes.substr(cut), &used), State::kComplete) << cut;
    EXPECT_EQ(used, kUpgrade.size() - cut);
    EXPECT_EQ(reader.head().headers.size(), 6u);
  }
}

TEST(HttpHead, ReadsByteByByte) {
  HttpHeadReader reader;
  size_t used = 0;
  for (size_t i = 0; i + 1 < kUpgrade.size(); ++i) {
    ASSERT_EQ(reader.Read(kUpgrade.substr(i, 1), &used), State::kMore);
  }
  EXPECT_EQ(reader.Read(kUpgrade.substr(kUpgrade.size() - 1), &used),
            State::kComplete);
  EXPECT_EQ(reader.head().path, "/connection/websocket");
}

TEST(HttpHead, KnowsWhereTheBodyBeginsAndHowLongItIs) {
  const std::string_view head =
      "POST /api/publish HTTP/1.1\r\nHost: a\r\ncontent-length: 5\r\n\r\n";
  HttpHeadReader reader;
  size_t used = 0;

  ASSERT_EQ(reader.Read(std::string(head) + "hello", &used), State::kComplete);

  EXPECT_EQ(used, head.size());
  EXPECT_EQ(reader.head().content_length, 5u);
}

TEST(HttpHead, OneEmptyLineMayComeBeforeTheRequest) {
  EXPECT_EQ(StatusOf("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 0);
  EXPECT_EQ(StatusOf("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
}

TEST(HttpHead, ConnectionsAreKeptAsTheVersionSays) {
  EXPECT_TRUE(HeadOf("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keep_alive);
  EXPECT_FALSE(HeadOf("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                   .keep_alive);
  EXPECT_FALSE(HeadOf("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(
      HeadOf("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

TEST(HttpHead, AnUpgradeNeedsBothHeadersAndTheVersion) {
  const std::string host = "Host: a\r\n";
  const std::string connection = "Connection: upgrade\r\n";
  const std::string upgrade = "Upgrade: h2c, WebSocket\r\n";
  const auto upgrades = [&](std::string_view version, std::string_view lines) {
    return HeadOf("GET / HTTP/" + std::string(version) + "\r\n" + host +
                  std::string(lines) + "\r\n")
        .upgrade_websocket;
  };
  EXPECT_TRUE(upgrades("1.1", connection + upgrade));
  EXPECT_FALSE(upgrades("1.0", connection + upgrade));
  EXPECT_FALSE(upgrades("1.1", connection));
  EXPECT_FALSE(upgrades("1.1", upgrade));
  EXPECT_FALSE(upgrades("1.1", connection + "Upgrade: websocket2\r\n"));
  EXPECT_FALSE(upgrades("1.1", upgrade + "Connection: upgrader\r\n"));
}

TEST(HttpHead, TheTargetMayBeAbsoluteWhereItNamesTheHost) {
  const HttpRequestHead head = HeadOf(
      "GET http://Example.test:8000?a=b HTTP/1.1\r\n"
      "Host: example.test:8000\r\n\r\n");

  EXPECT_EQ(head.path, "/");
  EXPECT_EQ(head.query, "a=b");
  EXPECT_EQ(StatusOf("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf("GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
}

TEST(HttpHead, OnlyOptionsMayAskForTheServerItself) {
  EXPECT_EQ(HeadOf("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").path, "*");
  EXPECT_EQ(StatusOf("GET * HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
}

TEST(HttpHead, RefusesMethodsAndVersionsItDoesNotKnow) {
  EXPECT_EQ(StatusOf("FETCH / HTTP/1.1\r\nHost: a\r\n\r\n"), 405);
  EXPECT_EQ(StatusOf("get / HTTP/1.1\r\nHost: a\r\n\r\n"), 405);
  EXPECT_EQ(StatusOf("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"), 405);
  EXPECT_EQ(StatusOf("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(StatusOf("GET / HTTP/1.2\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(StatusOf("PRI * HTTP/2.0\r\n\r\n"), 505);
}

// --- Bounds -----------------------------------------------------------------

std::string HeadOfSize(size_t bytes) {
  std::string head = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  return head + std::string(bytes - head.size() - 4, 'x') + "\r\n\r\n";
}

TEST(HttpHead, AHeadMayHaveItsFullSizeAndNotAByteMore) {
  EXPECT_EQ(StatusOf(HeadOfSize(kMaxHttpHeadBytes)), 0);
  EXPECT_EQ(StatusOf(HeadOfSize(kMaxHttpHeadBytes + 1)), 431);
}

TEST(HttpHead, AHeadThatNeverEndsIsRefusedAtTheBound) {
  const std::string head = "GET /" + std::string(kMaxHttpHeadBytes, 'x');
  for (size_t piece : {size_t{1000}, head.size()}) {
    HttpHeadReader reader;
    size_t used = 0;
    for (size_t at = 0; at < head.size(); at += piece) {
      if (reader.Read(head.substr(at, piece), &used) == State::kFailed) break;
    }
    EXPECT_EQ(reader.state(), State::kFailed);
    EXPECT_EQ(reader.status(), 431);
  }
}

TEST(HttpHead, CountsItsHeaders) {
  const auto with = [](size_t headers) {
    std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (size_t i = 1; i < headers; ++i) head += "X: y\r\n";
    return head + "\r\n";
  };
  EXPECT_EQ(StatusOf(with(kMaxHttpHeaders)), 0);
  EXPECT_EQ(StatusOf(with(kMaxHttpHeaders + 1)), 431);
}

TEST(HttpHead, ABodyAboveTheBoundIsRefusedUnread) {
  const auto length = [](uint64_t bytes) {
    return StatusWith("Content-Length: " + std::to_string(bytes));
  };
  EXPECT_EQ(length(kMaxHttpBodyBytes), 0);
  EXPECT_EQ(length(kMaxHttpBodyBytes + 1), 413);
}

// --- Query ------------------------------------------------------------------

TEST(HttpQuery, FindsAndDecodesAParameter) {
  const std::string_view query = "a=1&b%20c=%7B%22x%22%3a1%7d+z&flag&=none&a=2";

  EXPECT_EQ(QueryParameter(query, "a"), "1");
  EXPECT_EQ(QueryParameter(query, "b c"), "{\"x\":1} z");
  EXPECT_EQ(QueryParameter(query, "flag"), "");
  EXPECT_EQ(QueryParameter(query, ""), "none");
  EXPECT_EQ(QueryParameter(query, "c"), std::nullopt);
  EXPECT_EQ(QueryParameter("", "a"), std::nullopt);
}

TEST(HttpQuery, AnEscapeThatIsNoneStandsForItself) {
  EXPECT_EQ(QueryParameter("a=%zz%4&b=%", "a"), "%zz%4");
  EXPECT_EQ(QueryParameter("a=%zz%4&b=%", "b"), "%");
  EXPECT_EQ(QueryParameter("a=x=y", "a"), "x=y");
}

}  // namespace
}  // namespace rt
