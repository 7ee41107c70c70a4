#include "wire/deflate.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <random>
#include <string>
#include <thread>

namespace rt {
namespace {

constexpr size_t kAny = 1 << 26;

std::string Inflated(std::string_view deflated, size_t max_bytes = kAny) {
  std::string out;
  EXPECT_EQ(InflateMessage(deflated, max_bytes, &out), InflateError::kNone);
  return out;
}

InflateError ErrorOf(std::string_view deflated, size_t max_bytes = kAny) {
  std::string out;
  return InflateMessage(deflated, max_bytes, &out);
}

std::string Bytes(std::initializer_list<int> bytes) {
  std::string text;
  for (const int byte : bytes) text += static_cast<char>(byte);
  return text;
}

std::string Noise(size_t count) {
  std::mt19937 random(static_cast<uint32_t>(count));
  std::string noise;
  while (noise.size() < count) noise += static_cast<char>(random());
  return noise;
}

std::string Text(size_t count) {
  std::string text;
  for (size_t i = 0; text.size() < count; ++i) {
    text += "{\"id\":" + std::to_string(i * 7919 % 1000) + "},";
  }
  text.resize(count);
  return text;
}

// --- Negotiation ------------------------------------------------------------

constexpr const char* kPlain =
    "permessage-deflate; server_no_context_takeover; "
    "client_no_context_takeover";

// The response, or "none".
std::string Negotiated(std::string_view offers) {
  std::string response = "none";
  const auto params = NegotiateDeflate(offers, &response);
  EXPECT_EQ(params.has_value(), response != "none") << offers;
  return response;
}

TEST(NegotiateDeflate, TakesWhatBrowsersOffer) {
  EXPECT_EQ(Negotiated("permessage-deflate"), kPlain);
  EXPECT_EQ(Negotiated("permessage-deflate; client_max_window_bits"), kPlain);
  EXPECT_EQ(Negotiated(" permessage-deflate ;server_no_context_takeover;\t"
                       "client_no_context_takeover "),
            kPlain);
}

TEST(NegotiateDeflate, AnswersWithTheWindowsThatWereOffered) {
  std::string response;
  const auto params = NegotiateDeflate(
      "permessage-deflate; server_max_window_bits=9; "
      "client_max_window_bits=\"12\"",
      &response);
  EXPECT_EQ(params, (DeflateParams{9, 12}));
  EXPECT_EQ(response,
            std::string(kPlain) +
                "; server_max_window_bits=9; client_max_window_bits=12");

  EXPECT_EQ(NegotiateDeflate("permessage-deflate", &response),
            (DeflateParams{15, 15}));
  EXPECT_EQ(
      NegotiateDeflate("permessage-deflate;client_max_window_bits=8", &response)
          ->client_window_bits,
      8);
}

TEST(NegotiateDeflate, PassesOverWhatItCannotMeet) {
  for (const char* offer :
       {"",
        " ",
        ",",
        "permessage-deflat",
        "permessage-deflate2",
        "x-webkit-deflate-frame",
        "permessage-deflate; unknown",
        "permessage-deflate; unknown=1",
        "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=09",
        "permessage-deflate; server_max_window_bits=+9",
        "permessage-deflate; server_max_window_bits=9x",
        "permessage-deflate; server_max_window_bits=\"9",
        "permessage-deflate; server_max_window_bits=\"\"",
        "permessage-deflate; server_max_window_bits=999999999999",
        "permessage-deflate; client_max_window_bits=",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=x",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=",
        "permessage-deflate; client_no_context_takeover; "
        "client_no_context_takeover",
        "permessage-deflate; server_no_context_takeover; "
        "server_no_context_takeover",
        "permessage-deflate; client_max_window_bits; client_max_window_bits",
        "permessage-deflate; server_max_window_bits=9; "
        "server_max_window_bits=9",
        "permessage-deflate;",
        "permessage-deflate;;",
        "permessage-deflate x",
        "permessage-deflate; client_max_window_bits=9 x",
        "permessage-deflate=1",
        "foo; a=\", permessage-deflate, \"",
        "foo; a=\"\\\", permessage-deflate, \""}) {
    EXPECT_EQ(Negotiated(offer), "none");
  }
}

TEST(NegotiateDeflate, TakesTheFirstGoodOfferOfSeveral) {
  EXPECT_EQ(Negotiated("permessage-deflate; server_max_window_bits=8, "
                       "permessage-deflate; server_max_window_bits=10, "
                       "permessage-deflate"),
            std::string(kPlain) + "; server_max_window_bits=10");
  EXPECT_EQ(Negotiated("foo; a=\"b,c\" , ,permessage-deflate"), kPlain);
  EXPECT_EQ(Negotiated("permessage-deflate,"), kPlain);
  EXPECT_EQ(Negotiated("permessage-deflate; nonsense=\"1,2\",bar,"
                       "permessage-deflate,foo"),
            kPlain);
}

// --- Messages ---------------------------------------------------------------

TEST(Deflate, MessagesComeBackFromEveryWindowAndLevel) {
  for (int bits = 9; bits <= 15; ++bits) {
    for (const int level : {1, 6, 9}) {
      for (const size_t size : {0, 1, 255, 256, 5000, 70'000, 400'000}) {
        const std::string noise = Noise(size);
        EXPECT_TRUE(Inflated(DeflateMessage(noise, bits, level)) == noise);
        const std::string text = Text(size);
        EXPECT_TRUE(Inflated(DeflateMessage(text, bits, level)) == text);
      }
    }
  }
}

TEST(Deflate, MakesTextSmallAndLeavesTheTailOut) {
  const std::string deflated = DeflateMessage(Text(10'000), 15);
  EXPECT_LT(deflated.size(), 4000u);
  EXPECT_FALSE(deflated.ends_with(Bytes({0, 0, 0xff, 0xff})));
  EXPECT_EQ(DeflateMessage("", 15), Bytes({0}));
}

TEST(Deflate, EachMessageStandsAlone) {
  // The same each time, whatever was before: so it can be shared.
  const std::string text = Text(2000);
  const std::string first = DeflateMessage(text, 12);
  EXPECT_EQ(DeflateMessage(text, 12), first);
  EXPECT_NE(DeflateMessage(text, 12, 9), first);
  EXPECT_EQ(DeflateMessage(text, 12), first);
}

TEST(Deflate, StaysWithinItsWindow) {
  // An inflater with the window that was agreed on reads it.
  std::string text = Noise(3000) + Text(50'000);
  text += text;
  for (int bits = 9; bits <= 15; ++bits) {
    const std::string deflated =
        DeflateMessage(text, bits) + Bytes({0, 0, 0xff, 0xff});
    z_stream stream{};
    ASSERT_EQ(inflateInit2(&stream, -bits), Z_OK);
    std::string out(text.size() + 1, '\0');
    stream.next_in =
        reinterpret_cast<Bytef*>(const_cast<char*>(deflated.data()));
    stream.avail_in = static_cast<uInt>(deflated.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_SYNC_FLUSH), Z_OK) << bits;
    EXPECT_EQ(stream.total_out, text.size());
    inflateEnd(&stream);
  }
}

TEST(Deflate, ThreadsDoNotDisturbEachOther) {
  const std::string text = Text(30'000);
  const auto work = [&text] {
    for (int i = 0; i < 100; ++i) {
      EXPECT_TRUE(Inflated(DeflateMessage(text, 9 + i % 7)) == text);
    }
  };
  std::thread other(work);
  work();
  other.join();
}

// --- What others send: RFC 7692 section 7.2.3 -------------------------------

TEST(Inflate, ReadsTheExamplesOfTheRfc) {
  EXPECT_EQ(Inflated(Bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00})),
            "Hello");
  // A block that is not compressed.
  EXPECT_EQ(Inflated(Bytes({0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c,
                            0x6c, 0x6f, 0x00})),
            "Hello");
  // A block that says it is the last, with padding and without.
  EXPECT_EQ(Inflated(Bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00})),
            "Hello");
  EXPECT_EQ(Inflated(Bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00})),
            "Hello");
  // Two blocks.
  EXPECT_EQ(Inflated(Bytes({0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff,
                            0xca, 0xc9, 0xc9, 0x07, 0x00})),
            "Hello");
  // An empty message, and one without even the byte for it.
  EXPECT_EQ(Inflated(Bytes({0x00})), "");
  EXPECT_EQ(Inflated(""), "");
  // The tail was left on.
  EXPECT_EQ(Inflated(Bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00,
                            0x00, 0xff, 0xff})),
            "Hello");
}

