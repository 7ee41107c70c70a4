// Property: wherever a PROXY header's bytes are cut, ProxyHeaderReader comes to
// the same state, length and source. It never takes more than a header may
// have, and none of what follows one: the header alone reads the same.
#include <string_view>

#include "base/check.h"
#include "pieces.h"
#include "wire/proxy_header.h"

namespace rt {
namespace {

using State = ProxyHeaderReader::State;

void Run(std::string_view input, uint8_t seed) {
  ProxyHeaderReader whole;
  size_t used = 0;
  whole.Read(input, &used);

  ProxyHeaderReader cut;
  size_t all = 0;
  Pieces pieces(input, seed);
  while (cut.state() == State::kMore && !pieces.empty()) {
    size_t one = 0;
    cut.Read(pieces.Next(), &one);
    all += one;
  }
  RT_CHECK(whole.state() == cut.state());
  RT_CHECK(used == all);
  RT_CHECK(whole.source() == cut.source());
  RT_CHECK(used <= 16 + kMaxProxyHeaderBytes);
  RT_CHECK(whole.state() != State::kMore || used == input.size());
  if (whole.state() != State::kComplete) return;

  ProxyHeaderReader alone;
  size_t again = 0;
  alone.Read(input.substr(0, used), &again);
  RT_CHECK(alone.state() == State::kComplete && again == used);
  RT_CHECK(alone.source() == whole.source());
  if (!whole.source().known()) return;
  const auto read_back = IpAddress::Parse(whole.source().ToString());
  RT_CHECK(read_back == whole.source());
}

}  // namespace
}  // namespace rt

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  rt::Run({reinterpret_cast<const char*>(data) + 1, size - 1}, data[0]);
  return 0;
}
