#include "wire/forwarded.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace rt {
namespace {

using testing::ElementsAre;

using Headers = std::vector<std::pair<std::string, std::string>>;

const std::vector<AddressRange> kTrusted = {*AddressRange::Parse("127.0.0.1"),
                                            *AddressRange::Parse("10.0.0.0/8"),
                                            *AddressRange::Parse("fd00::/8")};

RequestSource Find(const Headers& headers, const char* peer = "127.0.0.1",
                   bool https = false) {
  HttpRequestHead head;
  head.headers = {{"host", "Broker.test:8000"}};
  head.headers.insert(head.headers.end(), headers.begin(), headers.end());
  return FindRequestSource(head, IpAddress::Parse(peer).value_or(IpAddress()),
                           https, kTrusted);
}

std::string AddressIn(const Headers& headers, const char* peer = "127.0.0.1") {
  return Find(headers, peer).address.ToString();
}

TEST(RequestSource, IsThePeerWhereNobodyIsTrusted) {
  const Headers lies = {{"x-forwarded-for", "192.0.2.1"},
                        {"x-forwarded-proto", "https"},
                        {"x-forwarded-host", "evil.test"},
                        {"forwarded", "for=192.0.2.2;proto=https;host=e.test"}};
  for (const char* peer : {"203.0.113.9", "127.0.0.2", "::1", ""}) {
    const RequestSource source = Find(lies, peer);
    EXPECT_EQ(source.address.ToString(), peer);
    EXPECT_FALSE(source.https);
    EXPECT_THAT(source.hosts, ElementsAre("broker.test:8000"));
  }
}

TEST(RequestSource, IsTheRightmostHopThatIsNotTrusted) {
  for (const auto& [hops, client] :
       {std::pair("192.0.2.1", "192.0.2.1"),
        std::pair("1.1.1.1, 192.0.2.1", "192.0.2.1"),
        std::pair("1.1.1.1, 192.0.2.1, 10.0.0.3", "192.0.2.1"),
        std::pair("192.0.2.1,10.0.0.3 ,\t10.0.0.4", "192.0.2.1"),
        std::pair("2001:db8::1, fd00::5", "2001:db8::1"),
        std::pair("[2001:db8::1]:4711", "2001:db8::1"),
        std::pair("192.0.2.1:4711", "192.0.2.1"),
        std::pair("10.0.0.9, 10.0.0.8", "10.0.0.9"),
        std::pair("::ffff:192.0.2.1", "192.0.2.1")}) {
    EXPECT_EQ(AddressIn({{"x-forwarded-for", hops}}), client) << hops;
  }
}

TEST(RequestSource, EndsWhereNobodySaysFurther) {
  EXPECT_EQ(AddressIn({}), "127.0.0.1");
  EXPECT_EQ(AddressIn({{"x-forwarded-for", ""}}), "127.0.0.1");
  EXPECT_EQ(AddressIn({{"x-forwarded-for", "unknown"}}), "127.0.0.1");
  EXPECT_EQ(AddressIn({{"x-forwarded-for", "192.0.2.1, unknown, 10.0.0.1"}}),
            "10.0.0.1");
  EXPECT_EQ(AddressIn({{"x-forwarded-for", "192.0.2.1,"}}), "127.0.0.1");
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "10.0.0.1,";
  EXPECT_EQ(AddressIn({{"x-forwarded-for", "192.0.2.1," + many + "10.0.0.2"}}),
            "10.0.0.1");
}

TEST(RequestSource, SeveralLinesAreOneList) {
  EXPECT_EQ(AddressIn({{"x-forwarded-for", "1.1.1.1"},
                       {"x-forwarded-for", "192.0.2.1"},
                       {"x-forwarded-for", "10.0.0.1"}}),
            "192.0.2.1");
}

TEST(RequestSource, ATrustedProxySaysSchemeAndHost) {
  const RequestSource source =
      Find({{"x-forwarded-proto", "HTTPS"}, {"x-forwarded-host", "Www.Test"}});
  EXPECT_TRUE(source.https);
  EXPECT_THAT(source.hosts, ElementsAre("broker.test:8000", "www.test"));
  EXPECT_FALSE(Find({{"x-forwarded-proto", "http"}}, "127.0.0.1", true).https);
  EXPECT_TRUE(Find({}, "127.0.0.1", true).https) << "what was seen here";
  EXPECT_TRUE(Find({{"x-forwarded-proto", "gopher"}}, "10.1.1.1", true).https);
  EXPECT_TRUE(Find({{"x-forwarded-proto", "https, http"}}).https)
      << "as Drupal takes them";
}

TEST(RequestSource, OfHostsTheNearestProxysWordAloneCounts) {
  EXPECT_THAT(Find({{"x-forwarded-host", "forged.test, b.test"},
                    {"x-forwarded-host", "c.test"}})
                  .hosts,
              ElementsAre("broker.test:8000", "c.test"));
  EXPECT_THAT(
      Find({{"forwarded", "for=192.0.2.1;host=forged.test, host=c.test"}})
          .hosts,
      ElementsAre("broker.test:8000", "c.test"));
  EXPECT_THAT(Find({{"x-forwarded-host", "forged.test,"}}).hosts,
              ElementsAre("broker.test:8000"));
}

TEST(RequestSource, AHostThatIsNoneIsNotTaken) {
  for (const std::string& host : {std::string("a b"), std::string("a/b"),
                                  std::string("a@b"), std::string(256, 'a')}) {
    EXPECT_EQ(Find({{"x-forwarded-host", host}}).hosts.size(), 1u);
  }
}

TEST(RequestSource, ReadsForwardedWhereThatIsAllThereIs) {
  const RequestSource source =
      Find({{"forwarded",
             "for=1.1.1.1, For=\"[2001:db8::1]:4711\";proto=https;"
             "host=\"Www.Test:8443\", for=10.0.0.3;by=10.0.0.4"}});
  EXPECT_EQ(source.address.ToString(), "2001:db8::1");
  EXPECT_TRUE(source.https);
  EXPECT_THAT(source.hosts, ElementsAre("broker.test:8000"))
      << "the last element names none";
  EXPECT_EQ(AddressIn({{"forwarded", "for=_hidden"}}), "127.0.0.1");
  EXPECT_EQ(AddressIn({{"forwarded", "for=\"192.0.2\\.1\""}}), "192.0.2.1");
  EXPECT_EQ(AddressIn({{"x-forwarded-for", "192.0.2.7"},
                       {"forwarded", "for=192.0.2.8"}}),
            "192.0.2.7");
}

TEST(RequestSource, AnOpenQuoteHidesNoHop) {
  EXPECT_EQ(AddressIn({{"forwarded", "for=\"1.1.1.1, for=192.0.2.1"}}),
            "192.0.2.1");
  EXPECT_EQ(AddressIn({{"x-forwarded-for", "\"1.1.1.1, 192.0.2.1"}}),
            "192.0.2.1");
}

}  // namespace
}  // namespace rt
