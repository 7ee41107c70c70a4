#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/link_frame.h"

namespace rt {
namespace {

using std::string_literals::operator""s;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::string Body(std::string_view data, std::string_view options = "") {
  std::string body;
  AppendPublishBody({"node:7"}, 0, data, options, &body);
  return body;
}

std::string ErrorOf(const Result<LinkPublish>& result) {
  if (result.ok()) return "";
  EXPECT_EQ(result.error().code, ErrorCode::kInvalid);
  return result.error().message;
}

TEST(LinkPublish, IsDrawnAsInItsHeader) {
  std::string body;

  AppendPublishBody({"a:1", "b"}, kLinkDelta, "[1]", "{}", &body);

  EXPECT_EQ(body, "\x02\0\x02\0\x03\0\0\0\x03\0a:1\x01\0b[1]{}"s);
}

TEST(LinkPublish, CarriesChannelsDataAndOptions) {
  std::string body;
  AppendPublishBody({"node:7", "site"}, kLinkSkipHistory | kLinkDelta,
                    R"({"n":12345678901234567890123})",
                    R"({"tags":{"lang":"de","kind":"page"},
                        "idempotency_key":"k-1","version":18446744073709551615,
                        "version_epoch":"e","exclude":"client"})",
                    &body);

  const Result<LinkPublish> publish = ParsePublishFrame(body);

  ASSERT_TRUE(publish.ok()) << publish.error().message;
  EXPECT_TRUE(publish->skip_history);
  EXPECT_TRUE(publish->delta);
  EXPECT_THAT(publish->channels, ElementsAre("node:7", "site"));
  EXPECT_EQ(publish->data, R"({"n":12345678901234567890123})");
  EXPECT_THAT(publish->tags,
              ElementsAre(Pair("kind", "page"), Pair("lang", "de")));
  EXPECT_EQ(publish->idempotency_key, "k-1");
  EXPECT_EQ(publish->version, UINT64_MAX);
  EXPECT_EQ(publish->version_epoch, "e");
  EXPECT_EQ(publish->exclude, "client");
}

TEST(LinkPublish, NeedsNoOptions) {
  const std::string body = Body("null");

  const Result<LinkPublish> publish = ParsePublishFrame(body);

  ASSERT_TRUE(publish.ok());
  EXPECT_FALSE(publish->skip_history);
  EXPECT_EQ(publish->data, "null");
  EXPECT_EQ(publish->version, 0u);
  EXPECT_TRUE(publish->tags.empty());
}

TEST(LinkPublish, RefusesABodyThatDoesNotAddUp) {
  const std::string good = Body("[1]");
  for (size_t bytes = 0; bytes < good.size(); ++bytes) {
    EXPECT_NE(ErrorOf(ParsePublishFrame(good.substr(0, bytes))), "") << bytes;
  }
  EXPECT_THAT(ErrorOf(ParsePublishFrame(good + "x")), HasSubstr("options"));
}

TEST(LinkPublish, RefusesWhatIsOutOfBounds) {
  EXPECT_THAT(ErrorOf(ParsePublishFrame("\0\0\0\0\x01\0\0\0"
                                        "1"s)),
              HasSubstr("0 channels"));
  EXPECT_THAT(ErrorOf(ParsePublishFrame("\x01\x04\0\0\x01\0\0\0"s)),
              HasSubstr("1025 channels"));
  EXPECT_THAT(ErrorOf(ParsePublishFrame("\x01\0\0\0\x01\0\0\0\0\0"
                                        "1"s)),
              HasSubstr("0 bytes"));
  EXPECT_THAT(ErrorOf(ParsePublishFrame("\x01\0\0\0\x01\0\0\0\0\x01"s +
                                        std::string(256, 'a') + "1")),
              HasSubstr("256 bytes"));
  EXPECT_THAT(ErrorOf(ParsePublishFrame("\x01\0\0\0\x01\0\x10\0\x01\0a"s +
                                        std::string((1 << 20) + 1, '1'))),
              HasSubstr("1048577 bytes"));
}

TEST(LinkPublish, TakesAsManyChannelsAsItSays) {
  const std::vector<std::string_view> channels(kLinkMaxChannels, "c");
  std::string body;
  AppendPublishBody(channels, 0, "1", "", &body);

  const Result<LinkPublish> publish = ParsePublishFrame(body);

  ASSERT_TRUE(publish.ok());
  EXPECT_EQ(publish->channels.size(), kLinkMaxChannels);
}

TEST(LinkPublish, RefusesFlagsItDoesNotKnow) {
  std::string flag = Body("1");
  flag[2] = 4;
  std::string reserved = Body("1");
  reserved[3] = 1;
  EXPECT_THAT(ErrorOf(ParsePublishFrame(flag)), HasSubstr("flags"));
  EXPECT_THAT(ErrorOf(ParsePublishFrame(reserved)), HasSubstr("flags"));
}

