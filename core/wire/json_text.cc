#include "wire/json_text.h"

#include <algorithm>
#include <bitset>
#include <cstdint>
#include <cstring>
#include <iterator>

#include "wire/utf8.h"

namespace rt {

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLineBreak(char c) { return c == '\n' || c == '\r'; }

// Is one of the eight bytes a quote, a backslash or a control character?
bool EndsStringRun(const char* bytes) {
  constexpr uint64_t kOnes = 0x0101010101010101u;
  constexpr uint64_t kHighs = 0x8080808080808080u;
  uint64_t eight;
  std::memcpy(&eight, bytes, sizeof eight);
  const uint64_t quote = eight ^ kOnes * '"';
  const uint64_t backslash = eight ^ kOnes * '\\';
  // A byte below n borrows from its high bit; bytes above 0x7f are masked out.
  const uint64_t found = ((quote - kOnes) & ~quote) |
                         ((backslash - kOnes) & ~backslash) |
                         ((eight - kOnes * 0x20) & ~eight);
  return (found & kHighs) != 0;
}

// Walks over JSON without recursion: what is open is one bit a level.
class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text)
      : at_(text.data()), end_(text.data() + text.size()) {}

  // One whole value and nothing behind it.
  bool Scan() {
    do {
      SkipSpace();
      if (!Value()) return false;
      // Behind a value: close what ends here, up to a comma or the text's end.
      while (!expects_value_) {
        SkipSpace();
        if (depth_ == 0) return at_ == end_;
        if (!AfterValue()) return false;
      }
    } while (true);
  }

 private:
  bool Take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  void SkipSpace() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || IsLineBreak(*at_))) {
      ++at_;
    }
  }

  // A scalar, an empty container, or the beginning of one: then the next value
  // is still to come.
  bool Value() {
    if (at_ == end_) return false;
    expects_value_ = false;
    switch (*at_) {
      case '{':
        return Open(true);
      case '[':
        return Open(false);
      case '"':
        return String();
      case 't':
        return Word("true");
      case 'f':
        return Word("false");
      case 'n':
        return Word("null");
      default:
        return Number();
    }
  }

  bool Open(bool object) {
    ++at_;
    SkipSpace();
    if (Take(object ? '}' : ']')) return depth_ < kMaxJsonDepth;
    if (depth_ == kMaxJsonDepth) return false;
    is_object_[depth_++] = object;
    expects_value_ = true;
    return !object || Key();
  }

  bool AfterValue() {
    const bool object = is_object_[depth_ - 1];
    if (Take(object ? '}' : ']')) {
      --depth_;
      return true;
    }
    if (!Take(',')) return false;
    expects_value_ = true;
    SkipSpace();
    return !object || Key();
  }

  bool Key() {
    if (!String()) return false;
    SkipSpace();
    return Take(':');
  }

  bool String() {
    if (!Take('"')) return false;
    while (true) {
      while (end_ - at_ >= 8 && !EndsStringRun(at_)) at_ += 8;
      if (at_ == end_) return false;
      const char c = *at_++;
      if (c == '"') return true;
      if (static_cast<uint8_t>(c) < 0x20) return false;
      if (c == '\\' && !Escape()) return false;
    }
  }

  bool Escape() {
    if (at_ == end_) return false;
    const char c = *at_++;
    if (c != 'u') return std::strchr("\"\\/bfnrt", c) != nullptr && c != 0;
    if (end_ - at_ < 4) return false;
    const bool hex = std::all_of(at_, at_ + 4, [](char digit) {
      return IsDigit(digit) || (digit >= 'a' && digit <= 'f') ||
             (digit >= 'A' && digit <= 'F');
    });
    at_ += 4;
    return hex;
  }

  bool Word(std::string_view word) {
    if (static_cast<size_t>(end_ - at_) < word.size()) return false;
    if (std::string_view(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  bool Digits() {
    const char* first = at_;
    while (at_ != end_ && IsDigit(*at_)) ++at_;
    return at_ != first;
  }

  bool Number() {
    Take('-');
    if (!Take('0') && !Digits()) return false;
    if (Take('.') && !Digits()) return false;
    if (Take('e') || Take('E')) {
      if (!Take('+')) Take('-');
      return Digits();
    }
    return true;
  }

  const char* at_;
  const char* end_;
  size_t depth_ = 0;
  bool expects_value_ = false;
  std::bitset<kMaxJsonDepth> is_object_;
};

}  // namespace

bool IsJson(std::string_view text) {
  return IsUtf8(text) && JsonScanner(text).Scan();
}

void StripLineBreaks(std::string* json) {
  json->erase(std::remove_if(json->begin(), json->end(), IsLineBreak),
              json->end());
}

void AppendJsonOnOneLine(std::string_view json, std::string* out) {
  if (json.empty()) {
    *out += "null";
  } else if (json.find('\n') == std::string_view::npos &&
             json.find('\r') == std::string_view::npos) {
    *out += json;
  } else {
    std::remove_copy_if(json.begin(), json.end(), std::back_inserter(*out),
                        IsLineBreak);
  }
}

}  // namespace rt
