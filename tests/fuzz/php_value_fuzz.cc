// Properties: whatever the bytes are, decoding ends within its bounds; what
// comes of it is JSON, and a byte of rubbish behind it makes it no value.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "native/php_value.h"
#include "wire/json_text.h"

namespace {

void Require(bool holds) {
  if (!holds) abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(data, data + size);
  const auto value = rt::DecodePhp(bytes);
  if (!value.ok()) return 0;
  Require(rt::IsJson(value->ToJson()));
  Require(rt::FindPath(*value, "") == &*value);
  (void)rt::FindPath(*value, std::string_view(bytes).substr(0, 64));
  Require(!rt::DecodePhp(bytes + "x").ok());
  return 0;
}
