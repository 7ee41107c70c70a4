#include "drupal/php_serialize.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>
#include <cmath>
#include <limits>

namespace rt {

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// [+-]? digits with at most one dot (at least one digit), then an exponent:
// what PHP's own scanner takes.
bool IsPhpNumber(std::string_view text) {
  size_t i = 0;
  const auto digits = [&] {
    const size_t from = i;
    while (i < text.size() && IsDigit(text[i])) ++i;
    return i - from;
  };
  const auto sign = [&] {
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
  };
  sign();
  size_t mantissa = digits();
  if (i < text.size() && text[i] == '.') {
    ++i;
    mantissa += digits();
  }
  if (mantissa == 0) return false;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    sign();
    if (digits() == 0) return false;
  }
  return i == text.size();
}

// What PHP takes for a part of a class's name, or for an enum's case.
bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) ||
         c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool IsClassName(std::string_view text) {
  return !text.empty() && text.size() <= PhpReader::kMaxNameBytes &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsNameCharacter(c) || c == '\\'; });
}

bool IsIdentifier(std::string_view text) {
  return !text.empty() && !IsDigit(text.front()) &&
         std::all_of(text.begin(), text.end(), IsNameCharacter);
}

// Class:Case, the class perhaps in a namespace.
bool IsEnumCase(std::string_view text) {
  if (text.size() > PhpReader::kMaxNameBytes) return false;
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  std::string_view path = text.substr(0, colon);
  for (size_t end = 0; (end = path.find('\\')) != std::string_view::npos;) {
    if (!IsIdentifier(path.substr(0, end))) return false;
    path.remove_prefix(end + 1);
  }
  return IsIdentifier(path) && IsIdentifier(text.substr(colon + 1));
}

// A hidden property is \0*\0name or \0Class\0name.
bool IsProperty(const PhpValue& key) {
  const std::string_view text = key.text;
  if (!text.starts_with('\0')) return true;
  const size_t second = text.find('\0', 1);
  return second != std::string_view::npos && second > 1 &&
         second + 1 < text.size();
}

}  // namespace

bool PhpValue::truthy() const {
  switch (type) {
    case Type::kNull:
      return false;
    case Type::kBool:
      return boolean;
    case Type::kInt:
      return integer != 0;
    case Type::kDouble:
      return number != 0;
    case Type::kString:
      return !text.empty() && text != "0";
    case Type::kArray:
      return count > 0;
    case Type::kObject:
    case Type::kEnum:
    case Type::kCustom:
      return true;
    case Type::kEscaped:
    case Type::kReference:
      return false;
  }
  return false;
}

bool PhpReader::Take(char c) {
  if (rest_.empty() || rest_.front() != c) return false;
  rest_.remove_prefix(1);
  return true;
}

// [+-]? digits; a number that 64 bits do not hold is an error, where PHP
// would wrap around.
bool PhpReader::TakeInt(int64_t* value) {
  const char* begin = rest_.data();
  const char* end = begin + rest_.size();
  if (begin != end && *begin == '+') ++begin;
  if (begin != end && *begin == '-' && begin != rest_.data()) return false;
  const auto [next, error] = std::from_chars(begin, end, *value);
  if (error != std::errc()) return false;
  rest_.remove_prefix(static_cast<size_t>(next - rest_.data()));
  return true;
}

// Plain digits, and no more than the bytes that are left: nothing can be
// longer, or have more parts, than that.
bool PhpReader::TakeLength(uint64_t* value) {
  if (rest_.empty() || !IsDigit(rest_.front())) return false;
  const char* end = rest_.data() + rest_.size();
  const auto [next, error] = std::from_chars(rest_.data(), end, *value);
  if (error != std::errc()) return false;
  rest_.remove_prefix(static_cast<size_t>(next - rest_.data()));
  return *value <= rest_.size();
}

bool PhpReader::TakeDouble(double* value) {
  // The longest spelling that serialize() writes has about 25 characters.
  const std::string_view window = rest_.substr(0, 64);
  const size_t end = window.find(';');
  if (end == std::string_view::npos) return false;
  std::string_view text = window.substr(0, end);
  rest_.remove_prefix(end);
  if (text == "NAN") {
    *value = std::numeric_limits<double>::quiet_NaN();
  } else if (text == "INF" || text == "-INF") {
    *value = text[0] == '-' ? -HUGE_VAL : HUGE_VAL;
  } else {
    if (!IsPhpNumber(text)) return false;
    if (text.front() == '+') text.remove_prefix(1);
    const auto result =
        std::from_chars(text.data(), text.data() + text.size(), *value);
    if (result.ec == std::errc::invalid_argument) return false;
  }
  return true;
}

