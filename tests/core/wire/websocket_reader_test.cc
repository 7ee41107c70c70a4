#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/wire/websocket_recorder.h"
#include "wire/deflate.h"
#include "wire/websocket.h"

namespace rt {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint8_t kFin = 0x80;
constexpr char kMask[] = "\x37\xfa\x21\x3d";

// A client's frame: the first byte as given, and the payload masked.
std::string Frame(int first_byte, std::string_view payload) {
  std::string frame(1, static_cast<char>(first_byte));
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    const int bytes = payload.size() <= 0xffff ? 2 : 8;
    frame += static_cast<char>(0x80 | (bytes == 2 ? 126 : 127));
    for (int i = bytes - 1; i >= 0; --i) {
      frame += static_cast<char>(payload.size() >> (8 * i) & 0xff);
    }
  }
  frame.append(kMask, 4);
  for (size_t i = 0; i < payload.size(); ++i) {
    frame += static_cast<char>(payload[i] ^ kMask[i % 4]);
  }
  return frame;
}

std::string Text(std::string_view payload) { return Frame(0x81, payload); }

std::string CloseFrame(int code, std::string_view reason = "") {
  std::string payload = {static_cast<char>(code >> 8),
                         static_cast<char>(code & 0xff)};
  return Frame(0x88, payload.append(reason));
}

class WebSocketReaderTest : public testing::Test {
 protected:
  // Reads all of it in pieces of that size; false when the reader gave up.
  bool Read(std::string bytes, size_t piece = SIZE_MAX) {
    for (size_t at = 0; at < bytes.size(); at += piece) {
      piece = std::min(piece, bytes.size() - at);
      if (!reader_.Read(bytes.data() + at, piece, &recorder_)) return false;
    }
    return true;
  }

  std::vector<std::string>& events() { return recorder_.events; }

  WebSocketRecorder recorder_;
  WebSocketReader reader_{{.max_message_bytes = 1000, .max_fragments = 5}};
};

TEST_F(WebSocketReaderTest, ReadsMessagesOfBothKinds) {
  EXPECT_TRUE(Read(Text("hello") + Frame(0x82, "\xff\xfe") + Text("")));
  EXPECT_THAT(events(), ElementsAre("text hello", "binary \xff\xfe", "text "));
  EXPECT_EQ(reader_.error_code(), 0);
}

TEST_F(WebSocketReaderTest, ReadsTheSameByteByByte) {
  const std::string payload(300, 'x');
  EXPECT_TRUE(Read(Text("hello") + Frame(0x89, "now") + Text(payload), 1));
  EXPECT_THAT(events(),
              ElementsAre("text hello", "ping now", "text " + payload));
}

TEST_F(WebSocketReaderTest, HandsOnAWholeMessageWithoutACopy) {
  struct Pointer final : WebSocketEvents {
    bool OnMessage(WebSocketOpcode, std::string_view payload) override {
      data = payload.data();
      return true;
    }
    bool OnPing(std::string_view) override { return true; }
    bool OnPong(std::string_view) override { return true; }
    bool OnClose(uint16_t, std::string_view) override { return true; }
    const char* data = nullptr;
  } pointer;
  std::string bytes = Text("hello");

  EXPECT_TRUE(reader_.Read(bytes.data(), bytes.size(), &pointer));

  EXPECT_EQ(pointer.data, bytes.data() + 6);
}

TEST_F(WebSocketReaderTest, JoinsFragmentsWithControlFramesBetweenThem) {
  EXPECT_TRUE(Read(Frame(0x01, "one ") + Frame(0x89, "ping") +
                   Frame(0x00, "two ") + Frame(0x8a, "pong") +
                   Frame(0x80, "three")));
  EXPECT_THAT(events(),
              ElementsAre("ping ping", "pong pong", "text one two three"));
}