TEST(Inflate, ReadsOnBehindALastBlock) {
  const std::string last = Bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00});
  EXPECT_EQ(Inflated(last + last + DeflateMessage("!", 15)), "HelloHello!");
}

TEST(Inflate, TellsGarbageFromAMessage) {
  EXPECT_EQ(ErrorOf("garbage that is long enough"), InflateError::kMalformed);
  EXPECT_EQ(ErrorOf(Bytes({0x07})), InflateError::kMalformed);  // kind 3
  EXPECT_EQ(ErrorOf(std::string(100, '\xff')), InflateError::kMalformed);
  // Refers to what came before its beginning.
  EXPECT_EQ(ErrorOf(Bytes({0xf2, 0x00, 0x11, 0x00, 0x00})),
            InflateError::kMalformed);
}

TEST(Inflate, AMessageThatIsCutShortIsMalformed) {
  const std::string text = Text(300);
  const std::string deflated = DeflateMessage(text, 15);
  for (size_t size = 1; size < deflated.size(); ++size) {
    std::string out;
    const InflateError error =
        InflateMessage(deflated.substr(0, size), kAny, &out);
    EXPECT_TRUE(error == InflateError::kMalformed || out == text) << size;
  }
}

TEST(Inflate, IsNotDisturbedByTheMessageBefore) {
  const std::string good = DeflateMessage("good", 15);
  for (const std::string& bad :
       {std::string("garbage that is long enough"),
        DeflateMessage(Text(5000), 15).substr(0, 300),
        DeflateMessage(std::string(100'000, 'x'), 15)}) {
    EXPECT_NE(ErrorOf(bad, 1000), InflateError::kNone);
    EXPECT_EQ(Inflated(good), "good");
  }
}

// --- Bounds -----------------------------------------------------------------

TEST(Inflate, StopsAtTheBound) {
  for (const size_t size : {1, 16'383, 16'384, 16'385, 100'000}) {
    const std::string deflated = DeflateMessage(std::string(size, 'x'), 15);
    EXPECT_EQ(Inflated(deflated, size).size(), size);
    EXPECT_EQ(ErrorOf(deflated, size - 1), InflateError::kTooBig) << size;
  }
}

TEST(Inflate, ABombCostsNoMoreThanTheBound) {
  const std::string bomb = DeflateMessage(std::string(64 << 20, '\0'), 15, 9);
  ASSERT_LT(bomb.size(), 100'000u);
  std::string out;
  EXPECT_EQ(InflateMessage(bomb, 64 * 1024, &out), InflateError::kTooBig);
  EXPECT_LE(out.capacity(), 128u * 1024);
}

TEST(Inflate, ManyLastBlocksAreNoTrouble) {
  // An empty last block takes two bytes; each begins a stream of its own.
  std::string blocks;
  for (int i = 0; i < 1'000'000; ++i) blocks += Bytes({0x03, 0x00});
  EXPECT_EQ(Inflated(blocks), "");
}

}  // namespace
}  // namespace rt
