// Property: any bytes taken as a deflated message end within the bound; a
// message that is deflated comes back, whatever came before; any header of
// offers has an answer that is itself an offer we would take. The input's first
// byte says which window.
#include <string>

#include "base/check.h"
#include "wire/deflate.h"

namespace rt {
namespace {

constexpr size_t kMaxBytes = 4096;

void CheckOffers(std::string_view offers) {
  std::string response;
  const std::optional<DeflateParams> params =
      NegotiateDeflate(offers, &response);
  if (!params.has_value()) return;
  RT_CHECK(params->server_window_bits >= 9 && params->server_window_bits <= 15);
  RT_CHECK(params->client_window_bits >= 8 && params->client_window_bits <= 15);
  std::string again;
  RT_CHECK(NegotiateDeflate(response, &again) == params && again == response);
}

void Run(std::string_view input, uint8_t seed) {
  std::string out;
  const InflateError error = InflateMessage(input, kMaxBytes, &out);
  RT_CHECK(out.size() <= kMaxBytes);
  if (error == InflateError::kNone) {
    std::string exact;
    RT_CHECK(InflateMessage(input, out.size(), &exact) == error);
    RT_CHECK(exact == out);
  }

  const std::string deflated = DeflateMessage(input, 9 + seed % 7);
  RT_CHECK(InflateMessage(deflated, input.size(), &out) == InflateError::kNone);
  RT_CHECK(out == input);
  if (!input.empty()) {
    RT_CHECK(InflateMessage(deflated, input.size() - 1, &out) ==
             InflateError::kTooBig);
  }
  CheckOffers(input);
}

}  // namespace
}  // namespace rt

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  rt::Run({reinterpret_cast<const char*>(data) + 1, size - 1}, data[0]);
  return 0;
}
