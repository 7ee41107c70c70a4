#include "bench/payload.h"

#include "base/check.h"

namespace rt::bench {
namespace {

constexpr std::string_view kMarker = "\"n\":";
// Added to every number, so that all have ten digits.
constexpr uint64_t kBase = 1'000'000'000;
constexpr size_t kDigits = 10;

}  // namespace

std::string MakePayload(uint64_t sequence, size_t bytes) {
  RT_CHECK(bytes >= kMinPayloadBytes);
  RT_CHECK(sequence < 9 * kBase);
  std::string text = "{\"n\":" + std::to_string(kBase + sequence) + ",\"p\":\"";
  text.append(bytes - text.size() - 2, 'x');
  text += "\"}";
  return text;
}

std::optional<uint64_t> FindSequence(std::string_view text, size_t* hint) {
  size_t at = *hint;
  if (text.size() < at + kMarker.size() ||
      text.compare(at, kMarker.size(), kMarker) != 0) {
    at = text.find(kMarker);
    if (at == std::string_view::npos) return std::nullopt;
    *hint = at;
  }
  const std::string_view digits = text.substr(at + kMarker.size(), kDigits);
  if (digits.size() != kDigits) return std::nullopt;
  uint64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  if (value < kBase) return std::nullopt;
  return value - kBase;
}

}  // namespace rt::bench