TEST_F(WebSocketReaderTest, HoldsNoMemoryAtRest) {
  EXPECT_EQ(reader_.buffered_bytes(), 0u);
  EXPECT_TRUE(Read(Frame(0x01, "half")));
  EXPECT_GT(reader_.buffered_bytes(), 0u);
  EXPECT_TRUE(Read(Frame(0x80, "whole")));
  EXPECT_EQ(reader_.buffered_bytes(), 0u);

  const std::string frame = Text(std::string(900, 'x'));
  EXPECT_TRUE(Read(frame.substr(0, 500)));
  EXPECT_GT(reader_.buffered_bytes(), 0u);
  EXPECT_TRUE(Read(frame.substr(500)));
  EXPECT_EQ(reader_.buffered_bytes(), 0u);
}

TEST_F(WebSocketReaderTest, ReadsTheCloseFrameAndNothingBehindIt) {
  EXPECT_FALSE(Read(CloseFrame(1001, "bye") + Text("late")));
  EXPECT_THAT(events(), ElementsAre("close 1001 bye"));
  EXPECT_EQ(reader_.error_code(), 0);
  EXPECT_FALSE(Read(Text("later")));
  EXPECT_EQ(events().size(), 1u);
}

TEST_F(WebSocketReaderTest, AnEmptyCloseFrameHasNoStatus) {
  EXPECT_FALSE(Read(Frame(0x88, "")));
  EXPECT_THAT(events(), ElementsAre("close 1005 "));
}

TEST_F(WebSocketReaderTest, StopsWhenAnEventSaysSo) {
  recorder_.stop_at = 2;
  EXPECT_FALSE(Read(Text("1") + Text("2") + Text("3")));
  EXPECT_THAT(events(), ElementsAre("text 1", "text 2"));
  EXPECT_FALSE(Read(Text("4")));
  EXPECT_EQ(events().size(), 2u);
  EXPECT_EQ(reader_.error_code(), 0);
}

// --- What breaks the protocol -----------------------------------------------

struct Broken {
  const char* what;
  std::string bytes;
  uint16_t code;
};

std::string Unmasked() { return {'\x81', '\x05', 'h', 'e', 'l', 'l', 'o'}; }

std::string Long(int first_byte, int code, std::string_view length) {
  return std::string{static_cast<char>(first_byte),
                     static_cast<char>(0x80 | code)}
      .append(length)
      .append(kMask, 4);
}

TEST_F(WebSocketReaderTest, SaysWhatIsWrongWithAFrame) {
  using std::string_literals::operator""s;
  const Broken cases[] = {
      {"not masked", Unmasked(), 1002},
      {"not masked and empty", "\x81\x00"s, 1002},
      {"RSV1", Frame(0xc1, "x"), 1002},
      {"RSV2", Frame(0xa1, "x"), 1002},
      {"RSV3", Frame(0x91, "x"), 1002},
      {"opcode 3", Frame(0x83, "x"), 1002},
      {"opcode 7", Frame(0x87, "x"), 1002},
      {"opcode 11", Frame(0x8b, ""), 1002},
      {"opcode 15", Frame(0x8f, ""), 1002},
      {"ping in fragments", Frame(0x09, ""), 1002},
      {"close in fragments", Frame(0x08, ""), 1002},
      {"ping of 126 bytes", Frame(0x89, std::string(126, 'x')), 1002},
      {"continuation of nothing", Frame(0x80, "x"), 1002},
      {"text inside text", Frame(0x01, "x") + Frame(0x81, "y"), 1002},
      {"16 bits for 125", Long(0x81, 126, "\x00\x7d"s), 1002},
      {"64 bits for 65535", Long(0x81, 127, "\0\0\0\0\0\0\xff\xff"s), 1002},
      {"64 bits, the first set", Long(0x81, 127, "\x80\0\0\0\0\1\0\0"s), 1002},
      {"close of one byte", Frame(0x88, "x"), 1002},
      {"text that is not UTF-8", Text("\xce\xba\xff"), 1007},
      {"text cut in a character", Text("\xce\xba\xce"), 1007},
      {"fragments cut in a character",
       Frame(0x01, "\xce\xba") + Frame(0x80, "\xce"), 1007},
      {"close reason that is not UTF-8", CloseFrame(1000, "\xff"), 1007},
      {"message too big", Text(std::string(1001, 'x')), 1009},
      {"six fragments",
       Frame(1, "") + Frame(0, "") + Frame(0, "") + Frame(0, "") +
           Frame(0, "") + Frame(0x80, ""),
       1008},
  };
  for (const Broken& broken : cases) {
    for (size_t piece : {size_t{1}, size_t{3}, SIZE_MAX}) {
      reader_ =
          WebSocketReader({.max_message_bytes = 1000, .max_fragments = 5});
      EXPECT_FALSE(Read(broken.bytes, piece)) << broken.what;
      EXPECT_EQ(reader_.error_code(), broken.code) << broken.what;
      EXPECT_NE(std::string(reader_.error_reason()), "") << broken.what;
      EXPECT_EQ(reader_.buffered_bytes(), 0u) << broken.what;
      EXPECT_THAT(events(), IsEmpty()) << broken.what;
    }
  }
}

