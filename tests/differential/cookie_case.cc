#include "differential/cookie_case.h"

#include <algorithm>
#include <set>

#include "differential/random.h"
#include "drupal/cookie_header.h"

namespace rt {

namespace {

// Drupal's session cookies, and names that could be taken for them.
const std::string kSessions[] = {
    "SESS4ac240cfe9ecee99bb857b1af0563f30",
    "SSESS4ac240cfe9ecee99bb857b1af0563f30",
    "SESS",
    "a",
};

const std::string kNames[] = {
    "sess4ac240cfe9ecee99bb857b1af0563f30",
    "%53ESS4ac240cfe9ecee99bb857b1af0563f30",
    "SES.S",
    "SE SS",
    ".SESS",
    "__Host-SESS",
    "_SESS",
    "",
    "b",
    "this",
    "GLOBALS",
    "0",
};

const std::string kEnds[] = {"[]",   "[a]", "[",    "]",    "[a][b]",
                             "[ ]",  " ",   ".",    "_",    "[a]x",
                             "[a][", "\t",  "[]=x", "\x0b", "[[]]"};

const std::string kValues[] = {"",       "x",        "DrIM8BUG%2CrRWDq",
                               "a+b",    "%zz",      "%",
                               "%4",     "\"q\"",    " x",
                               "x ",     "a,b",      "a=b",
                               "%3B",    "%00",      "%E2%82",
                               "é🙂", "x%2cy%2C", "=",
                               "a b",    "%25",      "%2525",
                               "[1]",    "%5B%5D"};

const std::string kBetween[] = {"; ",  ";",   ";  ", ";;", "; ;",
                                ";\t", " ; ", ", ",  "&",  ";\x0b"};

std::string Name(Random* random) {
  std::string name =
      random->OneIn(4) ? random->Of(kNames) : random->Of(kSessions);
  if (random->OneIn(6)) name = " " + name;
  if (random->OneIn(4)) name += random->Of(kEnds);
  if (random->OneIn(300)) {
    for (size_t i = 60 + random->Below(8); i > 0; --i) name += "[]";
  }
  return name;
}

// Any byte that a header may hold.
char AnyByte(Random* random) {
  const auto byte = static_cast<unsigned char>(random->Next());
  return byte < ' ' || byte == 0x7f ? '\t' : static_cast<char>(byte);
}

}  // namespace

std::string MakeCookieHeader(uint64_t seed) {
  Random random(seed);
  std::string header;
  size_t pairs = 1 + random.Below(6);
  if (random.OneIn(50)) {
    for (size_t i = 990 + random.Below(15); i > 0; --i) header += "c=;";
  }
  for (; pairs > 0; --pairs) {
    header += Name(&random);
    if (!random.OneIn(10)) header += "=" + random.Of(kValues);
    if (pairs > 1) header += random.Of(kBetween);
  }
  if (header.empty()) header += ';';
  for (size_t i = random.OneIn(3) ? 1 + random.Below(4) : 0; i > 0; --i) {
    header[random.Below(header.size())] = AnyByte(&random);
  }
  // What stands around a header's value belongs to HTTP.
  const auto edge = header.find_first_not_of(" \t");
  header.erase(0, edge);
  header.erase(header.find_last_not_of(" \t") + 1);
  return header;
}

std::string JudgeCookies(const std::string& header,
                         const std::map<std::string, std::string>& php) {
  std::set<std::string> names(std::begin(kSessions), std::end(kSessions));
  // PHP gives a name up where its array is too deep (max_input_nesting_level),
  // and takes the next of that name; we take none.
  const bool deep = std::count(header.begin(), header.end(), '[') >= 64;
  for (const std::string& name : names) {
    const auto ours = FindCookie(header, name);
    const auto theirs = php.find(name);
    if (ours && theirs == php.end()) return name + ": PHP has no such text";
    if (ours && *ours != theirs->second) return name + ": PHP has another";
    if (!ours && theirs != php.end() && !deep) return name + ": not found";
  }
  return "";
}

}  // namespace rt
