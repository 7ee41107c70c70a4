#include "drupal/cookie_header.h"

#include <algorithm>

namespace rt {

namespace {

// PHP's max_input_vars: what comes behind so many pairs it does not read.
constexpr int kMaxPairs = 1000;

struct Pair {
  std::string_view name;
  std::string_view value;  // as sent
};

// What C's isspace() takes, which is what PHP skips.
bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class Pairs {
 public:
  explicit Pairs(std::string_view header) : rest_(header) {}

  // False at the end.
  bool Next(Pair* pair) {
    while (!rest_.empty()) {
      const size_t end = std::min(rest_.find(';'), rest_.size());
      std::string_view text = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
      const size_t equals = text.find('=');
      pair->name = text.substr(0, equals);
      pair->value = equals == std::string_view::npos ? std::string_view()
                                                     : text.substr(equals + 1);
      if (!pair->name.empty()) return ++count_ <= kMaxPairs;
    }
    return false;
  }

 private:
  std::string_view rest_;
  int count_ = 0;
};

// `name[…]=` fills PHP's $_COOKIE['name'] with an array.
bool IsArrayOf(std::string_view pair_name, std::string_view name) {
  return pair_name.size() > name.size() && pair_name.starts_with(name) &&
         pair_name[name.size()] == '[' &&
         pair_name.find(']', name.size()) != std::string_view::npos;
}

}  // namespace

std::string RawUrlDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = HexDigit(text[i + 1]);
      const int low = HexDigit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high << 4 | low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::optional<std::string> FindCookie(std::string_view header,
                                      std::string_view name) {
  std::optional<std::string_view> value;
  Pairs pairs(header);
  Pair pair;
  while (pairs.Next(&pair)) {
    if (IsArrayOf(pair.name, name)) return std::nullopt;
    if (!value && pair.name == name) value = pair.value;
  }
  if (!value) return std::nullopt;
  return RawUrlDecode(*value);
}

std::vector<std::pair<std::string, std::string>> ParseCookies(
    std::string_view header) {
  std::vector<std::pair<std::string, std::string>> cookies;
  Pairs pairs(header);
  Pair pair;
  while (pairs.Next(&pair)) {
    const auto same = [&](const auto& seen) { return seen.first == pair.name; };
    if (std::any_of(cookies.begin(), cookies.end(), same)) continue;
    cookies.emplace_back(pair.name, RawUrlDecode(pair.value));
  }
  return cookies;
}

}  // namespace rt
