#include "wire/json_writer.h"

#include <cstddef>
#include <cstdint>

#include "wire/utf8.h"

namespace rt {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

void AppendEscaped(std::string_view utf8, std::string* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  size_t copied = 0;
  for (size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<uint8_t>(utf8[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out->append(utf8, copied, i - copied);
    copied = i + 1;
    *out += '\\';
    switch (byte) {
      case '"':
      case '\\':
        *out += static_cast<char>(byte);
        break;
      case '\n':
        *out += 'n';
        break;
      case '\r':
        *out += 'r';
        break;
      case '\t':
        *out += 't';
        break;
      default:
        *out += "u00";
        *out += kHex[byte >> 4];
        *out += kHex[byte & 0x0f];
    }
  }
  out->append(utf8, copied);
}

// Text that is not UTF-8: whole characters, then a flaw (a wrong byte, or a
// character cut short), and so on.
void AppendRepaired(std::string_view text, std::string* out) {
  while (!text.empty()) {
    Utf8Checker checker;
    const size_t good = checker.Add(text);
    size_t whole = good;
    size_t behind_flaw = good + 1;
    if (!checker.complete()) {
      // Back over the character that was cut short to its lead byte.
      do {
        --whole;
      } while ((static_cast<uint8_t>(text[whole]) & 0xc0) == 0x80);
      behind_flaw = good;
    }
    AppendEscaped(text.substr(0, whole), out);
    if (whole == text.size()) return;
    *out += kReplacement;
    text.remove_prefix(behind_flaw);
  }
}

}  // namespace

void AppendJsonString(std::string_view text, std::string* out) {
  *out += '"';
  if (IsUtf8(text)) {
    AppendEscaped(text, out);
  } else {
    AppendRepaired(text, out);
  }
  *out += '"';
}

std::string JsonString(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  AppendJsonString(text, &out);
  return out;
}

}  // namespace rt
