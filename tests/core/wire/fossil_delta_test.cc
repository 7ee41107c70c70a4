#include "wire/fossil_delta.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>
#include <string>

#include "source_dir.h"
#include "wire/utf8.h"

namespace rt {
namespace {

std::string Delta(std::string_view base, std::string_view target) {
  return MakeFossilDelta(base, target, false);
}

// Makes a delta both ways and applies it; the one for text must be text.
void ExpectRoundTrip(std::string_view base, std::string_view target) {
  EXPECT_TRUE(ApplyFossilDelta(base, Delta(base, target)) == target);
  if (!IsUtf8(base) || !IsUtf8(target)) return;
  const std::string text = MakeFossilDelta(base, target, true);
  EXPECT_TRUE(ApplyFossilDelta(base, text) == target);
  EXPECT_TRUE(IsUtf8(text));
}

std::string Repeat(std::string_view what, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += what;
  return all;
}

TEST(FossilDelta, CopiesWhatIsTheSameAndInsertsTheRest) {
  const std::string base = R"({"text":"a message of the day","likes":1})";
  const std::string target = R"({"text":"a message of the day","likes":2})";

  EXPECT_EQ(Delta(base, target), "e\nc@0,2:2}23kkLU;");

  ExpectRoundTrip(base, target);
}

TEST(FossilDelta, InsertsAllWhereNothingIsTheSame) {
  EXPECT_EQ(Delta("", "hello"), "5\n5:hello3NPMmh;");
  EXPECT_EQ(Delta("base", ""), "0\n0;");
}

TEST(FossilDelta, CopiesAllOfTheSameText) {
  const std::string text = Repeat("0123456789", 100);
  EXPECT_TRUE(Delta(text, text).starts_with("Fd\nFd@0,"));
}

TEST(FossilDelta, FindsWhatHasMoved) {
  const std::string a = "The quick brown fox jumps over the lazy dog. ";
  const std::string b = "Sphinx of black quartz, judge my vow, at once. ";
  const std::string c = "Pack my box with five dozen liquor jugs, please. ";
  const std::string delta = Delta(a + b + c, c + a + b);
  EXPECT_LT(delta.size(), 40u);
  ExpectRoundTrip(a + b + c, c + a + b);
}

TEST(FossilDelta, TheVectorsAreWhatItMakes) {
  // The same file is applied by the browser's library: tests/js.
  const simdjson::padded_string json = simdjson::padded_string::load(
      InSource("tests/core/wire/fossil_vectors.json"));
  simdjson::dom::parser parser;
  size_t count = 0;
  for (const auto vector : parser.parse(json).get_array()) {
    const std::string_view base = vector["base"];
    const std::string_view target = vector["target"];
    EXPECT_EQ(MakeFossilDelta(base, target, true),
              std::string_view(vector["delta"]))
        << target;
    ++count;
  }
  EXPECT_EQ(count, 6u);
}

// --- Text -------------------------------------------------------------------

TEST(FossilDelta, DoesNotSplitCharacters) {
  // U+00E9 and U+00E8 have the first byte in common, U+20AC and U+10AC the
  // last two; each at the edge of what is the same.
  ExpectRoundTrip("the same before it: \xc3\xa9, the same behind it",
                  "the same before it: \xc3\xa8, the same behind it");
  ExpectRoundTrip("the same before it: \xe2\x82\xac, the same behind it",
                  "the same before it: \xe1\x82\xac, the same behind it");
  ExpectRoundTrip(Repeat("\xf0\x9f\x98\x80", 50) + "middle" +
                      Repeat("\xf0\x9f\x98\x81", 50),
                  Repeat("\xf0\x9f\x98\x81", 50) + "Middle" +
                      Repeat("\xf0\x9f\x98\x80", 50));
}

TEST(FossilDelta, BytesMayBeSplitAnywhereElse) {
  const std::string base = "the same before it: \xc3\xa9, the same behind it";
  const std::string target = "the same before it: \xc3\xa8, the same behind it";
  EXPECT_FALSE(IsUtf8(MakeFossilDelta(base, target, false)));
}

// --- Properties -------------------------------------------------------------

constexpr std::string_view kLetters[] = {"a",
                                         "b",
                                         "\"",
                                         "\xc3\xa9",
                                         "\xc3\xa8",
                                         "\xe2\x82\xac",
                                         "\xf0\x9f\x98\x80",
                                         "\xf0\x9f\x98\x81",
                                         "\xcf\xa9",
                                         "\xe1\x82\xac"};

class Rubbish {
 public:
  explicit Rubbish(uint32_t seed) : random_(seed) {}

  size_t Number(size_t below) { return random_() % below; }

