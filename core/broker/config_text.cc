#include "broker/config_text.h"

#include <arpa/inet.h>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>

namespace rt {

namespace {

struct Unit {
  std::string_view name;
  int64_t factor;
};

// Descending, so that formatting takes the largest first; "m" after "ms" would
// shadow it in a prefix search, so units are compared whole.
constexpr Unit kTimeUnits[] = {{"d", 86'400'000},
                               {"h", 3'600'000},
                               {"m", 60'000},
                               {"s", 1'000},
                               {"ms", 1}};
constexpr Unit kSizeUnits[] = {
    {"GiB", 1LL << 30}, {"MiB", 1LL << 20}, {"KiB", 1LL << 10}};

Error Invalid(std::string message) {
  return {ErrorCode::kInvalid, std::move(message)};
}

Error NotADuration() {
  return Invalid("a duration such as \"25s\", \"500ms\" or \"1h30m\"");
}

Error NotASize() { return Invalid("bytes, or a size such as \"64KiB\""); }

int64_t TimeFactor(std::string_view unit) {
  for (const Unit& known : kTimeUnits) {
    if (known.name == unit) return known.factor;
  }
  return 0;
}

size_t SpanOf(std::string_view text, std::string_view letters) {
  const size_t end = text.find_first_not_of(letters);
  return end == std::string_view::npos ? text.size() : end;
}

}  // namespace

Result<int64_t> ParseDuration(std::string_view text) {
  if (text == "0") return int64_t{0};
  if (text.empty()) return NotADuration();
  double total = 0;
  while (!text.empty()) {
    const size_t digits = SpanOf(text, "0123456789.");
    double count = 0;
    const auto [end, failure] =
        std::from_chars(text.data(), text.data() + digits, count);
    if (digits == 0 || failure != std::errc() || end != text.data() + digits) {
      return NotADuration();
    }
    text.remove_prefix(digits);
    const size_t letters = SpanOf(text, "dhms");
    const int64_t factor = TimeFactor(text.substr(0, letters));
    if (factor == 0) return NotADuration();
    text.remove_prefix(letters);
    total += count * static_cast<double>(factor);
  }
  // 2^53: beyond it a double does not count whole milliseconds.
  if (!(total <= 9.007e15) || total != std::floor(total)) return NotADuration();
  return static_cast<int64_t>(total);
}

std::string FormatDuration(int64_t ms) {
  if (ms <= 0) return "0s";
  std::string text;
  for (const Unit& unit : kTimeUnits) {
    const int64_t count = ms / unit.factor;
    if (count == 0) continue;
    // "90s" reads better than "1m30s".
    if (unit.factor == 60'000 && count < 5 && ms % 60'000 != 0) continue;
    text += std::to_string(count).append(unit.name);
    ms -= count * unit.factor;
  }
  return text;
}

Result<int64_t> ParseSize(std::string_view text) {
  for (const Unit& unit : kSizeUnits) {
    if (!text.ends_with(unit.name)) continue;
    text.remove_suffix(unit.name.size());
    const Result<int64_t> count = ParseInteger(text);
    if (!count || *count < 0 ||
        *count > std::numeric_limits<int64_t>::max() / unit.factor) {
      return NotASize();
    }
    return *count * unit.factor;
  }
  const Result<int64_t> count = ParseInteger(text);
  if (!count || *count < 0) return NotASize();
  return *count;
}

std::string FormatSize(int64_t bytes) {
  for (const Unit& unit : kSizeUnits) {
    if (bytes > 0 && bytes % unit.factor == 0) {
      return std::to_string(bytes / unit.factor).append(unit.name);
    }
  }
  return std::to_string(bytes);
}

Result<int64_t> ParseInteger(std::string_view text) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (text.empty() || failure != std::errc() || stop != end) {
    return Invalid("a whole number");
  }
  return number;
}

Result<bool> ParseBool(std::string_view text) {
  for (std::string_view word : {"true", "1", "yes", "on"}) {
    if (text == word) return true;
  }
  for (std::string_view word : {"false", "0", "no", "off"}) {
    if (text == word) return false;
  }
  return Invalid("true or false");
}

Result<std::string> ParseAddress(std::string_view text) {
  const Error wrong = Invalid(
      "ADDRESS:PORT with a numeric address, such as \"127.0.0.1:8000\", "
      "\"[::1]:8000\" or, for every address, \"0.0.0.0:8000\"");
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  const Result<int64_t> port = ParseInteger(text.substr(colon + 1));
  if (!port || *port < 0 || *port > 65535) return wrong;
  std::string host(text.substr(0, colon));
  const std::string port_text = ":" + std::to_string(*port);
  if (host == "localhost") return "127.0.0.1" + port_text;
  unsigned char bytes[sizeof(in6_addr)];
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    const std::string inner = host.substr(1, host.size() - 2);
    if (inet_pton(AF_INET6, inner.c_str(), bytes) != 1) return wrong;
  } else if (inet_pton(AF_INET, host.c_str(), bytes) != 1) {
    return wrong;
  }
  return host + port_text;
}

}  // namespace rt
