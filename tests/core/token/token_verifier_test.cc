// Claims: what a token grants, from when until when, and to whom.
#include "token/token_verifier.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "core/token/signing.h"
#include "token/token_minter.h"

namespace rt {
namespace {

constexpr int64_t kNow = 1'700'000'000;
constexpr char kSecret[] = "thirty-two letters, or a few more";

std::shared_ptr<const TokenVerifier> Verifier(std::string audience = "",
                                              std::string issuer = "") {
  TokenOptions options;
  options.hmac_secret = kSecret;
  options.audience = std::move(audience);
  options.issuer = std::move(issuer);
  return *TokenVerifier::Make(options);
}

TokenVerdict<ConnectionClaims> Connection(const std::string& claims) {
  return Verifier()->VerifyConnection(test::TokenBy("HS256", kSecret, claims),
                                      kNow);
}

TokenVerdict<SubscriptionClaims> Subscription(const std::string& claims) {
  return Verifier()->VerifySubscription(test::TokenBy("HS256", kSecret, claims),
                                        kNow);
}

std::string WhyNot(const std::string& claims) {
  const auto verdict = Connection(claims);
  EXPECT_EQ(verdict.why.empty(), verdict.fault == TokenFault::kNone);
  return verdict.why;
}

// --- Time -------------------------------------------------------------------

TEST(TokenVerifier, AnEndThatHasComeIsExpiredAndNothingElse) {
  EXPECT_EQ(Connection(R"({"exp":1700000001})").fault, TokenFault::kNone);
  for (const char* claims :
       {R"({"exp":1700000000})", R"({"exp":1699999999})", R"({"exp":0})",
        R"({"exp":-5})", R"({"exp":1699999999.9})",
        R"({"exp":1700000060,"expire_at":1700000000})",
        R"({"expire_at":-1})"}) {
    const auto verdict = Connection(claims);
    EXPECT_EQ(verdict.fault, TokenFault::kExpired) << claims;
    EXPECT_EQ(verdict.why, "it has expired") << claims;
  }
}

TEST(TokenVerifier, ExpiredMeansGoodButForThat) {
  const std::string token =
      test::TokenBy("HS256", "another secret", R"({"exp":1})");
  EXPECT_EQ(Verifier()->VerifyConnection(token, kNow).fault,
            TokenFault::kInvalid);
  EXPECT_EQ(Connection(R"({"exp":1,"sub":7})").fault, TokenFault::kInvalid);
  EXPECT_EQ(Connection(R"({"exp":1,"channel":"a:b"})").fault,
            TokenFault::kInvalid);
  EXPECT_EQ(Verifier("here")
                ->VerifyConnection(
                    test::TokenBy("HS256", kSecret, R"({"exp":1})"), kNow)
                .fault,
            TokenFault::kInvalid);
}

TEST(TokenVerifier, ExpireAtSaysWhenTheConnectionEnds) {
  EXPECT_EQ(Connection("{}").claims.expire_at_s, 0);
  EXPECT_EQ(Connection(R"({"exp":1700000060})").claims.expire_at_s,
            1'700'000'060);
  EXPECT_EQ(Connection(R"({"exp":1700000060,"expire_at":1700009999})")
                .claims.expire_at_s,
            1'700'009'999);
  const auto forever = Connection(R"({"exp":1700000060,"expire_at":0})");
  EXPECT_EQ(forever.fault, TokenFault::kNone);
  EXPECT_EQ(forever.claims.expire_at_s, 0);
  // The token itself has an end all the same.
  EXPECT_EQ(Connection(R"({"exp":1699999999,"expire_at":0})").fault,
            TokenFault::kExpired);
}

TEST(TokenVerifier, NotBeforeIsWaitedFor) {
  EXPECT_EQ(WhyNot(R"({"nbf":1700000001})"), "it is not good yet");
  EXPECT_EQ(WhyNot(R"({"nbf":1700000000})"), "");
}

TEST(TokenVerifier, ATimeIsANumberOfSeconds) {
  for (const std::string name : {"exp", "nbf", "iat", "expire_at"}) {
    for (const char* value : {"\"1800000000\"", "true", "[]", "1e300", "-1e300",
                              "9223372036854775807"}) {
      EXPECT_EQ(WhyNot("{\"" + name + "\":" + value + "}"),
                "the claim \"" + name + "\" is no number of seconds since 1970")
          << value;
    }
    EXPECT_EQ(WhyNot("{\"" + name + "\":null}"), "");
  }
  EXPECT_EQ(Connection(R"({"exp":1.8e9})").claims.expire_at_s, 1'800'000'000);
}

// --- Who, for whom, from whom -----------------------------------------------

TEST(TokenVerifier, AUserIsAString) {
  EXPECT_EQ(Connection(R"({"sub":"42"})").claims.user, "42");
  EXPECT_EQ(Connection(R"({"sub":""})").claims.user, "");
  EXPECT_EQ(Connection("{}").claims.user, "");
  EXPECT_EQ(WhyNot(R"({"sub":42})"),
            "the claim \"sub\" is no string (numbers need quotes, too)");
  const std::string longest(kMaxTokenNameBytes, 'a');
  EXPECT_EQ(WhyNot("{\"sub\":\"" + longest + "\"}"), "");
  EXPECT_EQ(WhyNot("{\"sub\":\"" + longest + "a\"}"),
            "the claim \"sub\" is longer than 255 bytes");
  EXPECT_EQ(WhyNot("{\"jti\":\"" + longest + "a\"}"),
            "the claim \"jti\" is longer than 255 bytes");
}

TEST(TokenVerifier, AnAudienceIsOneOrAList) {
  const auto why = [](const std::string& claims) {
    return Verifier("here")
        ->VerifyConnection(test::TokenBy("HS256", kSecret, claims), kNow)
        .why;
  };
  EXPECT_EQ(why(R"({"aud":"here"})"), "");
  EXPECT_EQ(why(R"({"aud":["there","here"]})"), "");
  for (const char* claims :
       {"{}", R"({"aud":"there"})", R"({"aud":["there"]})", R"({"aud":[]})",
        R"({"aud":7})", R"({"aud":{"here":1}})", R"({"aud":"her"})"}) {
    EXPECT_EQ(why(claims), "it is not for this audience") << claims;
  }
}

TEST(TokenVerifier, AnIssuerIsTheVeryOne) {
  const auto why = [](const std::string& claims) {
    return Verifier("", "site")
        ->VerifyConnection(test::TokenBy("HS256", kSecret, claims), kNow)
        .why;
  };
  EXPECT_EQ(why(R"({"iss":"site"})"), "");
  EXPECT_EQ(why(R"({"iss":"Site"})"), "it is not from this issuer");
  EXPECT_EQ(why("{}"), "it is not from this issuer");
}

TEST(TokenVerifier, TheTwoKindsAreNotTakenForEachOther) {
  const std::string with = R"({"sub":"1","channel":"a:b"})";
  const std::string without = R"({"sub":"1"})";
  EXPECT_EQ(Connection(with).why, TokenVerifier::kIsSubscription);
  EXPECT_EQ(Subscription(with).why, "");
  EXPECT_EQ(Connection(without).why, "");
  EXPECT_EQ(Subscription(without).why,
            "it is no subscription token: it names no channel");
  EXPECT_EQ(Subscription(R"({"channel":""})").why,
            "it is no subscription token: it names no channel");
}

// --- What comes along -------------------------------------------------------

TEST(TokenVerifier, InfoAndMetaAreJsonAsItStands) {
  const auto verdict =
      Connection(R"({"info":{"name":"m"},"meta":[1],"jti":"x","iat":5})");
  EXPECT_EQ(verdict.claims.info, R"({"name":"m"})");
  EXPECT_EQ(verdict.claims.meta, "[1]");
  EXPECT_EQ(verdict.claims.id, "x");
  EXPECT_EQ(verdict.claims.issued_at_s, 5);
}

TEST(TokenVerifier, InfoInBase64IsJsonOnOneLine) {
  const auto b64 = [](const std::string& bytes) {
    return "{\"b64info\":\"" + Base64Encode(bytes) + "\"}";
  };
  EXPECT_EQ(Connection(b64("{\"a\":\n\r1}")).claims.info, "{\"a\":1}");
  for (const std::string bytes :
       {"no JSON", "{\"a\":1}\n{\"b\":1}", "\"\xff\"", ""}) {
    EXPECT_EQ(WhyNot(b64(bytes)), "the claim \"b64info\" is not JSON in base64")
        << bytes;
  }
  EXPECT_EQ(WhyNot(R"({"b64info":"*"})"),
            "the claim \"b64info\" is not JSON in base64");
  EXPECT_EQ(WhyNot(R"({"b64info":7})"),
            "the claim \"b64info\" is not JSON in base64");
}

TEST(TokenVerifier, WhatNestsTooDeepIsRefused) {
  const std::string deep = std::string(600, '[') + std::string(600, ']');
  EXPECT_EQ(WhyNot("{\"info\":" + deep + "}"),
            "the claim \"info\" nests too deep");
  const std::string deeper = std::string(4000, '[') + std::string(4000, ']');
  EXPECT_EQ(WhyNot("{\"other\":" + deeper + "}"),
            "its claims are no JSON object");
}

TEST(TokenVerifier, ChannelsAndSubsAreSubscriptions) {
  const auto verdict =
      Connection(R"({"channels":["a:1","b:2"],"subs":{"b:2":{"info":{"i":1},)"
                 R"("b64data":"WzFd","override":{"presence":{"value":true},)"
                 R"("join_leave":{"value":false}}},"c:3":{}}})");
  ASSERT_EQ(verdict.why, "");
  const auto& subs = verdict.claims.subs;
  ASSERT_EQ(subs.size(), 3U);
  EXPECT_EQ(subs.at("a:1").info, "");
  EXPECT_EQ(subs.at("b:2").info, R"({"i":1})");
  EXPECT_EQ(subs.at("b:2").data, "[1]");
  EXPECT_EQ(subs.at("b:2").overrides.presence, true);
  EXPECT_EQ(subs.at("b:2").overrides.join_leave, false);
  EXPECT_EQ(subs.at("b:2").overrides.force_recovery, std::nullopt);
  EXPECT_EQ(subs.at("c:3").data, "");
}

TEST(TokenVerifier, AsManyChannelsAsAConnectionMayHave) {
  const auto named = [](size_t count) {
    std::string list;
    for (size_t i = 0; i < count; ++i) {
      list += (i == 0 ? "\"a:" : ",\"a:") + std::to_string(i) + "\"";
    }
    return "{\"channels\":[" + list + "]}";
  };
  EXPECT_EQ(Connection(named(128)).claims.subs.size(), 128U);
  EXPECT_EQ(WhyNot(named(129)), "it names more than 128 channels");
}

TEST(TokenVerifier, MistakesInChannelsAreSaid) {
  EXPECT_EQ(WhyNot(R"({"channels":"a:1"})"),
            "the claim \"channels\" is no list");
  EXPECT_EQ(WhyNot(R"({"channels":[1]})"),
            "the claim \"channels\" holds something that is no string");
  EXPECT_EQ(WhyNot(R"({"subs":[]})"), "the claim \"subs\" is no object");
  EXPECT_EQ(WhyNot(R"({"subs":{"a:1":true}})"),
            "the claim \"subs\" maps a channel to what is no object");
  EXPECT_EQ(WhyNot(R"({"subs":{"a:1":{"override":true}}})"),
            "the claim \"override\" is no object");
  EXPECT_EQ(WhyNot(R"({"subs":{"a:1":{"override":{"presence":true}}}})"),
            "the override \"presence\" is neither {\"value\": true} nor "
            "{\"value\": false}");
}

TEST(TokenVerifier, ASubscriptionTokenHasItsOwnClaims) {
  const auto verdict = Subscription(
      R"({"sub":"7","channel":"a:b","client":"c","info":1,"exp":1700000060,)"
      R"("expire_at":1700000030,"jti":"j","iat":3,)"
      R"("override":{"force_recovery":{"value":true}}})");
  ASSERT_EQ(verdict.why, "");
  EXPECT_EQ(verdict.claims.user, "7");
  EXPECT_EQ(verdict.claims.channel, "a:b");
  EXPECT_EQ(verdict.claims.client, "c");
  EXPECT_EQ(verdict.claims.info, "1");
  EXPECT_EQ(verdict.claims.expire_at_s, 1'700'000'030);
  EXPECT_EQ(verdict.claims.id, "j");
  EXPECT_EQ(verdict.claims.issued_at_s, 3);
  EXPECT_EQ(verdict.claims.overrides.force_recovery, true);
}

// --- Shape ------------------------------------------------------------------

TEST(TokenVerifier, OnlyThreePartsInBase64UrlAreAToken) {
  const std::string good = test::TokenBy("HS256", kSecret, "{}");
  const auto why = [](const std::string& token) {
    return Verifier()->VerifyConnection(token, kNow).why;
  };
  EXPECT_EQ(why(good), "");
  EXPECT_EQ(why(""), "it does not have three parts");
  EXPECT_EQ(why("a.b"), "it does not have three parts");
  for (const std::string& token :
       {good + "=", good + ".", good + " ", "\n" + good, good + ".x",
        good.substr(0, good.size() - 1) + "+"}) {
    EXPECT_EQ(why(token), "a part of it is not base64url") << token;
  }
}

TEST(TokenVerifier, ASignatureHasOneSpelling) {
  // The last of 43 letters carries four bits; the other two must be zero.
  const std::string good = test::TokenBy("HS256", kSecret, "{}");
  int good_ones = 0;
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
                                       "nopqrstuvwxyz0123456789-_")) {
    std::string other = good;
    other.back() = c;
    good_ones += Verifier()->VerifyConnection(other, kNow).why.empty() ? 1 : 0;
  }
  EXPECT_EQ(good_ones, 1);
}

TEST(TokenVerifier, HeaderAndClaimsAreObjects) {
  const auto why = [](const std::string& header, const std::string& claims) {
    const std::string text = test::Unsigned(header, claims);
    return Verifier()
        ->VerifyConnection(
            text + "." + Base64UrlEncode(test::HmacOf("HS256", kSecret, text)),
            kNow)
        .why;
  };
  const std::string header = R"({"alg":"HS256"})";
  EXPECT_EQ(why(header, "{}"), "");
  for (const char* bad : {"", "[]", "{", "7", R"({"alg":7})", "{}"}) {
    EXPECT_EQ(why(bad, "{}"), "its header names no algorithm") << bad;
  }
  for (const char* bad :
       {"", "[]", "{", "7", "null", "{}{}", "{\"a\":\"\xff\"}"}) {
    EXPECT_EQ(why(header, bad), "its claims are no JSON object") << bad;
  }
  EXPECT_EQ(why(R"({"alg":"HS256","crit":["b64"],"b64":false})", "{}"),
            "its header has critical parts");
}

TEST(TokenVerifier, WhatIsTooLongIsNotLookedAt) {
  const std::string pad(kMaxTokenBytes, 'a');
  EXPECT_EQ(WhyNot("{\"sub\":\"\",\"x\":\"" + pad + "\"}"), "it is too long");
}

TEST(TokenVerifier, AReasonHoldsNothingOfTheToken) {
  const std::string secret_claim = "do-not-log-me";
  for (const std::string& claims :
       {R"({"sub":[")" + secret_claim + R"("]})",
        R"({"exp":")" + secret_claim + R"("})",
        R"({"channels":[{")" + secret_claim + R"(":1}]})",
        R"({"subs":{")" + secret_claim + R"(":1}})"}) {
    const std::string why = WhyNot(claims);
    EXPECT_NE(why, "");
    EXPECT_EQ(why.find(secret_claim), std::string::npos) << why;
  }
}

// --- Minted by the others ---------------------------------------------------

TEST(TokenVerifier, WhatTheModuleMintsIsGood) {
  // TokenMinter::connection(42, ['name' => 'Méder/1'], 600) in PHP, at kNow.
  const auto connection = Verifier()->VerifyConnection(
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiIsImlhdCI6MTcwMDAwMD"
      "AwMCwiZXhwIjoxNzAwMDAwNjAwLCJpbmZvIjp7Im5hbWUiOiJNw6lkZXIvMSJ9fQ.Yo5EY"
      "ulbqpAmASwB5Wl_Ze9ofFl3Q9RzNsjXqIEORsA",
      kNow);
  EXPECT_EQ(connection.why, "");
  EXPECT_EQ(connection.claims.user, "42");
  EXPECT_EQ(connection.claims.info, R"({"name":"Méder/1"})");
  EXPECT_EQ(connection.claims.issued_at_s, kNow);
  EXPECT_EQ(connection.claims.expire_at_s, kNow + 600);
  // TokenMinter::subscription(0, 'chat:lobby', 600).
  const auto subscription = Verifier()->VerifySubscription(
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIiLCJpYXQiOjE3MDAwMDAwMD"
      "AsImV4cCI6MTcwMDAwMDYwMCwiY2hhbm5lbCI6ImNoYXQ6bG9iYnkifQ.qVGfrfWVHa1OTi"
      "VyND6nWcpKTDRv-PPytFudym0Iajo",
      kNow);
  EXPECT_EQ(subscription.why, "");
  EXPECT_EQ(subscription.claims.user, "");
  EXPECT_EQ(subscription.claims.channel, "chat:lobby");
}

TEST(TokenMinter, WhatItMintsSaysWhatItWasGiven) {
  const TokenSigning signing{kSecret, "here", "site"};
  ConnectionClaims claims;
  claims.user = "4\"2\n";
  claims.expire_at_s = kNow + 60;
  claims.info = R"({"name":"m"})";
  claims.meta = "[1]";
  claims.subs["a:1"];
  claims.subs["b:\"2\""] = {R"({"i":1})", "[2]", {}};
  claims.subs["b:\"2\""].overrides.presence = true;
  claims.subs["b:\"2\""].overrides.force_recovery = false;
  const auto read =
      Verifier("here", "site")
          ->VerifyConnection(MintToken(signing, claims, kNow), kNow);
  ASSERT_EQ(read.why, "");
  EXPECT_EQ(read.claims.user, claims.user);
  EXPECT_EQ(read.claims.expire_at_s, claims.expire_at_s);
  EXPECT_EQ(read.claims.issued_at_s, kNow);
  EXPECT_EQ(read.claims.info, claims.info);
  EXPECT_EQ(read.claims.meta, claims.meta);
  ASSERT_EQ(read.claims.subs.size(), 2U);
  const TokenSubscription& like = read.claims.subs.at("b:\"2\"");
  EXPECT_EQ(like.info, R"({"i":1})");
  EXPECT_EQ(like.data, "[2]");
  EXPECT_EQ(like.overrides.presence, true);
  EXPECT_EQ(like.overrides.force_recovery, false);
  EXPECT_EQ(like.overrides.join_leave, std::nullopt);
}

TEST(TokenMinter, ASubscriptionTokenToo) {
  SubscriptionClaims claims;
  claims.user = "42";
  claims.channel = "a:b";
  claims.client = "c";
  claims.id = "mine";
  claims.info = "7";
  claims.overrides.force_positioning = true;
  const auto read = Verifier()->VerifySubscription(
      MintToken(TokenSigning{kSecret, "", ""}, claims, kNow), kNow);
  ASSERT_EQ(read.why, "");
  EXPECT_EQ(read.claims.user, "42");
  EXPECT_EQ(read.claims.channel, "a:b");
  EXPECT_EQ(read.claims.client, "c");
  EXPECT_EQ(read.claims.id, "mine");
  EXPECT_EQ(read.claims.info, "7");
  EXPECT_EQ(read.claims.expire_at_s, 0);
  EXPECT_EQ(read.claims.overrides.force_positioning, true);
}

TEST(TokenMinter, EachTokenHasAnIdOfItsOwn) {
  const TokenSigning signing{kSecret, "", ""};
  const auto id = [&] {
    return Verifier()
        ->VerifyConnection(MintToken(signing, ConnectionClaims(), kNow), kNow)
        .claims.id;
  };
  const std::string one = id();
  EXPECT_EQ(one.size(), 36U);
  EXPECT_NE(one, id());
}

}  // namespace
}  // namespace rt
