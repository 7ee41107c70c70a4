#include "drupal/session_record.h"

#include <charconv>
#include <limits>

#include "drupal/php_references.h"
#include "drupal/php_serialize.h"

namespace rt {

namespace {

constexpr SessionRecord kUnreadable = {0, "session data unreadable"};
constexpr SessionRecord kTooLarge = {0, "session data too large"};
constexpr SessionRecord kNobody = {0, "session of no user"};
constexpr SessionRecord kOddUid = {0, "session names no valid user id"};

SessionRecord UserOf(const PhpValue& value) {
  constexpr uint32_t kMax = std::numeric_limits<uint32_t>::max();
  if (value.type == PhpValue::Type::kInt) {
    if (value.integer == 0) return kNobody;
    if (value.integer < 0 || value.integer > kMax) return kOddUid;
    return {static_cast<uint32_t>(value.integer), ""};
  }
  if (value.type == PhpValue::Type::kNull) return kNobody;
  if (value.type != PhpValue::Type::kString) return kOddUid;
  const std::string_view text = value.text;
  if (text.empty() || text == "0") return kNobody;
  if (text.front() < '1' || text.front() > '9') return kOddUid;
  uint32_t uid = 0;
  const char* end = text.data() + text.size();
  const auto [next, error] = std::from_chars(text.data(), end, uid);
  if (error != std::errc() || next != end) return kOddUid;
  return {uid, ""};
}

// Reads the rest of a bag whose head is `bag`; of equal keys the last counts.
bool ReadAttributes(PhpReader* reader, const PhpValue& bag,
                    SessionRecord* record) {
  *record = kNobody;
  if (bag.type != PhpValue::Type::kArray) return reader->Skip(bag);
  for (uint64_t i = 0; i < bag.count; ++i) {
    PhpValue key;
    PhpValue value;
    if (!reader->ReadKey(&key) || !reader->Read(&value)) return false;
    if (key.type == PhpValue::Type::kString && key.text == "uid") {
      *record = UserOf(value);
    }
    if (!reader->Skip(value)) return false;
  }
  return reader->ReadEnd();
}

bool ReadBag(PhpReader* reader, std::string_view name, SessionRecord* record) {
  PhpValue bag;
  if (!reader->Read(&bag)) return false;
  if (name == "_sf2_attributes") return ReadAttributes(reader, bag, record);
  return reader->Skip(bag);
}

SessionRecord ReadPhp(std::string_view data) {
  PhpReader reader(data);
  SessionRecord record = kNobody;
  while (!reader.at_end()) {
    const size_t bar = reader.rest().find('|');
    if (bar == std::string_view::npos) return kUnreadable;
    const std::string_view name = reader.rest().substr(0, bar);
    reader.Advance(bar + 1);
    if (!ReadBag(&reader, name, &record)) return kUnreadable;
  }
  if (reader.referred() && !PhpReferencesHold(data, PhpLayout::kNamed)) {
    return kUnreadable;
  }
  return record;
}

SessionRecord ReadPhpSerialize(std::string_view data) {
  if (data.empty()) return kNobody;
  PhpReader reader(data);
  PhpValue whole;
  if (!reader.Read(&whole) || whole.type != PhpValue::Type::kArray) {
    return kUnreadable;
  }
  SessionRecord record = kNobody;
  for (uint64_t i = 0; i < whole.count; ++i) {
    PhpValue key;
    if (!reader.ReadKey(&key)) return kUnreadable;
    const bool named = key.type == PhpValue::Type::kString;
    if (!ReadBag(&reader, named ? key.text : std::string_view(), &record)) {
      return kUnreadable;
    }
  }
  if (!reader.ReadEnd() || !reader.at_end()) return kUnreadable;
  if (reader.referred() && !PhpReferencesHold(data, PhpLayout::kValue)) {
    return kUnreadable;
  }
  return record;
}

}  // namespace

std::optional<SessionSerializer> ParseSessionSerializer(std::string_view name) {
  if (name == "php") return SessionSerializer::kPhp;
  if (name == "php_serialize") return SessionSerializer::kPhpSerialize;
  return std::nullopt;
}

SessionRecord ReadSessionRecord(std::string_view data,
                                SessionSerializer serializer) {
  if (data.size() > PhpReader::kMaxBytes) return kTooLarge;
  return serializer == SessionSerializer::kPhp ? ReadPhp(data)
                                               : ReadPhpSerialize(data);
}

}  // namespace rt