  // Few letters, so that much of it is the same somewhere.
  std::string Text(size_t letters, size_t kinds) {
    std::string text;
    while (letters-- > 0) text += kLetters[Number(kinds)];
    return text;
  }
  std::string Bytes(size_t count) {
    std::string bytes;
    while (count-- > 0) bytes += static_cast<char>(Number(256));
    return bytes;
  }
  // The text with a few pieces replaced, lost, doubled or moved, at the edges
  // of characters.
  std::string Edited(const std::string& text) {
    std::string edited = text;
    for (size_t i = Number(6); i > 0; --i) {
      const std::string before(Utf8Prefix(edited, Number(edited.size() + 1)));
      const std::string rest = edited.substr(before.size());
      const std::string piece(Utf8Prefix(rest, Number(rest.size() + 1)));
      const std::string behind = rest.substr(piece.size());
      const size_t how = Number(4);
      edited = how == 0   ? before + Text(Number(20), 10) + behind
               : how == 1 ? before + behind
               : how == 2 ? before + piece + piece + behind
                          : piece + before + behind;
    }
    return edited;
  }

 private:
  std::mt19937 random_;
};

TEST(FossilDelta, EditedTextsComeBack) {
  Rubbish rubbish(1);
  for (int i = 0; i < 3000; ++i) {
    const std::string base = rubbish.Text(rubbish.Number(300), 10);
    ExpectRoundTrip(base, rubbish.Edited(base));
  }
}

TEST(FossilDelta, TextsOfFewLettersComeBack) {
  Rubbish rubbish(2);
  for (int i = 0; i < 3000; ++i) {
    const size_t kinds = 1 + rubbish.Number(10);
    ExpectRoundTrip(rubbish.Text(rubbish.Number(200), kinds),
                    rubbish.Text(rubbish.Number(200), kinds));
  }
}

TEST(FossilDelta, BytesComeBack) {
  Rubbish rubbish(3);
  for (int i = 0; i < 500; ++i) {
    const std::string base = rubbish.Bytes(rubbish.Number(400));
    const std::string added = rubbish.Bytes(rubbish.Number(40));
    ExpectRoundTrip(base, added + base);
    ExpectRoundTrip(base + added, base);
    ExpectRoundTrip(base, rubbish.Bytes(rubbish.Number(400)));
  }
}

TEST(FossilDelta, HugeTextsOfOneKindAreNoTrouble) {
  // Quadratic, each of these would take minutes: the suite's own time limit is
  // what notices.
  const std::string zeros(4 << 20, '\0');
  ExpectRoundTrip(zeros, zeros + "x" + zeros);
  ExpectRoundTrip("y" + zeros, "x" + zeros + "z");
  const std::string words = Repeat("sixteen letters.", 1 << 17);
  ExpectRoundTrip(words, "-" + words + "-" + words);
  ExpectRoundTrip(words, Repeat("sixteen letters.?", 1 << 17));
  ExpectRoundTrip(Repeat("\xf0\x9f\x98\x80", 1 << 19),
                  "x" + Repeat("\xf0\x9f\x98\x80\xc3\xa9", 1 << 18));
  // Not text at all, although it was said to be: any answer, but soon.
  const std::string rest(1 << 20, '\x80');
  EXPECT_TRUE(
      ApplyFossilDelta(rest, MakeFossilDelta(rest, "x" + rest + "y", true)) ==
      "x" + rest + "y");
}

// --- Applying ---------------------------------------------------------------

TEST(FossilDelta, AppliesWhatOthersMade) {
  EXPECT_EQ(ApplyFossilDelta("hello", "5\n5@0,3NPMmh;"), "hello");
  EXPECT_EQ(ApplyFossilDelta("hello", "5\n2:he3@2,3NPMmh;"), "hello");
  EXPECT_EQ(ApplyFossilDelta("", "0\n0;"), "");
}

TEST(FossilDelta, RefusesWhatIsNoDelta) {
  for (const char* wrong : {"",
                            "5",
                            "5\n",
                            "\n0;",
                            "0\n",
                            "0\n0",
                            "0\n;",
                            "0\n1;",
                            "0\n0;x",
                            "5 5:hello3NPMmh;",
                            "5\n5:hell",
                            "5\n5:hello3NPMmh",
                            "4\n5:hello3NPMmh;",
                            "6\n5:hello3NPMmh;",
                            "5\n5:hello3NPMm0;",
                            "5\n5@1,3NPMmh;",
                            "5\n5@0;3NPMmh;",
                            "5\n5@0",
                            "5\n5?0,3NPMmh;",
                            "5\n~~~~~~@0,3NPMmh;",
                            "5\n1@~~~~~~,3NPMmh;",
                            "~~~~~~~\n0;"}) {
    EXPECT_EQ(ApplyFossilDelta("hello", wrong), std::nullopt) << wrong;
  }
}

TEST(FossilDelta, CopiesDoNotMakeMoreThanTheBound) {
  // Announces too much; then announces little and copies on.
  EXPECT_EQ(ApplyFossilDelta("hello", "10000\n5@0,0;"), std::nullopt);
  const std::string base(1 << 20, 'x');
  EXPECT_EQ(ApplyFossilDelta(base, "1\n" + Repeat("4000@0,", 1 << 16)),
            std::nullopt);
}

}  // namespace
}  // namespace rt
