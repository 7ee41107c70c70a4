#include "differential/mutation.h"

#include <algorithm>

namespace rt {

namespace {

const std::string_view kTokens[] = {
    "_sf2_attributes|",
    "_sf2_attributes|a:1:{s:3:\"uid\";s:1:\"9\";}",
    "_sf2_attributes|N;",
    "s:15:\"_sf2_attributes\";",
    "s:3:\"uid\";s:1:\"9\";",
    "s:3:\"uid\";i:9;",
    "s:3:\"uid\";",
    "i:0;",
    "N;",
    "r:2;",
    "R:2;",
    "a:1:{i:0;i:0;}",
    "O:1:\"A\":0:{}",
    "C:1:\"A\":0:{}",
    "|",
    "}",
    ";",
    "\"",
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Another digit in the place of one.
void ChangeNumber(std::string* bytes, Random* random) {
  const size_t from = random->Below(bytes->size());
  const auto digit = std::find_if(bytes->begin() + static_cast<ptrdiff_t>(from),
                                  bytes->end(), IsDigit);
  if (digit == bytes->end()) return;
  const char next[] = {static_cast<char>('0' + (*digit - '0' + 1) % 10),
                       static_cast<char>('0' + (*digit - '0' + 9) % 10),
                       static_cast<char>('0' + random->Below(10)), '-'};
  *digit = random->Of(next);
}

// A piece that begins and ends where values do, mostly.
std::string_view Piece(std::string_view bytes, Random* random) {
  size_t from = random->Below(bytes.size());
  size_t size = 1 + random->Below(std::min<size_t>(bytes.size() - from, 80));
  if (!random->OneIn(3)) {
    from = std::min(bytes.find_first_of(";{", from), bytes.size() - 1) + 1;
    const size_t end = bytes.find_first_of(";}", from + size);
    size = std::min(end, bytes.size() - 1) + 1 - from;
  }
  return bytes.substr(from, size);
}

void Once(std::string* bytes, std::string_view other, Random* random) {
  if (bytes->empty()) *bytes = "N;";
  const size_t at = random->Below(bytes->size());
  switch (random->Below(9)) {
    case 0:
      bytes->resize(at);
      break;
    case 1:
      (*bytes)[at] = static_cast<char>(random->Next());
      break;
    case 2:
    case 3:
      ChangeNumber(bytes, random);
      break;
    case 4:
      bytes->erase(at, 1 + random->Below(random->OneIn(3) ? 40 : 3));
      break;
    case 5: {
      const std::string piece(Piece(*bytes, random));
      const size_t place = bytes->find_first_of(";{}", at);
      bytes->insert(std::min(place, bytes->size() - 1) + 1, piece);
      break;
    }
    case 6: {
      const size_t place = bytes->find_first_of(";{}|", at);
      bytes->insert(std::min(place, bytes->size() - 1) + 1,
                    random->Of(kTokens));
      break;
    }
    case 7:
      bytes->insert(at, random->Of(kTokens));
      break;
    default:
      if (other.empty()) return;
      if (random->OneIn(2)) {
        bytes->append(other);
      } else {
        bytes->insert(at, Piece(other, random));
      }
  }
}

}  // namespace

std::string Mutated(std::string bytes, std::string_view other, Random* random) {
  const size_t times = 1 + (random->OneIn(2) ? 0 : random->Below(5));
  for (size_t i = 0; i < times; ++i) Once(&bytes, other, random);
  return bytes;
}

}  // namespace rt
