// Where a native login could say something else than Drupal about a session
// or its account: one test each. Those of sites and roles are in
// site_traps_test.cc; that hooks run before the commit, and what happens
// outside of a transaction, is the module's to know (tests/php).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/db/small_site.h"
#include "drupal/cookie_name.h"

namespace rt {
namespace {

class Traps : public SmallSite {
 protected:
  Traps() { MakeTables(); }
};

// --- Cookies ----------------------------------------------------------------

TEST_F(Traps, TheCookieIsRawUrlDecodedBeforeItIsHashed) {
  MakeSessions();
  SignIn("a,b", 5, "i:5;");
  EXPECT_EQ(Ask("SESS=a%2Cb")->uid, 5u);
  EXPECT_EQ(Ask("SESS=a%2cb")->uid, 5u);
  EXPECT_EQ(Ask("SESS=a,b")->uid, 5u);
  EXPECT_EQ(Ask("SESS=a%252Cb")->uid, 0u);
  SignIn("a+b", 5, "i:5;");
  EXPECT_EQ(Ask("SESS=a+b")->uid, 5u) << "a plus sign is no space";
}

TEST_F(Traps, ThePortIsInDrupalSevensCookieNameAndNotInLaterOnes) {
  login_.cookies_http.clear();
  const auto names = [&](const std::string& host) {
    return CookieNames(login_, host, false);
  };
  EXPECT_EQ(names("example.test:8080"), names("example.test"));
  login_.schema = 7;
  EXPECT_NE(names("example.test:8080"), names("example.test"));
}

TEST_F(Traps, DrupalSevenPutsADotBeforeWww) {
  CookieNameInput input;
  input.schema = 7;
  input.host = "www.example.com";
  EXPECT_EQ(SessionCookieName(input),
            SessionCookieNameOf(".www.example.com", false));
  input.schema = 10;
  EXPECT_EQ(SessionCookieName(input),
            SessionCookieNameOf("www.example.com", false));
}

TEST_F(Traps, TheCookieIsNamedAfterTheSitesHostAndNotTheBrokers) {
  login_.cookies_http.clear();
  login_.hosts = {"www.example.test"};
  MakeSessions();
  SignIn("x", 5, "i:5;");
  const std::string cookie =
      SessionCookieNameOf("www.example.test", false) + "=x";
  EXPECT_EQ((*Look(cookie, "www.example.test:8080", false))->uid, 5u);
  EXPECT_EQ((*Look(cookie, "", false))->uid, 5u);
  EXPECT_EQ((*Look(cookie, "rt.example.test", false))->reason, "no cookie");
}

TEST_F(Traps, TheLengthOfASessionIdVariesAndIsNoReasonToRefuseIt) {
  MakeSessions();
  for (const size_t length : {1, 22, 26, 32, 43, 48, 128, 256}) {
    const std::string id(length, 'v');
    SignIn(id, 5, "i:5;");
    EXPECT_EQ(Ask("SESS=" + id)->uid, 5u) << length;
  }
  EXPECT_EQ(Ask("SESS=" + std::string(257, 'v'))->reason,
            "no session id in the cookie");
}

// --- Sessions ---------------------------------------------------------------

TEST_F(Traps, AFreshSiteWithoutASessionsTableHasNoSessions) {
  EXPECT_EQ(Ask("SESS=x")->reason, "no session row");
  MakeSessions();
  SignIn("y", 5, "s:1:\"5\";");
  EXPECT_EQ(Ask("SESS=y")->uid, 5u);
}

TEST_F(Traps, ANulByteInSessionDataOfSqlitesTypeTextDoesNotCutItShort) {
  MakeSessions();
  Execute("INSERT INTO sessions VALUES (0, '" + HashBase64("x") +
          "', 1, CAST('a|s:3:\"x' || X'00' || 'y\";"
          "_sf2_attributes|a:1:{s:3:\"uid\";i:5;}' AS TEXT));");
  EXPECT_EQ(Ask("SESS=x")->uid, 5u);
}

TEST_F(Traps, AKeyOfAnotherCaseIsAnotherSession) {
  MakeSessions(" COLLATE NOCASE");  // as MySQL would answer
  std::string key = HashBase64("x");
  for (char& c : key) c = static_cast<char>(toupper(c));
  ASSERT_NE(key, HashBase64("x"));
  Execute("INSERT INTO sessions VALUES (5, '" + key +
          "', 1, '_sf2_attributes|a:1:{s:3:\"uid\";i:5;}');");
  EXPECT_EQ(Ask("SESS=x")->reason, "no session row");
}

TEST_F(Traps, TheDataOfASessionCountsAndNotItsColumn) {
  MakeSessions();
  SignIn("x", 1, "s:1:\"5\";");
  EXPECT_EQ(Ask("SESS=x")->uid, 5u);
  SignIn("y", 5, "i:0;");
  EXPECT_EQ(Ask("SESS=y")->uid, 0u);
}

TEST_F(Traps, TheColumnOfDrupalSevensSessionCountsAndNotItsData) {
  MakeDrupalSeven();
  Execute("INSERT INTO sessions VALUES (5, '" + HashBase64("x") +
          "', '', '_sf2_attributes|a:1:{s:3:\"uid\";i:1;}');");
  EXPECT_EQ(Ask("SESS=x")->uid, 5u);
}

TEST_F(Traps, NoTimeStampIsTooOldButARowThatIsGoneIsALogout) {
  MakeSessions();
  SignIn("x", 5, "i:5;");  // of 1970
  const IdentityPtr who = Ask("SESS=x");
  EXPECT_EQ(who->uid, 5u);
  Execute("DELETE FROM sessions;");  // Drupal's garbage collection
  Answer answer;
  service_.Recheck(site_, who->session_key, false, answer.callback());
  EXPECT_EQ((*answer.Get())->reason, "no session row");
}

TEST_F(Traps, SessionsOfOtherHandlersAndSerializersAreNotGuessedAt) {
  login_.session_handler = "Acme\\MongoDbSessionHandler";
  MakeSessions();
  SignIn("x", 5, "i:5;");
  auto refused = Look("SESS=x", "", false);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kDenied);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("tokens"));