TEST_F(WebSocketReaderTest, TakesTheCloseCodesThatMayBeOnTheWire) {
  for (int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012,
                   1013, 1014, 3000, 3999, 4000, 4999}) {
    reader_ = WebSocketReader({});
    EXPECT_FALSE(Read(CloseFrame(code)));
    EXPECT_EQ(reader_.error_code(), 0) << code;
    EXPECT_EQ(events().back(), "close " + std::to_string(code) + " ");
  }
}

TEST_F(WebSocketReaderTest, RefusesTheOthers) {
  for (int code : {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999,
                   5000, 65535}) {
    reader_ = WebSocketReader({});
    EXPECT_FALSE(Read(CloseFrame(code)));
    EXPECT_EQ(reader_.error_code(), 1002) << code;
  }
  EXPECT_THAT(events(), IsEmpty());
}

TEST_F(WebSocketReaderTest, NothingIsReadBehindAnError) {
  EXPECT_FALSE(Read(Text("good") + Frame(0x83, "") + Text("late")));
  EXPECT_FALSE(Read(Text("later")));
  EXPECT_THAT(events(), ElementsAre("text good"));
  EXPECT_EQ(reader_.error_code(), 1002);
}

TEST_F(WebSocketReaderTest, FailsAtOnceWhereTextCannotBecomeGood) {
  // In a fragment of a message that is to go on.
  EXPECT_FALSE(Read(Frame(0x01, "good \xed\xa0")));
  EXPECT_EQ(reader_.error_code(), 1007);

  // And inside a frame of which the rest has not come.
  reader_ = WebSocketReader({});
  const std::string frame = Text("\xce\xba\xff" + std::string(90, 'x'));
  EXPECT_TRUE(Read(frame.substr(0, 8)));
  EXPECT_FALSE(Read(frame.substr(8, 1)));
  EXPECT_EQ(reader_.error_code(), 1007);
}

TEST_F(WebSocketReaderTest, ACharacterMayBeSplitBetweenFragments) {
  EXPECT_TRUE(
      Read(Frame(0x01, "\xe2") + Frame(0x00, "\x82") + Frame(0x80, "\xac")));
  EXPECT_THAT(events(), ElementsAre("text \xe2\x82\xac"));
  // Its beginning is forgotten with the message.
  EXPECT_TRUE(Read(Frame(0x01, "a") + Frame(0x80, "b")));
  EXPECT_EQ(events().back(), "text ab");
}

TEST_F(WebSocketReaderTest, BinaryFragmentsNeedNotBeText) {
  EXPECT_TRUE(Read(Frame(0x02, "\xff") + Frame(0x80, "\xfe")));
  EXPECT_THAT(events(), ElementsAre("binary \xff\xfe"));
}

