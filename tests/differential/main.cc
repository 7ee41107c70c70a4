// Compares our readers of what PHP stores with PHP itself, on cases that
// follow from a seed: never more than PHP sees, and on data that PHP itself
// would write no less; 10 ms of CPU and 16 MiB at most for each. See
// doc/comparisons.md.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "differential/cookie_case.h"
#include "differential/data_case.h"
#include "differential/php_process.h"
#include "differential/php_server.h"
#include "differential/random.h"
#include "differential/seeds.h"

namespace rt {
namespace {

constexpr int64_t kMaxCpuNs = 10'000'000;
constexpr size_t kMaxPeakBytes = 16 * 1024 * 1024;
constexpr size_t kBatch = 200;
// Findings shown. Above: counted alone.
constexpr int kMaxShown = 20;

struct Options {
  uint64_t cases = 5000;
  uint64_t cookies = 2000;
  uint64_t seed = 1;
  bool only = false;  // the one case whose seed is `seed`
  std::vector<std::string> php = {"php"};
};

struct Tally {
  uint64_t cases = 0;
  uint64_t agreed = 0;
  uint64_t by_class = 0;
  uint64_t refused = 0;  // headers that PHP's server takes no notice of
  int wrong = 0;
  Cost worst;
};

std::string Shown(const std::string& bytes) {
  std::string text;
  for (const char c : bytes.substr(0, 1500)) {
    char escape[8];
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte >= 0x20 && byte < 0x7f && c != '\\';
    snprintf(escape, sizeof(escape), plain ? "%c" : "\\x%02x", byte);
    text += escape;
  }
  return text + (bytes.size() > 1500 ? "…" : "");
}

void Report(Tally* tally, const char* kind, uint64_t seed,
            const std::string& what, const std::string& bytes) {
  if (++tally->wrong > kMaxShown) return;
  printf("WRONG %s --case=%llu: %s\n  %s\n", kind,
         static_cast<unsigned long long>(seed), what.c_str(),
         Shown(bytes).c_str());
}

// Thread CPU time is not disturbed by others, but a page fault here and there
// is: what took too long is measured again, and the best of five counts.
Verdict Judged(const DataCase& given, const std::string& answer) {
  Verdict verdict = JudgeData(given, answer);
  for (int i = 0; i < 4 && verdict.cost.cpu_ns > kMaxCpuNs; ++i) {
    verdict.cost.cpu_ns =
        std::min(verdict.cost.cpu_ns, JudgeData(given, answer).cost.cpu_ns);
  }
  return verdict;
}

void Judge(const DataCase& given, const std::string& answer, uint64_t seed,
           Tally* tally) {
  const Verdict verdict = Judged(given, answer);
  ++tally->cases;
  tally->agreed += verdict.agreed;
  tally->by_class += verdict.by_class;
  const Cost& cost = verdict.cost;
  tally->worst.cpu_ns = std::max(tally->worst.cpu_ns, cost.cpu_ns);
  tally->worst.peak_bytes = std::max(tally->worst.peak_bytes, cost.peak_bytes);
  std::string wrong = verdict.wrong;
  if (cost.cpu_ns > kMaxCpuNs) wrong += " takes more than 10 ms";
  if (cost.peak_bytes > kMaxPeakBytes) wrong += " holds more than 16 MiB";
  if (wrong.empty()) return;
  const char kind[] = {static_cast<char>(given.kind), '\0'};
  Report(tally, kind, seed,
         wrong + "; ours: " + verdict.ours + "; PHP: " + answer.substr(0, 200) +
             "; " + std::to_string(given.bytes.size()) + " bytes, " +
             std::to_string(cost.cpu_ns / 1000) + " us, " +
             std::to_string(cost.peak_bytes / 1024) + " KiB",
         given.bytes);
}

std::vector<uint64_t> CaseSeeds(const Options& options, uint64_t count) {
  if (options.only) return {options.seed};
  Random random(options.seed);
  std::vector<uint64_t> seeds(count);
  for (uint64_t& seed : seeds) seed = random.Next();
  return seeds;
}

void CompareData(const Options& options, Tally* tally) {
  PhpProcess php(options.php);
  printf("PHP %s\n", php.AskOne('V', "").c_str());
  const Seeds seeds = LoadSeeds(&php);
  const std::vector<uint64_t> all = CaseSeeds(options, options.cases);
  for (size_t from = 0; from < all.size(); from += kBatch) {
    const size_t to = std::min(from + kBatch, all.size());
    std::vector<DataCase> cases;
    for (size_t i = from; i < to; ++i) {
      cases.push_back(MakeDataCase(all[i], seeds));
    }
    std::vector<Question> batch;
    for (const DataCase& one : cases) {
      batch.push_back({static_cast<char>(one.kind), one.bytes});
    }
    const std::vector<std::string> answers = php.Ask(batch);
    for (size_t i = 0; i < cases.size(); ++i) {
      if (options.only) printf("%s\n", Shown(cases[i].bytes).c_str());
      Judge(cases[i], answers[i], all[from + i], tally);
    }
  }
}

void CompareCookies(const Options& options, Tally* tally) {
  PhpServer php(options.php);
  for (const uint64_t seed : CaseSeeds(options, options.cookies)) {
    const std::string header = MakeCookieHeader(seed);
    ++tally->cases;
    const auto cookies = php.Cookies(header);
    if (!cookies) {
      ++tally->refused;
      continue;
    }
    tally->agreed += !cookies->empty();
    const std::string wrong = JudgeCookies(header, *cookies);
    if (!wrong.empty()) Report(tally, "cookie", seed, wrong, header);
  }
}

std::vector<std::string> Words(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ' ') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

// Is `argument` "--NAME=…"? Then `value` is what follows.
bool Is(const char* argument, const char* name, std::string* value) {
  const size_t size = strlen(name);
  if (strncmp(argument, name, size) != 0) return false;
  *value = argument + size;
  return true;
}

bool Parse(int count, char** arguments, Options* options) {
  for (int i = 1; i < count; ++i) {
    std::string value;
    if (Is(arguments[i], "--cases=", &value)) {
      options->cases = strtoull(value.c_str(), nullptr, 10);
    } else if (Is(arguments[i], "--cookies=", &value)) {
      options->cookies = strtoull(value.c_str(), nullptr, 10);
    } else if (Is(arguments[i], "--seed=", &value)) {
      options->seed = strtoull(value.c_str(), nullptr, 10);
    } else if (Is(arguments[i], "--case=", &value)) {
      options->seed = strtoull(value.c_str(), nullptr, 10);
      options->only = true;
    } else if (Is(arguments[i], "--php=", &value)) {
      options->php = Words(value);
    } else {
      fprintf(stderr,
              "differential [--cases=N] [--cookies=N] [--seed=N] [--case=N] "
              "[--php=COMMAND]\n");
      return false;
    }
  }
  return true;
}

int Run(const Options& options) {
  using Count = unsigned long long;  // NOLINT: as printf has it
  setvbuf(stdout, nullptr, _IOLBF, 0);
  printf("seed %llu\n", static_cast<Count>(options.seed));
  Tally data;
  if (options.cases > 0) CompareData(options, &data);
  printf(
      "data: %llu cases, %llu read by both, %llu up to a class of PHP's; "
      "at most %lld us of CPU and %zu KiB; %d wrong\n",
      static_cast<Count>(data.cases), static_cast<Count>(data.agreed),
      static_cast<Count>(data.by_class),
      static_cast<long long>(data.worst.cpu_ns / 1000),  // NOLINT: printf
      data.worst.peak_bytes / 1024, data.wrong);
  Tally cookies;
  if (options.cookies > 0) CompareCookies(options, &cookies);
  printf(
      "cookies: %llu headers, %llu with cookies, %llu refused by PHP's "
      "server; %d wrong\n",
      static_cast<Count>(cookies.cases), static_cast<Count>(cookies.agreed),
      static_cast<Count>(cookies.refused), cookies.wrong);
  // Cases that compare nothing would pass by accident.
  const bool idle = !options.only && (data.agreed * 10 < data.cases ||
                                      cookies.agreed * 2 < cookies.cases ||
                                      data.by_class * 10 > data.cases);
  if (idle) printf("WRONG: too few of the cases compare anything\n");
  return data.wrong + cookies.wrong > 0 || idle ? 1 : 0;
}

}  // namespace
}  // namespace rt

int main(int count, char** arguments) {
  rt::Options options;
  if (!rt::Parse(count, arguments, &options)) return 2;
  return rt::Run(options);
}
