// Heads that two servers on one path could read in two ways: each is refused,
// whether it comes at once or byte by byte.
#include <gtest/gtest.h>

#include "wire/http_head.h"

namespace rt {
namespace {

using State = HttpHeadReader::State;
using std::string_literals::operator""s;

int StatusInPieces(std::string_view bytes, size_t piece) {
  HttpHeadReader reader;
  size_t used = 0;
  for (size_t at = 0; at < bytes.size(); at += piece) {
    if (reader.Read(bytes.substr(at, piece), &used) != State::kMore) break;
  }
  return reader.state() == State::kComplete ? 0 : reader.status();
}

void ExpectRefused(std::string_view bytes, int status) {
  EXPECT_EQ(StatusInPieces(bytes, bytes.size()), status) << bytes;
  EXPECT_EQ(StatusInPieces(bytes, 1), status) << bytes;
}

// A POST with these bytes behind its Host line, line ends and all.
void ExpectLinesRefused(const std::string& lines, int status = 400) {
  ExpectRefused("POST / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n", status);
}

TEST(HttpSmuggling, ALengthMustNotComeWithATransferEncoding) {
  ExpectLinesRefused("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n");
  ExpectLinesRefused("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n");
  ExpectLinesRefused("Transfer-Encoding: x\r\nContent-Length: 0\r\n");
}

TEST(HttpSmuggling, NoTransferEncodingIsTaken) {
  ExpectLinesRefused("Transfer-Encoding: chunked\r\n", 501);
  ExpectLinesRefused("transfer-encoding:\tCHUNKED\r\n", 501);
  ExpectLinesRefused("Transfer-Encoding: identity\r\n", 501);
  ExpectLinesRefused("Transfer-Encoding: chunked, identity\r\n", 501);
  ExpectLinesRefused("Transfer-Encoding: xchunked\r\n", 501);
  ExpectLinesRefused("Transfer-Encoding:\r\n", 501);
}

TEST(HttpSmuggling, TheLengthIsSaidOnceAndInDigits) {
  ExpectLinesRefused("Content-Length: 5\r\nContent-Length: 6\r\n");
  ExpectLinesRefused("Content-Length: 5\r\nContent-Length: 5\r\n");
  ExpectLinesRefused("Content-Length: 5, 5\r\n");
  ExpectLinesRefused("Content-Length: +5\r\n");
  ExpectLinesRefused("Content-Length: -5\r\n");
  ExpectLinesRefused("Content-Length: 0x5\r\n");
  ExpectLinesRefused("Content-Length: 5 5\r\n");
  ExpectLinesRefused("Content-Length: 5;x\r\n");
  ExpectLinesRefused("Content-Length: 5.0\r\n");
  ExpectLinesRefused("Content-Length:\r\n");
  ExpectLinesRefused("Content-Length: 18446744073709551621\r\n");
}

TEST(HttpSmuggling, LinesEndInTwoBytes) {
  ExpectRefused("GET / HTTP/1.1\nHost: a\n\n", 400);
  ExpectRefused("GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400);
  ExpectRefused("GET / HTTP/1.1\r\nHost: a\r\n\n", 400);
  ExpectRefused("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400);
  ExpectLinesRefused("X: y\rContent-Length: 5\r\n");
  ExpectLinesRefused("X: y\r\r\n");
}

TEST(HttpSmuggling, ANameIsATokenWithItsColonAtOnce) {
  ExpectLinesRefused("Content-Length : 5\r\n");
  ExpectLinesRefused("Content-Length\t: 5\r\n");
  ExpectLinesRefused("Content Length: 5\r\n");
  ExpectLinesRefused("Content-Length\r\n");
  ExpectLinesRefused(": 5\r\n");
  ExpectLinesRefused("X(y): 5\r\n");
  ExpectLinesRefused("X\xc3\xa9: 5\r\n");
}

TEST(HttpSmuggling, NoLineGoesOnInTheNext) {
  ExpectLinesRefused("X: y\r\n z\r\n");
  ExpectLinesRefused("X: y\r\n\tz\r\n");
  ExpectRefused("GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400);
}

TEST(HttpSmuggling, ValuesHoldNoControlCharacters) {
  ExpectLinesRefused("X: a\0b\r\n"s);
  ExpectLinesRefused("X: a\x01\r\n");
  ExpectLinesRefused("X: a\x0b\r\n");
  ExpectLinesRefused("X: a\x7f\r\n");
}

TEST(HttpSmuggling, TheRequestLineIsThreeWords) {
  for (const char* line :
       {"GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET / HTTP/1.1 ",
        "GET\t/\tHTTP/1.1", "GET / a HTTP/1.1", "GET /", "GET", "GET HTTP/1.1",
        "GET / HTTP/1", "GET / HTTP/1.10", "GET / http/1.1", "GET / HTTPS/1.1",
        "GET / HTTP/a.b", "GET a HTTP/1.1", "GET /#x HTTP/1.1",
        "GET /\xc3\xa9 HTTP/1.1", "GET /\x7f HTTP/1.1", "G(T / HTTP/1.1"}) {
    ExpectRefused(std::string(line) + "\r\nHost: a\r\n\r\n", 400);
  }
  ExpectRefused(" GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400);
}

TEST(HttpSmuggling, ThereIsOneHost) {
  ExpectRefused("GET / HTTP/1.1\r\n\r\n", 400);
  ExpectRefused("GET / HTTP/1.1\r\nHost:\r\n\r\n", 400);
  ExpectRefused("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400);
  ExpectLinesRefused("Host: a\r\n");
  ExpectLinesRefused("HOST: b\r\n");
  for (const char* host : {"a b", "a/b", "u@a", "a,b?", "a#", "a\"b", "<a>"}) {
    ExpectRefused("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n",
                  400);
  }
}

TEST(HttpSmuggling, WhatDecidesWhoAsksIsSaidOnce) {
  for (const char* name :
       {"Origin", "Authorization", "X-API-Key", "Sec-WebSocket-Key",
        "Sec-WebSocket-Version", "Sec-Fetch-Site", "Content-Type"}) {
    const std::string line = std::string(name) + ": x\r\n";
    ExpectLinesRefused(line + line);
  }
}

TEST(HttpSmuggling, NoBodyComesBeforeTheFramesOfAWebSocket) {
  ExpectLinesRefused(
      "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n");
}

// The answer does not wait for the end of a line that never comes.
TEST(HttpSmuggling, WhoSpeaksAnotherProtocolIsToldAtTheFirstByte) {
  ExpectRefused("\x16\x03\x01\x02", 400);
  ExpectRefused("\r\n\x16", 400);
  ExpectRefused("\0"s, 400);
}

}  // namespace
}  // namespace rt