// --- Compressed messages ----------------------------------------------------

class DeflatedReaderTest : public WebSocketReaderTest {
 protected:
  DeflatedReaderTest() { reader_.AllowDeflate(); }

  void Restart() {
    reader_ = WebSocketReader({.max_message_bytes = 1000, .max_fragments = 5});
    reader_.AllowDeflate();
  }
};

std::string Deflated(std::string_view text) { return DeflateMessage(text, 15); }

TEST_F(DeflatedReaderTest, InflatesMessagesOfBothKinds) {
  const std::string text(900, 'x');
  EXPECT_TRUE(Read(Frame(0xc1, Deflated("hello")) +
                   Frame(0xc2, Deflated("\xff")) + Frame(0xc1, Deflated(text)) +
                   Frame(0xc1, Deflated(""))));
  EXPECT_THAT(events(), ElementsAre("text hello", "binary \xff", "text " + text,
                                    "text "));
  EXPECT_EQ(reader_.buffered_bytes(), 0u);
}

TEST_F(DeflatedReaderTest, WhatIsNotCompressedComesAsItIs) {
  EXPECT_TRUE(Read(Text("plain") + Frame(0xc1, Deflated("deflated")) +
                   Frame(0x89, "ping") + Text("plain again")));
  EXPECT_THAT(events(), ElementsAre("text plain", "text deflated", "ping ping",
                                    "text plain again"));
}

TEST_F(DeflatedReaderTest, FragmentsAreInflatedTogether) {
  const std::string whole = Deflated("one two three, one two three");
  const std::string first = whole.substr(0, 3);
  const std::string second = whole.substr(3, 5);
  for (size_t piece : {size_t{1}, size_t{3}, SIZE_MAX}) {
    EXPECT_TRUE(Read(Frame(0x41, first) + Frame(0x89, "ping") +
                         Frame(0x00, second) + Frame(0x80, whole.substr(8)) +
                         Frame(0x01, "pl") + Frame(0x80, "ain"),
                     piece));
    EXPECT_THAT(events(),
                ElementsAre("ping ping", "text one two three, one two three",
                            "text plain"));
    events().clear();
  }
}

TEST_F(DeflatedReaderTest, SaysWhatIsWrongWithACompressedMessage) {
  const Broken cases[] = {
      {"RSV1 on a continuation", Frame(0x41, "") + Frame(0xc0, ""), 1002},
      {"RSV1 on a continuation of plain text",
       Frame(0x01, "") + Frame(0xc0, ""), 1002},
      {"RSV1 on a ping", Frame(0xc9, ""), 1002},
      {"RSV1 on a close", Frame(0xc8, ""), 1002},
      {"RSV2 beside it", Frame(0xe1, Deflated("x")), 1002},
      {"garbage", Frame(0xc1, "garbage that is long enough"), 1007},
      {"garbage in fragments",
       Frame(0x41, "garbage that ") + Frame(0x80, "is long enough"), 1007},
      {"cut short", Frame(0xc1, Deflated("hello").substr(0, 4)), 1007},
      {"not UTF-8", Frame(0xc1, Deflated("\xce\xba\xff")), 1007},
      {"cut in a character", Frame(0xc1, Deflated("\xce\xba\xce")), 1007},
      {"too big inflated", Frame(0xc1, Deflated(std::string(1001, 'x'))), 1009},
      {"too big inflated, binary",
       Frame(0x42, "") + Frame(0x80, Deflated(std::string(1 << 20, 'x'))),
       1009},
      {"too big before", Frame(0xc1, std::string(1001, 'x')).substr(0, 9),
       1009},
  };
  for (const Broken& broken : cases) {
    for (size_t piece : {size_t{1}, SIZE_MAX}) {
      Restart();
      EXPECT_FALSE(Read(broken.bytes, piece)) << broken.what;
      EXPECT_EQ(reader_.error_code(), broken.code) << broken.what;
      EXPECT_EQ(reader_.buffered_bytes(), 0u) << broken.what;
      EXPECT_THAT(events(), IsEmpty()) << broken.what;
    }
  }
}