TEST(LinkPublish, RefusesChannelsThatAreNotUtf8AndDataThatIsNotJson) {
  std::string body;
  AppendPublishBody({"\xff"}, 0, "1", "", &body);
  EXPECT_THAT(ErrorOf(ParsePublishFrame(body)), HasSubstr("UTF-8"));
  EXPECT_THAT(ErrorOf(ParsePublishFrame(Body("{:1}"))), HasSubstr("JSON"));
  EXPECT_THAT(ErrorOf(ParsePublishFrame(Body("1 2"))), HasSubstr("JSON"));
  EXPECT_THAT(ErrorOf(ParsePublishFrame(Body(""))), HasSubstr("JSON"));
}

TEST(LinkPublish, NamesTheOptionThatIsUnknownOrOfAWrongType) {
  const auto error = [](std::string_view options) {
    return ErrorOf(ParsePublishFrame(Body("1", options)));
  };
  EXPECT_THAT(error(R"({"ttl":5})"), HasSubstr("\"ttl\""));
  EXPECT_THAT(error(R"({"version":"5"})"), HasSubstr("\"version\""));
  EXPECT_THAT(error(R"({"version":-1})"), HasSubstr("\"version\""));
  EXPECT_THAT(error(R"({"version":18446744073709551616})"),
              HasSubstr("\"version\""));
  EXPECT_THAT(error(R"({"tags":["a"]})"), HasSubstr("\"tags\""));
  EXPECT_THAT(error(R"({"exclude":"x","tags":{"a":1}})"),
              HasSubstr("\"tags\""));
  EXPECT_THAT(error("[]"), HasSubstr("object"));
  EXPECT_THAT(error("{} {}"), HasSubstr("object"));
}

TEST(LinkHello, SaysWhoIsThere) {
  const Result<LinkHello> hello = ParseHello(
      R"({"version":"0.1.0","protocol":1,"sapi":"fpm-fcgi","pid":7,"x":[]})");

  ASSERT_TRUE(hello.ok());
  EXPECT_EQ(hello->version, "0.1.0");
  EXPECT_EQ(hello->protocol, 1u);
  EXPECT_EQ(hello->sapi, "fpm-fcgi");
  EXPECT_EQ(hello->pid, 7);
}

TEST(LinkHello, RefusesWhatIsNoHello) {
  for (const char* body : {"", "1", "[]", "{", "{\"protocol\":\"1\"}",
                           "{\"version\":1}", "{\"protocol\":-1}"}) {
    EXPECT_FALSE(ParseHello(body).ok()) << body;
  }
}

TEST(LinkSite, CarriesKeyAndSecret) {
  std::string body;
  AppendSiteBody("example", std::string(300, 's'), &body);

  const Result<LinkSite> site = ParseSiteFrame(body);

  ASSERT_TRUE(site.ok());
  EXPECT_EQ(site->key, "example");
  EXPECT_EQ(site->secret, std::string(300, 's'));
}

TEST(LinkSite, MayBeEmpty) {
  const std::string body = "\0\0\0\0"s;

  const Result<LinkSite> site = ParseSiteFrame(body);

  ASSERT_TRUE(site.ok());
  EXPECT_EQ(site->key, "");
  EXPECT_EQ(site->secret, "");
}

TEST(LinkSite, RefusesABodyThatDoesNotAddUp) {
  std::string body;
  AppendSiteBody("key", "secret", &body);

  for (size_t bytes = 0; bytes < body.size(); ++bytes) {
    EXPECT_FALSE(ParseSiteFrame(body.substr(0, bytes)).ok()) << bytes;
  }
  EXPECT_FALSE(ParseSiteFrame(body + "x").ok());
  body[1] = 1;
  EXPECT_FALSE(ParseSiteFrame(body).ok());
}

TEST(LinkCall, NamesAMethodAndKeepsItsParametersVerbatim) {
  const Result<LinkCall> call =
      ParseCall(R"({"params":{"n":1e400, "a":[]},"method":"info","other":1})");

  ASSERT_TRUE(call.ok());
  EXPECT_EQ(call->method, "info");
  EXPECT_EQ(call->params, R"({"n":1e400, "a":[]})");
}

TEST(LinkCall, MayLeaveItsParametersOut) {
  const Result<LinkCall> call = ParseCall(R"({"method":"info"})");

  ASSERT_TRUE(call.ok());
  EXPECT_EQ(call->params, "{}");
}

TEST(LinkCall, RefusesWhatIsNoCall) {
  for (const char* body :
       {"", "{}", "[]", R"({"method":""})", R"({"method":1})",
        R"({"method":"a","params":[]})", R"({"method":"a","params":"{}"})"}) {
    EXPECT_FALSE(ParseCall(body).ok()) << body;
  }
}

}  // namespace
}  // namespace rt
