#include "base/random.h"

#include <sys/random.h>

#include <cerrno>

#include "base/check.h"

namespace rt {

void RandomBytes(void* out, size_t bytes) {
  auto* to = static_cast<unsigned char*>(out);
  while (bytes > 0) {
    ssize_t got = getrandom(to, bytes, 0);
    if (got < 0 && errno == EINTR) continue;
    RT_CHECK(got > 0);
    to += got;
    bytes -= static_cast<size_t>(got);
  }
}

uint64_t RandomBelow(uint64_t bound) {
  RT_CHECK(bound > 0);
  // Values above the last full multiple would favour small results.
  const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  uint64_t value = 0;
  do {
    RandomBytes(&value, sizeof value);
  } while (value >= limit);
  return value % bound;
}

Uuid RandomUuidBytes() {
  Uuid raw;
  RandomBytes(raw.data(), raw.size());
  raw[6] = static_cast<uint8_t>((raw[6] & 0x0f) | 0x40);
  raw[8] = static_cast<uint8_t>((raw[8] & 0x3f) | 0x80);
  return raw;
}

std::string RandomUuid() { return FormatUuid(RandomUuidBytes()); }

std::string FormatUuid(const Uuid& raw) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (size_t i = 0; i < raw.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kHex[raw[i] >> 4];
    text += kHex[raw[i] & 0x0f];
  }
  return text;
}

std::optional<Uuid> ParseUuid(std::string_view text) {
  Uuid raw = {};
  size_t digits = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (text[i] == '-')) return std::nullopt;
    if (dash) continue;
    const char c = text[i];
    int value = 0;
    if (c >= '0' && c <= '9') {
      value = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      value = c - 'a' + 10;
    } else {
      return std::nullopt;
    }
    if (digits == raw.size() * 2) return std::nullopt;
    raw[digits / 2] = static_cast<uint8_t>(raw[digits / 2] << 4 | value);
    ++digits;
  }
  if (digits != raw.size() * 2) return std::nullopt;
  return raw;
}

std::string RandomLetters(size_t letters) {
  static constexpr char kLetters[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string text;
  text.reserve(letters);
  for (size_t i = 0; i < letters; ++i) {
    text += kLetters[RandomBelow(sizeof kLetters - 1)];
  }
  return text;
}

}  // namespace rt