TEST_F(DeflatedReaderTest, AMessageOfTheExactSizePasses) {
  EXPECT_TRUE(Read(Frame(0xc1, Deflated(std::string(1000, 'x')))));
  EXPECT_EQ(events().size(), 1u);
}

TEST_F(WebSocketReaderTest, CompressionMustHaveBeenAgreedOn) {
  EXPECT_FALSE(Read(Frame(0xc1, Deflated("hello"))));
  EXPECT_EQ(reader_.error_code(), 1002);
  EXPECT_STREQ(reader_.error_reason(), "compression was not agreed on");
}

// --- Bounds -----------------------------------------------------------------

TEST_F(WebSocketReaderTest, DecidesAboutTheSizeFromTheHeaderAlone) {
  EXPECT_FALSE(Read(Text(std::string(1001, 'x')).substr(0, 8)));
  EXPECT_EQ(reader_.error_code(), 1009);
}

TEST_F(WebSocketReaderTest, TheSizeIsThatOfAllFragments) {
  EXPECT_TRUE(Read(Frame(0x01, std::string(600, 'x'))));
  EXPECT_FALSE(Read(Frame(0x80, std::string(401, 'x')).substr(0, 8)));
  EXPECT_EQ(reader_.error_code(), 1009);
}

TEST_F(WebSocketReaderTest, AMessageOfTheExactSizePasses) {
  EXPECT_TRUE(Read(Text(std::string(1000, 'x'))));
  EXPECT_TRUE(Read(Frame(0x01, std::string(999, 'x')) + Frame(0x80, "x")));
  EXPECT_EQ(events().size(), 2u);
}

TEST_F(WebSocketReaderTest, AnAnnouncedLengthAllocatesNothing) {
  using std::string_literals::operator""s;
  reader_ = WebSocketReader({.max_message_bytes = SIZE_MAX});
  EXPECT_TRUE(Read(Long(0x82, 127, "\x00\x00\x7f\xff\xff\xff\xff\xff"s)));
  EXPECT_TRUE(Read("abc"));
  EXPECT_LT(reader_.buffered_bytes(), 1024u);
}

TEST_F(WebSocketReaderTest, SixteenMebibytesComeInManyPieces) {
  const WebSocketReader::Limits limits{.max_message_bytes = 16 << 20,
                                       .max_fragments = 65536};
  const std::string message(16 << 20, 'x');
  reader_ = WebSocketReader(limits);
  // One frame in reads of 64 KiB, then as many fragments as are allowed.
  ASSERT_TRUE(Read(Text(message), 64 * 1024));
  std::string fragments;
  for (size_t i = 0; i < 65536; ++i) {
    const int fin = i == 65535 ? kFin : 0;
    fragments += Frame(fin | (i == 0 ? 1 : 0), message.substr(0, 256));
  }
  ASSERT_TRUE(Read(fragments, 64 * 1024));

  ASSERT_EQ(events().size(), 2u);
  EXPECT_TRUE(events()[0] == "text " + message);
  EXPECT_TRUE(events()[1] == "text " + message);
  EXPECT_EQ(reader_.buffered_bytes(), 0u);
}

TEST_F(WebSocketReaderTest, UnmasksAtEveryOffset) {
  std::string payload;
  for (int i = 0; i < 100; ++i) payload += static_cast<char>('0' + i % 75);
  for (size_t piece = 1; piece < 40; ++piece) {
    EXPECT_TRUE(Read(Frame(0x82, payload), piece));
    EXPECT_EQ(events().back(), "binary " + payload) << piece;
  }
}

}  // namespace
}  // namespace rt
