#include "drupal/php_serialize.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/drupal/vectors.h"

namespace rt {
namespace {

using std::string_view_literals::operator""sv;
using Type = PhpValue::Type;

bool SkipsWhole(std::string_view bytes) {
  PhpReader reader(bytes);
  PhpValue value;
  return reader.Read(&value) && reader.Skip(value) && reader.at_end();
}

// Is `expected`, a value as the vectors have it in JSON, what comes next?
void ExpectNext(PhpReader* reader, simdjson::dom::element expected);

void ExpectPairs(PhpReader* reader, const PhpValue& array,
                 simdjson::dom::element expected) {
  uint64_t index = 0;
  const auto next = [&](std::string_view key, simdjson::dom::element value) {
    PhpValue found;
    ASSERT_TRUE(reader->ReadKey(&found));
    const std::string name = found.type == Type::kInt
                                 ? std::to_string(found.integer)
                                 : std::string(found.text);
    EXPECT_EQ(name, key);
    ExpectNext(reader, value);
    ++index;
  };
  if (expected.is_array()) {
    for (const auto value : expected.get_array()) {
      next(std::to_string(index), value);
    }
  } else {
    for (const auto field : expected.get_object()) next(field.key, field.value);
  }
  EXPECT_EQ(array.count, index);
  EXPECT_TRUE(reader->ReadEnd());
}

void ExpectNext(PhpReader* reader, simdjson::dom::element expected) {
  PhpValue value;
  ASSERT_TRUE(reader->Read(&value));
  switch (value.type) {
    case Type::kNull:
      EXPECT_TRUE(expected.is_null());
      break;
    case Type::kBool:
      EXPECT_EQ(value.boolean, expected.get_bool().value());
      break;
    case Type::kInt:
      EXPECT_EQ(value.integer, expected.get_int64().value());
      break;
    case Type::kDouble: {
      std::string_view word;
      if (expected.get(word) != simdjson::SUCCESS) {
        EXPECT_EQ(value.number, expected.get_double().value());
      } else if (word == "NAN") {
        EXPECT_TRUE(std::isnan(value.number));
      } else if (word == "-INF") {
        EXPECT_TRUE(std::isinf(value.number) && std::signbit(value.number));
      } else {
        EXPECT_EQ(word, "-0");
        EXPECT_TRUE(value.number == 0 && std::signbit(value.number));
      }
      break;
    }
    case Type::kString:
      EXPECT_EQ(value.text, expected.get_string().value());
      break;
    case Type::kArray:
      ExpectPairs(reader, value, expected);
      break;
    default:
      ADD_FAILURE() << "no JSON for it";
  }
}

TEST(PhpReader, ReadsEveryRecordedValueAsPhpWroteIt) {
  int cases = 0;
  for (const auto vector : Vectors()["php_serialize"].get_array()) {
    SCOPED_TRACE(TextOf(vector, "label"));
    const std::string bytes = BytesOf(vector, "bytes_b64");
    ASSERT_EQ(static_cast<int64_t>(bytes.size()), NumberOf(vector, "length"));
    EXPECT_TRUE(SkipsWhole(bytes));
    ++cases;
    const auto json = vector["json"].value();
    // Objects, enums, references and bytes that are no text have none.
    if (json.is_null() && bytes != "N;") continue;
    PhpReader reader(bytes);
    ExpectNext(&reader, json);
    EXPECT_TRUE(reader.at_end());
  }
  EXPECT_EQ(cases, 25);
}

TEST(PhpReader, RefusesWhatPhpRefused) {
  int cases = 0;
  for (const auto vector : Vectors()["php_serialize_invalid"].get_array()) {
    const std::string bytes = TextOf(vector, "bytes");
    SCOPED_TRACE(bytes);
    PhpReader reader(bytes);
    PhpValue value;
    const bool read = reader.Read(&value) && reader.Skip(value);
    EXPECT_EQ(read, !FlagOf(vector, "php_unserialize_false"));
    EXPECT_FALSE(SkipsWhole(bytes));
    ++cases;
  }
  EXPECT_EQ(cases, 16);
}

TEST(PhpReader, KeepsBytesThatAreNoText) {
  PhpReader reader("s:4:\"a\0b\xff\";"sv);
  PhpValue value;
  ASSERT_TRUE(reader.Read(&value));
  EXPECT_EQ(value.text, "a\0b\xff"sv);
}

TEST(PhpReader, NeverBelievesACountOrALengthThatTheBytesCannotHold) {
  EXPECT_FALSE(SkipsWhole("a:9999999999999999999:{}"));
  EXPECT_FALSE(SkipsWhole("a:1000000000:{i:0;i:1;}"));
  EXPECT_FALSE(SkipsWhole("s:18446744073709551615:\"a\";"));
  EXPECT_FALSE(SkipsWhole("s:-1:\"a\";"));
  EXPECT_FALSE(SkipsWhole("C:1:\"A\":9:{x}"));
}

TEST(PhpReader, TakesWholeNumbersOf64BitsAndNoLarger) {
  EXPECT_TRUE(SkipsWhole("i:9223372036854775807;"));
  EXPECT_FALSE(SkipsWhole("i:9223372036854775808;"));
  EXPECT_FALSE(SkipsWhole("i:+-5;"));
  EXPECT_FALSE(SkipsWhole("i: 5;"));
}

TEST(PhpReader, RefusesNestingDeeperThanItsBound) {
  const auto nested = [](int depth) {
    std::string bytes;
    for (int i = 0; i < depth; ++i) bytes += "a:1:{i:0;";
    bytes += "N;";
    return bytes + std::string(static_cast<size_t>(depth), '}');
  };
  EXPECT_TRUE(SkipsWhole(nested(PhpReader::kMaxDepth)));
  EXPECT_FALSE(SkipsWhole(nested(PhpReader::kMaxDepth + 1)));
  EXPECT_FALSE(SkipsWhole(nested(100'000)));
}

TEST(PhpReader, TakesReferencesToValuesThatCameBeforeAndNoOthers) {
  EXPECT_TRUE(SkipsWhole("a:2:{i:0;i:6;i:1;R:2;}"));
  EXPECT_FALSE(SkipsWhole("a:2:{i:0;i:6;i:1;R:4;}"));
  EXPECT_FALSE(SkipsWhole("a:1:{i:0;R:0;}"));
}

TEST(PhpReader, TakesNoNameThatPhpWouldNot) {
  EXPECT_FALSE(SkipsWhole("O:3:\"a b\":0:{}"));
  EXPECT_FALSE(SkipsWhole("O:0:\"\":0:{}"));
  EXPECT_FALSE(SkipsWhole("C:3:\"a b\":0:{}"));
  EXPECT_TRUE(SkipsWhole("E:11:\"Demo\\Suit:H\";"));
  EXPECT_FALSE(SkipsWhole("E:4:\"Suit\";"));
  EXPECT_FALSE(SkipsWhole("E:6:\"Suit:5\";"));
  EXPECT_FALSE(SkipsWhole("E:7:\"\\Suit:H\";"));
  // A hidden property of no class.
  EXPECT_FALSE(SkipsWhole("O:1:\"A\":1:{s:3:\"\0*b\";i:1;}"sv));
}

TEST(PhpReader, ReadsNoMoreValuesAndReferencesThanItsBounds) {
  const auto list = [](uint64_t count, const std::string& value) {
    std::string bytes = "a:" + std::to_string(count) + ":{";
    for (uint64_t i = 0; i < count; ++i) {
      bytes += "i:" + std::to_string(i) + ";" + (i == 0 ? "i:7;" : value);
    }
    return bytes + "}";
  };
  EXPECT_TRUE(SkipsWhole(list(PhpReader::kMaxSlots - 1, "N;")));
  EXPECT_FALSE(SkipsWhole(list(PhpReader::kMaxSlots, "N;")));
  EXPECT_TRUE(SkipsWhole(list(PhpReader::kMaxReferences + 1, "R:2;")));
  EXPECT_FALSE(SkipsWhole(list(PhpReader::kMaxReferences + 2, "R:2;")));
}

TEST(PhpReader, SkipsAnObjectWithHiddenPropertiesAndALegacyOne) {
  EXPECT_TRUE(
      SkipsWhole("O:25:\"Drupal\\Core\\Render\\Markup\":1:{"
                 "s:9:\"\0*\0string\";s:2:\"a}\";}"sv));
  EXPECT_TRUE(SkipsWhole("C:3:\"Old\":5:{a:1:{}"));
}

TEST(PhpValue, CastsToBoolAsPhpDoes) {
  const auto truthy = [](std::string_view bytes) {
    PhpReader reader(bytes);
    PhpValue value;
    EXPECT_TRUE(reader.Read(&value)) << bytes;
    return value.truthy();
  };
  for (const char* no : {"N;", "b:0;", "i:0;", "d:0;", "d:-0;", "s:0:\"\";",
                         "s:1:\"0\";", "a:0:{}"}) {
    EXPECT_FALSE(truthy(no)) << no;
  }
  for (const char* yes : {"b:1;", "i:-1;", "d:0.1;", "s:2:\"00\";",
                          "a:1:{i:0;N;}", "O:1:\"A\":0:{}"}) {
    EXPECT_TRUE(truthy(yes)) << yes;
  }
}

}  // namespace
}  // namespace rt
