// Property: any two texts make a delta that makes the second of the first, and
// that is text where both are; any bytes taken as a delta are refused or make
// no more than they announce. The input's first byte says where it is cut.
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "wire/fossil_delta.h"
#include "wire/utf8.h"

namespace rt {
namespace {

void Run(std::string_view input, uint8_t cut) {
  const std::string_view first = input.substr(0, input.size() * cut / 255);
  const std::string_view second = input.substr(first.size());

  RT_CHECK(ApplyFossilDelta(first, MakeFossilDelta(first, second, false)) ==
           second);
  const std::string text = MakeFossilDelta(first, second, true);
  RT_CHECK(ApplyFossilDelta(first, text) == second);
  if (IsUtf8(first) && IsUtf8(second)) RT_CHECK(IsUtf8(text));

  const std::optional<std::string> made = ApplyFossilDelta(first, second);
  if (made.has_value()) RT_CHECK(made->size() <= kMaxDeltaTargetBytes);
}

}  // namespace
}  // namespace rt

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  rt::Run({reinterpret_cast<const char*>(data) + 1, size - 1}, data[0]);
  return 0;
}
