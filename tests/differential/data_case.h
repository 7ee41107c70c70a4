// A case of the comparison of serialised data: bytes that follow from a seed,
// what is asked about them, and what is wrong with our answer.
#pragma once

#include <cstdint>
#include <string>

#include "differential/meter.h"
#include "differential/seeds.h"

namespace rt {

struct DataCase {
  // Also the letter of the question to PHP.
  enum class Kind : char {
    kPhpSession = 'p',
    kPhpSerializeSession = 's',
    kValue = 'v',
    kRole = 'r',
  };

  Kind kind = Kind::kValue;
  std::string bytes;
};

[[nodiscard]] DataCase MakeDataCase(uint64_t seed, const Seeds& seeds);

struct Verdict {
  std::string wrong;      // empty: nothing
  std::string ours;       // in words
  bool by_class = false;  // a class of PHP's decided: nothing to compare
  bool agreed = false;    // on something: a user, a value, a role
  Cost cost;
};

// `php`: its answer in the words of php.php.
[[nodiscard]] Verdict JudgeData(const DataCase& given, const std::string& php);

}  // namespace rt