// LENGTH:"bytes", the length in bytes.
bool PhpReader::TakeQuoted(std::string_view* text) {
  uint64_t length = 0;
  if (!TakeLength(&length) || !Take(':') || !Take('"')) return false;
  if (length > rest_.size()) return false;
  *text = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return Take('"');
}

// S: LENGTH:"…" counts characters, of which \xx is one. Nobody writes it.
bool PhpReader::TakeEscaped() {
  uint64_t length = 0;
  if (!TakeLength(&length) || !Take(':') || !Take('"')) return false;
  if (length > kMaxEscapedBytes) return false;
  for (uint64_t i = 0; i < length; ++i) {
    const size_t width = !rest_.empty() && rest_.front() == '\\' ? 3 : 1;
    if (rest_.size() < width) return false;
    rest_.remove_prefix(width);
  }
  return Take('"');
}

bool PhpReader::TakeReference(PhpValue* value) {
  value->type = PhpValue::Type::kReference;
  if (++references_ > kMaxReferences) return false;
  return TakeInt(&value->integer) && value->integer >= 1 &&
         static_cast<uint64_t>(value->integer) <= slots_;
}

bool PhpReader::TakeClass(std::string_view* name) {
  return TakeQuoted(name) && IsClassName(*name) && Take(':');
}

bool PhpReader::TakeCustom(PhpValue* value) {
  value->type = PhpValue::Type::kCustom;
  uint64_t length = 0;
  if (!TakeClass(&value->text) || !TakeLength(&length) || !Take(':') ||
      !Take('{') || length > rest_.size()) {
    return false;
  }
  rest_.remove_prefix(length);
  return Take('}');
}

// What stands behind `a:` and behind `O:…:`.
bool PhpReader::TakeHead(PhpValue* value) {
  return TakeLength(&value->count) && Take(':') && Take('{') &&
         ++depth_ <= kMaxDepth;
}

bool PhpReader::Read(PhpValue* value) {
  using Type = PhpValue::Type;
  *value = PhpValue();
  if (rest_.size() < 2) return false;
  const char kind = rest_[0];
  if (rest_[1] != (kind == 'N' ? ';' : ':')) return false;
  rest_.remove_prefix(2);
  if (kind != 'R' && ++slots_ > kMaxSlots) return false;
  switch (kind) {
    case 'N':
      value->type = Type::kNull;
      return true;
    case 'b':
      value->type = Type::kBool;
      value->boolean = !rest_.empty() && rest_.front() == '1';
      return (Take('0') || Take('1')) && Take(';');
    case 'i':
      value->type = Type::kInt;
      return TakeInt(&value->integer) && Take(';');
    case 'd':
      value->type = Type::kDouble;
      return TakeDouble(&value->number) && Take(';');
    case 's':
      value->type = Type::kString;
      return TakeQuoted(&value->text) && Take(';');
    case 'S':
      value->type = Type::kEscaped;
      return TakeEscaped() && Take(';');
    case 'a':
      value->type = Type::kArray;
      return TakeHead(value);
    case 'O':
      value->type = Type::kObject;
      return TakeClass(&value->text) && TakeHead(value);
    case 'E':
      value->type = Type::kEnum;
      enumerated_ = true;
      return TakeQuoted(&value->text) && IsEnumCase(value->text) && Take(';');
    case 'C':
      return TakeCustom(value);
    case 'r':
      value->boolean = true;
      return TakeReference(value) && Take(';');
    case 'R':
      return TakeReference(value) && Take(';');
    default:
      return false;
  }
}

bool PhpReader::ReadKey(PhpValue* key) {
  if (rest_.empty() || (rest_.front() != 'i' && rest_.front() != 's')) {
    return false;
  }
  const uint64_t slots = slots_;
  const bool ok = Read(key);
  slots_ = slots;  // keys are no values that a reference can name
  return ok;
}

bool PhpReader::ReadEnd() {
  --depth_;
  return Take('}');
}

bool PhpReader::Skip(const PhpValue& head) {
  using Type = PhpValue::Type;
  if (head.type != Type::kArray && head.type != Type::kObject) return true;
  // Pairs left in each array that is open, outermost first.
  std::array<uint64_t, kMaxDepth> left;
  std::bitset<kMaxDepth> object;
  size_t depth = 0;
  left[0] = head.count;
  object[0] = head.type == Type::kObject;
  while (true) {
    if (left[depth] == 0) {
      if (!ReadEnd()) return false;
      if (depth-- == 0) return true;
      continue;
    }
    --left[depth];
    PhpValue key;
    PhpValue value;
    if (!ReadKey(&key) || (object[depth] && !IsProperty(key)) ||
        !Read(&value)) {
      return false;
    }
    if (value.type == Type::kArray || value.type == Type::kObject) {
      if (++depth == kMaxDepth) return false;
      left[depth] = value.count;
      object[depth] = value.type == Type::kObject;
    }
  }
}

}  // namespace rt
