// Properties: what anybody writes into the headers that proxies use never says
// more than the trusted proxy behind it. From a peer that is not trusted it
// changes nothing; whatever a client put in front of it, the address that a
// trusted proxy appends is the client's.
#include <string>
#include <string_view>

#include "base/check.h"
#include "wire/forwarded.h"

namespace rt {
namespace {

HttpRequestHead Head(std::string_view x_forwarded_for,
                     std::string_view forwarded, std::string_view more) {
  HttpRequestHead head;
  head.headers.emplace_back("host", "site.test");
  if (!x_forwarded_for.empty()) {
    head.headers.emplace_back("x-forwarded-for", x_forwarded_for);
  }
  if (!forwarded.empty()) head.headers.emplace_back("forwarded", forwarded);
  head.headers.emplace_back("x-forwarded-proto", more);
  head.headers.emplace_back("x-forwarded-host", more);
  return head;
}

void Run(std::string_view input) {
  const std::vector<AddressRange> trusted{*AddressRange::Parse("127.0.0.0/8")};
  const IpAddress proxy = *IpAddress::Parse("127.0.0.1");
  const IpAddress client = *IpAddress::Parse("192.0.2.1");
  const size_t half = input.size() / 2;
  const std::string first(input.substr(0, half));
  const std::string second(input.substr(half));

  const RequestSource plain =
      FindRequestSource(Head(first, second, input), client, true, trusted);
  RT_CHECK(plain.address == client && plain.https);
  RT_CHECK(plain.hosts == std::vector<std::string>{"site.test"});

  RT_CHECK(FindRequestSource(Head(first + ", 192.0.2.1", second, input), proxy,
                             false, trusted)
               .address == client);
  RT_CHECK(FindRequestSource(Head("", second + ", for=192.0.2.1", input), proxy,
                             false, trusted)
               .address == client);
  RT_CHECK(FindRequestSource(
               Head("", second + ", for=192.0.2.1, for=127.0.0.2", input),
               proxy, false, trusted)
               .address == client);
  const RequestSource any =
      FindRequestSource(Head(first, second, input), proxy, false, trusted);
  RT_CHECK(any.address.known() && any.hosts.front() == "site.test");
  RT_CHECK(any.hosts.size() <= 2);
  for (const std::string& host : any.hosts) RT_CHECK(host.size() <= 255);
}

}  // namespace
}  // namespace rt

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  rt::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
