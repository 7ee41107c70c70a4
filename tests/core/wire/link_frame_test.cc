#include "wire/link_frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/wire/link_recorder.h"

namespace rt {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Frame(LinkFrameType type, uint32_t request_id,
                  std::string_view body) {
  std::string frame;
  AppendLinkFrame(type, 0, request_id, body, &frame);
  return frame;
}

TEST(LinkFrame, IsDrawnAsInItsHeader) {
  std::string frame = "before";

  AppendLinkFrame(kLinkCall, 0x81, 0x04030201, "{}", &frame);

  using std::string_literals::operator""s;
  EXPECT_EQ(frame, "before\x02\0\0\0\x05\x81\0\0\x01\x02\x03\x04\0\0\0\0{}"s);
}

TEST(LinkReader, ReadsFrameAfterFrame) {
  LinkReader reader;
  LinkRecorder recorder;

  EXPECT_TRUE(reader.Read(Frame(kLinkHello, 0, "{}") +
                              Frame(kLinkPublish, 7, "") +
                              Frame(kLinkCall, 0xffffffff, "abc"),
                          &recorder));

  EXPECT_THAT(recorder.events,
              ElementsAre("1 0 0 {}", "4 0 7 ", "5 0 4294967295 abc"));
  EXPECT_EQ(reader.error_code(), 0);
}

TEST(LinkReader, ReadsTheSameInPiecesOfAnySize) {
  const std::string bytes = Frame(kLinkHello, 1, "{}") +
                            Frame(kLinkPublish, 2, std::string(300, 'x')) +
                            Frame(kLinkSite, 3, "");
  for (size_t piece = 1; piece < bytes.size(); ++piece) {
    LinkReader reader;
    LinkRecorder recorder;
    for (size_t at = 0; at < bytes.size(); at += piece) {
      ASSERT_TRUE(reader.Read(bytes.substr(at, piece), &recorder));
    }
    EXPECT_THAT(
        recorder.events,
        ElementsAre("1 0 1 {}", "4 0 2 " + std::string(300, 'x'), "3 0 3 "));
    EXPECT_EQ(reader.buffered_bytes(), 0u);
  }
}

TEST(LinkReader, TheLargestFrameComesInManyReads) {
  const std::string body(kLinkMaxBodyBytes, 'x');
  const std::string frame = Frame(kLinkPublish, 1, body);
  LinkReader reader;
  LinkRecorder recorder;

  for (size_t at = 0; at < frame.size(); at += 4096) {
    ASSERT_TRUE(reader.Read(frame.substr(at, 4096), &recorder));
  }

  ASSERT_EQ(recorder.events.size(), 1u);
  EXPECT_EQ(recorder.events[0].size(), body.size() + 6);
}

TEST(LinkReader, AnAnnouncedLengthAllocatesNothing) {
  LinkReader reader;
  LinkRecorder recorder;
  const std::string frame =
      Frame(kLinkPublish, 1, std::string(kLinkMaxBodyBytes, 'x'));

  EXPECT_TRUE(reader.Read(frame.substr(0, 20), &recorder));

  EXPECT_LT(reader.buffered_bytes(), 200u);
}

TEST(LinkReader, SaysGoodbyeToWhatIsMalformed) {
  std::string too_long = Frame(kLinkPublish, 0, "");
  too_long[2] = 0x20;
  too_long[0] = 1;
  std::string unknown_type = Frame(kLinkGoodbye, 0, "");
  unknown_type[4] = 9;
  std::string no_type = Frame(kLinkHello, 0, "");
  no_type[4] = 0;
  std::string reserved = Frame(kLinkHello, 0, "");
  reserved[6] = 1;
  std::string reserved_late = Frame(kLinkHello, 0, "");
  reserved_late[15] = 1;
  for (const std::string& bytes :
       {too_long, unknown_type, no_type, reserved, reserved_late}) {
    for (size_t piece : {size_t{1}, bytes.size()}) {
      LinkReader reader;
      LinkRecorder recorder;
      bool good = true;
      for (size_t at = 0; at < bytes.size() && good; at += piece) {
        good = reader.Read(bytes.substr(at, piece), &recorder);
      }
      EXPECT_FALSE(good);
      EXPECT_EQ(reader.error_code(), kLinkGoodbyeMalformed);
      EXPECT_STRNE(reader.error_reason(), "");
      EXPECT_THAT(recorder.events, IsEmpty());
      EXPECT_FALSE(reader.Read(Frame(kLinkHello, 0, ""), &recorder));
      EXPECT_EQ(reader.buffered_bytes(), 0u);
    }
  }
}

TEST(LinkReader, StopsWhenAnEventSaysSo) {
  LinkReader reader;
  LinkRecorder recorder;
  recorder.stop_at = 1;

  EXPECT_FALSE(reader.Read(Frame(kLinkHello, 0, "") + Frame(kLinkCall, 0, ""),
                           &recorder));
  EXPECT_FALSE(reader.Read(Frame(kLinkCall, 0, ""), &recorder));

  EXPECT_EQ(recorder.events.size(), 1u);
  EXPECT_EQ(reader.error_code(), 0);
}

}  // namespace
}  // namespace rt