  login_.session_handler = SiteLogin::kCoreHandler;
  login_.serializer = "igbinary";
  site_ = nullptr;
  refused = Look("SESS=x", "", false);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, testing::HasSubstr("igbinary"));
}

TEST_F(Traps, DrupalSevenMayStoreIdsUnhashed) {
  MakeDrupalSeven();
  SignInToSeven(5, "raw-id", "");
  SignInToSeven(5, HashBase64("hashed-id"), "");
  EXPECT_EQ(Ask("SESS=hashed-id")->uid, 5u);
  EXPECT_EQ(Ask("SESS=raw-id")->uid, 0u);

  login_.hashed_ids = false;
  site_ = nullptr;
  const IdentityPtr who = Ask("SESS=raw-id");
  EXPECT_EQ(who->uid, 5u);
  EXPECT_EQ(who->session_key, HashBase64("raw-id")) << "never the id itself";
  EXPECT_EQ(Ask("SESS=hashed-id")->uid, 0u);
  Answer again;
  service_.Recheck(site_, who->session_key, false, again.callback());
  EXPECT_EQ((*again.Get())->uid, 5u);
  EXPECT_TRUE(Sweep(who).empty());
  Execute("DELETE FROM sessions;");
  EXPECT_EQ(Sweep(who).size(), 1u);
}

TEST_F(Traps, DrupalSevenFindsSessionsOfHttpsByAColumnOfTheirOwn) {
  MakeDrupalSeven();
  SignInToSeven(5, HashBase64("x"), "");
  SignInToSeven(5, HashBase64("y"), HashBase64("y"));
  EXPECT_EQ(Ask("SSESS=x", true)->uid, 0u);
  EXPECT_EQ(Ask("SSESS=y", true)->uid, 5u);
}

TEST_F(Traps, AnInsecureCookieNeverSignsInOverHttpsInMixedMode) {
  MakeDrupalSeven();
  login_.mixed_mode = true;
  // One session, found by either cookie under its own scheme.
  SignInToSeven(5, HashBase64("insecure"), HashBase64("secure"));
  EXPECT_EQ(Ask("SESS=insecure")->uid, 5u);
  EXPECT_EQ(Ask("SSESS=secure; SESS=insecure", true)->uid, 5u);
  // Drupal then looks for an anonymous session only.
  EXPECT_EQ(Ask("SESS=insecure", true)->uid, 0u);
  EXPECT_EQ(Ask("SSESS=gone; SESS=insecure", true)->uid, 0u);
  EXPECT_EQ(Ask("SSESS=insecure", true)->uid, 0u);
}

TEST_F(Traps, SeveralUsersSessionsOfOneIdAreNobodys) {
  MakeDrupalSeven();
  login_.mixed_mode = true;
  Execute("INSERT INTO users VALUES (6, 'member', 1);");
  SignInToSeven(5, HashBase64("x"), HashBase64("one"));
  SignInToSeven(6, HashBase64("x"), HashBase64("two"));
  EXPECT_EQ(Ask("SESS=x")->reason, "several users' sessions of one id");
  SignInToSeven(5, HashBase64("y"), HashBase64("one more"));
  SignInToSeven(5, HashBase64("y"), "");
  const IdentityPtr who = Ask("SESS=y");
  EXPECT_EQ(who->uid, 5u);
  EXPECT_TRUE(Sweep(who).empty());
  SignInToSeven(6, HashBase64("y"), HashBase64("another"));
  const auto changes = Sweep(who);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].identity->reason, "several users' sessions of one id");
}

TEST_F(Traps, AnOlderCookieOfTheOtherSchemeIsNotLookedAt) {
  login_.cookies_https = {"SSESS"};
  MakeSessions();
  SignIn("x", 5, "i:5;");
  EXPECT_EQ(Ask("SESS=x", true)->reason, "no cookie");
}

// --- Accounts ---------------------------------------------------------------

TEST_F(Traps, ABlockFromTheCommandLineLeavesTheSessionAndCountsAllTheSame) {
  MakeSessions();
  SignIn("x", 5, "i:5;");
  EXPECT_EQ(Ask("SESS=x")->uid, 5u);
  Execute("UPDATE users_field_data SET status = 0;");
  EXPECT_EQ(Ask("SESS=x")->reason, "blocked");
  Execute("UPDATE users_field_data SET status = NULL;");
  EXPECT_EQ(Ask("SESS=x")->reason, "blocked");
}

TEST_F(Traps, ADeletedUserLeavesTheSessionAndIsNobody) {
  MakeSessions();
  SignIn("x", 5, "i:5;");
  Execute("DELETE FROM users_field_data;");
  EXPECT_EQ(Ask("SESS=x")->reason, "no such account");
}

TEST_F(Traps, OnlyTheDefaultTranslationOfAnAccountCounts) {
  MakeSessions();
  Execute(
      "INSERT INTO users_field_data VALUES (6, 'de', 'x', 1, 0);"
      "INSERT INTO users_field_data VALUES (5, 'de', 'x', 0, 0);");
  SignIn("five", 5, "i:5;");
  SignIn("six", 6, "i:6;");
  EXPECT_EQ(Ask("SESS=five")->name, "editor");
  EXPECT_EQ(Ask("SESS=six")->reason, "no such account");
}

}  // namespace
}  // namespace rt
