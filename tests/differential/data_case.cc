#include "differential/data_case.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "base/digest.h"
#include "differential/grammar.h"
#include "differential/mutation.h"
#include "drupal/php_references.h"
#include "drupal/php_serialize.h"
#include "drupal/role_map.h"
#include "drupal/session_record.h"

namespace rt {

namespace {

using Kind = DataCase::Kind;

std::string FromGrammar(Kind kind, bool exact, Random* random) {
  Grammar grammar(random, exact);
  switch (kind) {
    case Kind::kPhpSession:
      return grammar.PhpSession();
    case Kind::kPhpSerializeSession:
      return grammar.PhpSerializeSession();
    case Kind::kValue:
      return grammar.Value();
    case Kind::kRole:
      return grammar.Role();
  }
  return "";
}

const std::vector<std::string>& Recorded(Kind kind, const Seeds& seeds) {
  switch (kind) {
    case Kind::kPhpSession:
      return seeds.php;
    case Kind::kPhpSerializeSession:
      return seeds.php_serialize;
    case Kind::kValue:
      return seeds.values;
    case Kind::kRole:
      return seeds.roles;
  }
  return seeds.values;
}

std::string Recorded(Kind kind, const Seeds& seeds, Random* random) {
  const auto& from = Recorded(kind, seeds);
  return from[random->Below(from.size())];
}

// None of PhpReader's bounds is met by so little.
bool IsOrdinary(const DataCase& given) { return given.bytes.size() < 65536; }

// PHP's answer: numbers, then texts in base64.
struct Answer {
  std::vector<int64_t> numbers;
  std::vector<std::string> texts;

  explicit Answer(const std::string& words) {
    std::stringstream stream(words);
    for (std::string word; stream >> word;) {
      if (word.front() == ':') {
        texts.push_back(Base64Decode(word.substr(1)).value_or("?"));
      } else {
        numbers.push_back(std::stoll(word));
      }
    }
  }
};

void JudgeSession(const DataCase& given, const Answer& php, Verdict* verdict) {
  const auto serializer = given.kind == Kind::kPhpSession
                              ? SessionSerializer::kPhp
                              : SessionSerializer::kPhpSerialize;
  const Meter meter;
  const SessionRecord record = ReadSessionRecord(given.bytes, serializer);
  verdict->cost = meter.Read();
  verdict->ours = "user " + std::to_string(record.uid) + " " + record.why;
  if (verdict->by_class) return;
  const int64_t uid = php.numbers.at(1);
  const bool by_reference = php.numbers.at(2) != 0;
  const bool canonical = php.numbers.at(3) != 0 && IsOrdinary(given);
  if (record.uid != 0 && uid != record.uid) {
    verdict->wrong = "names a user whom PHP does not see";
  } else if (record.uid == 0 && uid != 0 && canonical && !by_reference) {
    verdict->wrong = "does not know the user of a well-formed session";
  }
  verdict->agreed = record.uid != 0;
}

void JudgeValue(const DataCase& given, const Answer& php, Verdict* verdict) {
  const Meter meter;
  PhpReader reader(given.bytes);
  PhpValue value;
  const bool read =
      reader.Read(&value) && reader.Skip(value) && reader.at_end() &&
      (!reader.referred() || PhpReferencesHold(given.bytes, PhpLayout::kValue));
  verdict->cost = meter.Read();
  verdict->ours = read ? "a value" : "refused";
  if (verdict->by_class) return;
  const bool accepted = php.numbers.at(0) != 0;
  if (read && !accepted) {
    verdict->wrong = "takes what PHP refuses";
  } else if (!read && accepted && php.numbers.at(1) != 0 && IsOrdinary(given)) {
    verdict->wrong = "refuses what PHP itself would write";
  }
  verdict->agreed = read;
}

void JudgeRole(const DataCase& given, const Answer& php, Verdict* verdict) {
  const Meter meter;
  const Result<Role> role = ParseRoleConfig(given.bytes);
  verdict->cost = meter.Read();
  const auto& list = role.ok() ? role->permissions.list() : Permissions::List();
  verdict->ours = role.ok()
                      ? "a role, admin " + std::to_string(role->admin) + ", " +
                            std::to_string(list.size()) + " permissions"
                      : "refused";
  const bool admin = php.numbers.at(1) != 0;
  // Configuration has no references and no enums: Drupal writes none.
  bool canonical = php.numbers.at(2) != 0 && IsOrdinary(given);
  for (const char* odd : {"R:", "r:", "E:"}) {
    canonical = canonical && given.bytes.find(odd) == std::string::npos;
  }
  if (role.ok() && php.numbers.at(0) == 0) {
    verdict->wrong = "takes what PHP refuses";
  } else if (role.ok() && (!std::includes(php.texts.begin(), php.texts.end(),
                                          list.begin(), list.end()) ||
                           (role->admin && !admin))) {
    verdict->wrong = "grants what PHP does not";
  } else if (canonical &&
             (!role.ok() || list != php.texts || role->admin != admin)) {
    verdict->wrong = "does not grant what PHP does";
  }
  verdict->agreed = role.ok();
}

}  // namespace

DataCase MakeDataCase(uint64_t seed, const Seeds& seeds) {
  Random random(seed);
  const Kind kKinds[] = {Kind::kPhpSession, Kind::kPhpSession,
                         Kind::kPhpSerializeSession, Kind::kValue, Kind::kRole};
  DataCase made;
  made.kind = random.Of(kKinds);
  if (random.OneIn(400)) {
    Grammar grammar(&random, false);
    made.bytes = grammar.Large(static_cast<char>(made.kind));
    return made;
  }
  switch (random.Below(4)) {
    case 0:
      made.bytes = FromGrammar(made.kind, true, &random);
      break;
    case 1:
      made.bytes = FromGrammar(made.kind, false, &random);
      break;
    case 2: {
      const std::string other = Recorded(made.kind, seeds, &random);
      made.bytes = Mutated(Recorded(made.kind, seeds, &random), other, &random);
      break;
    }
    default: {
      const std::string other = FromGrammar(made.kind, true, &random);
      made.bytes =
          Mutated(FromGrammar(made.kind, true, &random), other, &random);
    }
  }
  return made;
}

Verdict JudgeData(const DataCase& given, const std::string& php) {
  Verdict verdict;
  verdict.by_class = php == "class";
  const Answer answer(verdict.by_class ? "" : php);
  switch (given.kind) {
    case Kind::kPhpSession:
    case Kind::kPhpSerializeSession:
      JudgeSession(given, answer, &verdict);
      break;
    case Kind::kValue:
      JudgeValue(given, answer, &verdict);
      break;
    case Kind::kRole:
      JudgeRole(given, answer, &verdict);
      break;
  }
  return verdict;
}

}  // namespace rt
