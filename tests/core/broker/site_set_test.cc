#include "broker/site_set.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace rt {
namespace {

BrokerSitePtr MakeSite(const std::string& key, uint32_t id,
                       std::vector<std::string> hosts,
                       std::vector<std::string> origins) {
  auto site = std::make_shared<Site>(Namespaces({}));
  site->id = id;
  site->key = key;
  auto made = std::make_shared<BrokerSite>();
  made->site = std::move(site);
  made->document.key = key;
  made->document.hosts = std::move(hosts);
  made->document.origins = std::move(origins);
  made->document.api_keys = {"key-of-" + key, "other-key-of-" + key};
  return made;
}

BrokerSitePtr Own(bool insecure = false) {
  auto site = std::make_shared<Site>(Namespaces({}, insecure));
  site->insecure = insecure;
  auto made = std::make_shared<BrokerSite>();
  made->site = std::move(site);
  return made;
}

using Headers = std::vector<std::pair<std::string, std::string>>;

HttpRequestHead Head(const std::string& host, const std::string& origin = "",
                     const Headers& more = {}) {
  HttpRequestHead head;
  head.headers.emplace_back("host", host);
  if (!origin.empty()) head.headers.emplace_back("origin", origin);
  head.headers.insert(head.headers.end(), more.begin(), more.end());
  return head;
}

// As it comes to a broker without proxies.
Provenance Place(const SiteSet& set, const HttpRequestHead& head,
                 bool https = false) {
  return set.Place(head, FindRequestSource(head, IpAddress(), https, {}));
}

class SiteSetTest : public testing::Test {
 protected:
  const BrokerSitePtr one_ =
      MakeSite("one", 1, {"one.test"}, {"https://one.test"});
  const BrokerSitePtr two_ =
      MakeSite("two", 2, {"two.test:8443", "[::1]"}, {"https://two.test:8443"});
  const SiteSet set_{Own(), {one_, two_}, {"https://app.test"}};
};

TEST_F(SiteSetTest, FindsTheSiteByItsOriginWhateverTheHost) {
  const Provenance from =
      Place(set_, Head("broker.test:8000", "https://ONE.test:443"));
  EXPECT_EQ(from.site, one_);
  EXPECT_TRUE(from.cookie_login);
  EXPECT_TRUE(from.https);
  EXPECT_EQ(from.page_host, "one.test");
}

TEST_F(SiteSetTest, RefusesAnOriginThatIsNobodys) {
  for (const char* origin :
       {"http://one.test", "https://one.test:8443", "https://one.test.evil",
        "null", "file://", "https://"}) {
    const Provenance from = Place(set_, Head("one.test", origin));
    EXPECT_EQ(from.site, nullptr) << origin;
    EXPECT_FALSE(from.cookie_login) << origin;
  }
  EXPECT_EQ(Place(set_, Head("evil.test", "http://evil.test")).site, nullptr)
      << "equal to the Host counts only where there is no site at all";
}

TEST_F(SiteSetTest, RefusesOriginsThatOnlyLookLikeTheSites) {
  for (const char* origin : {"https://one.test.evil.test",
                             "https://evil-one.test",
                             "https://evil.one.test",
                             "https://one.testx",
                             "https://one.tes",
                             "https://onextest",
                             "https://one.test:80",
                             "https://one.test:0443x",
                             "https://one.test@evil.test",
                             "https://evil.test#one.test",
                             "https://evil.test/one.test",
                             "https://evil.test?one.test",
                             "https://one.test.",
                             "https://one.test/",
                             "https://one.test ",
                             "https://one.test, https://evil.test",
                             "https://one.test\t",
                             "https:/one.test",
                             "https:one.test",
                             "//one.test",
                             "one.test",
                             "wss://one.test",
                             "https://xn--one-test",
                             "https://[one.test]",
                             "https://one\xe3\x80\x82test",
                             "NULL",
                             "null",
                             "about:blank",
                             "data:text/html,x",
                             "chrome-extension://one.test",
                             "https://127.0.0.1"}) {
    const Provenance from = Place(set_, Head("one.test", origin));
    EXPECT_EQ(from.site, nullptr) << origin;
    EXPECT_FALSE(from.cookie_login) << origin;
  }
  for (const char* origin : {"HTTPS://ONE.TEST", "https://One.Test:443"}) {
    EXPECT_EQ(Place(set_, Head("one.test", origin)).site, one_)
        << origin << ": another spelling of the same";
  }
}

TEST_F(SiteSetTest, WithoutAnOriginTheConnectionSaysWhetherThePageIsHttps) {
  const Headers own = {{"sec-fetch-site", "same-origin"}};
  EXPECT_FALSE(Place(set_, Head("one.test", "", own)).https);
  EXPECT_TRUE(Place(set_, Head("one.test", "", own), true).https);
  EXPECT_TRUE(Place(set_, Head("one.test", "https://one.test")).https)
      << "with one, the page's does";
}

TEST_F(SiteSetTest, TheHostIsWhatTheBrowserAskedTheProxyFor) {
  const std::vector<AddressRange> trusted = {*AddressRange::Parse("127.0.0.1")};
  const IpAddress proxy = *IpAddress::Parse("127.0.0.1");
  const HttpRequestHead head = Head("127.0.0.1:8000", "",
                                    {{"sec-fetch-site", "same-origin"},
                                     {"x-forwarded-host", "one.test"},
                                     {"x-forwarded-proto", "https"}});
  const Provenance from =
      set_.Place(head, FindRequestSource(head, proxy, false, trusted));
  EXPECT_EQ(from.site, one_);
  EXPECT_TRUE(from.cookie_login);
  EXPECT_TRUE(from.https);
  EXPECT_EQ(from.page_host, "one.test");
  EXPECT_EQ(set_.Place(head, FindRequestSource(head, proxy, false, {})).site,
            set_.own())
      << "nobody is trusted";
}

TEST_F(SiteSetTest, AScriptChoosesNoOtherSiteThanItsPages) {
  // What a page of two.test can have its browser send, and what proxies make
  // of it: handed on as it was, or with their own word behind it.
  const std::vector<AddressRange> trusted = {*AddressRange::Parse("127.0.0.1")};
  const IpAddress proxy = *IpAddress::Parse("127.0.0.1");
  for (const auto& [host, forwarded] :
       std::vector<std::pair<std::string, std::string>>{
           {"two.test:8443", "one.test"},
           {"two.test:8443", "one.test, two.test:8443"},
           {"two.test:8443", "one.test, inner.test"},
           {"127.0.0.1:8000", "one.test, two.test:8443"}}) {
    const HttpRequestHead head = Head(
        host, "",
        {{"sec-fetch-site", "same-origin"}, {"x-forwarded-host", forwarded}});
    const Provenance from =
        set_.Place(head, FindRequestSource(head, proxy, false, trusted));
    EXPECT_EQ(from.site, two_) << host << " and " << forwarded;
    EXPECT_EQ(from.page_host, "two.test:8443");
  }
  const HttpRequestHead nobodys =
      Head("shop.test", "",
           {{"sec-fetch-site", "same-origin"},
            {"x-forwarded-host", "one.test, shop.test"}});
  EXPECT_FALSE(
      set_.Place(nobodys, FindRequestSource(nobodys, proxy, false, trusted))
          .cookie_login)
      << "a host that is no site's";
}

TEST_F(SiteSetTest, WithoutAnOriginACookieCountsOnlyFromTheSameOrigin) {
  const Provenance plain = Place(set_, Head("one.test:8000"));
  EXPECT_EQ(plain.site, one_) << "the port is the broker's";
  EXPECT_FALSE(plain.cookie_login);
  for (const auto& [value, allowed] :
       {std::pair("same-origin", true), std::pair("same-site", false),
        std::pair("cross-site", false)}) {
    const Provenance from =
        Place(set_, Head("one.test", "", {{"sec-fetch-site", value}}));
    EXPECT_EQ(from.site, one_);
    EXPECT_EQ(from.cookie_login, allowed) << value;
  }
  const Provenance nobody =
      Place(set_, Head("evil.test", "", {{"sec-fetch-site", "same-origin"}}));
  EXPECT_EQ(nobody.site, set_.own());
  EXPECT_FALSE(nobody.cookie_login);
}

TEST_F(SiteSetTest, HostsAreHeldWithTheirPortFirst) {
  EXPECT_EQ(Place(set_, Head("Two.test:8443")).site, two_);
  EXPECT_EQ(Place(set_, Head("two.test")).site, set_.own());
  EXPECT_EQ(Place(set_, Head("[::1]:8000")).site, two_);
  EXPECT_EQ(Place(set_, Head("[::1]")).site, two_);
}

TEST_F(SiteSetTest, AnOriginOfTheOperatorsGetsTheBrokersOwnSite) {
  const Provenance from = Place(set_, Head("one.test", "https://app.test"));
  EXPECT_EQ(from.site, set_.own());
  EXPECT_FALSE(from.cookie_login) << "whose cookie would it be?";
}

TEST(SiteSetWithoutSitesTest, AnOriginMustEqualTheHost) {
  const SiteSet set(Own(), {}, {});
  EXPECT_EQ(Place(set, Head("a.test:8000", "http://a.test:8000")).site,
            set.own());
  EXPECT_EQ(Place(set, Head("a.test:8000", "http://b.test:8000")).site,
            nullptr);
  EXPECT_EQ(Place(set, Head("a.test:8000", "null")).site, nullptr);
}

TEST(SiteSetWithoutSitesTest, InsecureTakesEverybody) {
  const SiteSet set(Own(true), {}, {});
  for (const char* origin : {"http://evil.test", "null", "x"}) {
    const Provenance from = Place(set, Head("a.test", origin));
    EXPECT_EQ(from.site, set.own()) << origin;
    EXPECT_FALSE(from.cookie_login);
  }
}

TEST_F(SiteSetTest, FindsByKeyNumberAndApiKey) {
  EXPECT_EQ(set_.FindKey("two"), two_);
  EXPECT_EQ(set_.FindKey("three"), nullptr);
  EXPECT_EQ(set_.FindKey(""), nullptr) << "the broker's own has no key";
  EXPECT_EQ(set_.FindId(1), one_);
  EXPECT_EQ(set_.FindId(0), set_.own());
  EXPECT_EQ(set_.FindId(3), nullptr);
  EXPECT_EQ(set_.FindApiKey("other-key-of-two"), two_);
  EXPECT_EQ(set_.FindApiKey("key-of-"), nullptr);
  EXPECT_EQ(set_.FindApiKey(""), nullptr);
}

}  // namespace
}  // namespace rt
