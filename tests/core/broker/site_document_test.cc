#include "broker/site_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "source_dir.h"

namespace rt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The example of the interface, complete.
const char kExample[] = R"({
  "version": 1,
  "key": "example",
  "secret": "0123456789abcdef0123456789abcdef",
  "api_keys": ["one", "two"],
  "hosts": ["Example.test", "www.example.test:8443"],
  "origins": ["https://EXAMPLE.test:443"],
  "url": "https://example.test/drupalrt",
  "anonymous": false,
  "cookies": {"http": ["SESS01"], "https": ["SSESS01", "SSESS02"]},
  "schema": 10,
  "session": {"handler": "Drupal\\Core\\Session\\SessionHandler",
              "serializer": "php_serialize"},
  "super_user": false,
  "database": {"driver": "sqlite", "path": "/srv/site/.ht.sqlite",
               "prefix": ""},
  "roles": {"editor": {"admin": false, "permissions": ["b", "a"]},
            "boss": {"admin": true}},
  "namespaces": [
    {"name": "chat", "subscribe": "logged-in",
     "publish": {"permission": "post comments"},
     "history_size": 100, "history_ttl": "300s", "presence": true,
     "join_leave": true}
  ]
})";

// The least that is a document, with `more` keys.
std::string Least(const std::string& more = "") {
  return R"({"version": 1, "key": "k", "hosts": ["example.test"])" +
         (more.empty() ? "" : ", " + more) + "}";
}

std::string Namespace(const std::string& options) {
  return Least(R"("namespaces": [{"name": "chat", )" + options + "}]");
}

SiteDocument Parse(const std::string& json) {
  auto parsed = ParseSiteDocument(json);
  EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().message);
  return parsed.ok() ? *parsed : SiteDocument();
}

NamespaceOptions ParseOptions(const std::string& options) {
  const SiteDocument site = Parse(Namespace(options));
  return site.namespaces.empty() ? NamespaceOptions() : site.namespaces[0];
}

std::string MistakeIn(const std::string& json) {
  const auto parsed = ParseSiteDocument(json);
  EXPECT_FALSE(parsed.ok()) << json;
  if (parsed.ok()) return "";
  EXPECT_EQ(parsed.error().code, ErrorCode::kInvalid);
  return parsed.error().message;
}

TEST(SiteDocument, ReadsTheWholeExample) {
  const SiteDocument site = Parse(kExample);
  EXPECT_EQ(site.key, "example");
  EXPECT_EQ(site.secret, "0123456789abcdef0123456789abcdef");
  EXPECT_THAT(site.api_keys, ElementsAre("one", "two"));
  EXPECT_THAT(site.hosts, ElementsAre("example.test", "www.example.test:8443"));
  EXPECT_THAT(site.origins, ElementsAre("https://example.test"));
  EXPECT_EQ(site.url, "https://example.test/drupalrt");
  EXPECT_FALSE(site.anonymous);
  EXPECT_EQ(site.json, kExample);

  const SiteLogin& login = site.login;
  EXPECT_EQ(login.key, "example");
  EXPECT_EQ(login.hosts, site.hosts);
  EXPECT_FALSE(login.anonymous);
  EXPECT_THAT(login.cookies_http, ElementsAre("SESS01"));
  EXPECT_THAT(login.cookies_https, ElementsAre("SSESS01", "SSESS02"));
  EXPECT_EQ(login.schema, 10);
  EXPECT_EQ(login.session_handler, SiteLogin::kCoreHandler);
  EXPECT_EQ(login.serializer, "php_serialize");
  EXPECT_FALSE(login.super_user);
  EXPECT_EQ(login.database.driver, "sqlite");
  EXPECT_EQ(login.database.path, "/srv/site/.ht.sqlite");
  ASSERT_TRUE(login.roles);
  EXPECT_THAT(login.roles->at("editor").permissions.list(),
              ElementsAre("a", "b"));
  EXPECT_TRUE(login.roles->at("boss").admin);
  EXPECT_TRUE(NativeLoginRefused(login).ok());

  ASSERT_EQ(site.namespaces.size(), 1u);
  const NamespaceOptions& chat = site.namespaces[0];
  EXPECT_EQ(chat.name, "chat");
  EXPECT_EQ(chat.subscribe.Describe(), "logged-in");
  EXPECT_EQ(chat.publish.Describe(), "permission \"post comments\"");
  EXPECT_EQ(chat.presence_for.Describe(), "logged-in");
  EXPECT_EQ(chat.history_for.Describe(), "logged-in");
  EXPECT_EQ(chat.history_size, 100u);
  EXPECT_EQ(chat.history_ttl_ms, 300'000);
  EXPECT_TRUE(chat.presence);
  EXPECT_TRUE(chat.join_leave);
}

TEST(SiteDocument, HasItsDefaultsWhereItIsSilent) {
  const SiteDocument site = Parse(Least());
  EXPECT_EQ(site.secret, "");
  EXPECT_TRUE(site.anonymous);
  EXPECT_THAT(site.origins,
              ElementsAre("http://example.test", "https://example.test"));
  EXPECT_TRUE(site.login.super_user);
  EXPECT_FALSE(site.login.roles);
  EXPECT_EQ(site.login.serializer, "php");
  EXPECT_THAT(NativeLoginRefused(site.login).error().message,
              HasSubstr("no database"));
}

TEST(SiteDocument, TakesNoOriginAtAllWhereItSaysSo) {
  EXPECT_TRUE(Parse(Least(R"("origins": [])")).origins.empty());
}

TEST(SiteDocument, IsRefusedWithThePlaceAndTheNearestKey) {
  EXPECT_EQ(MistakeIn(Namespace(R"("history_tll": "5m")")),
            "$.namespaces[0].history_tll: unknown key (did you mean "
            "\"history_ttl\"?)");
  EXPECT_EQ(MistakeIn(Least(R"("superuser": true)")),
            "$.superuser: unknown key (did you mean \"super_user\"?)");
  EXPECT_EQ(MistakeIn(Least(R"("quite other": 1)")),
            "$[\"quite other\"]: unknown key");
}

TEST(SiteDocument, IsRefusedWhereAPartIsMissing) {
  EXPECT_EQ(MistakeIn(R"({"key": "k", "hosts": ["a"]})"),
            "$.version: is missing");
  EXPECT_EQ(MistakeIn(R"({"version": 1, "hosts": ["a"]})"),
            "$.key: is missing");
  EXPECT_EQ(MistakeIn(R"({"version": 1, "key": "k"})"), "$.hosts: is missing");
  EXPECT_EQ(MistakeIn(Least(R"("database": {"driver": "sqlite"})")),
            "$.database.path: is missing");
  EXPECT_EQ(MistakeIn(Least(R"("session": {"serializer": "php"})")),
            "$.session.handler: is missing");
  EXPECT_EQ(MistakeIn(Least(R"("namespaces": [{"subscribe": "owner"}])")),
            "$.namespaces[0].name: is missing");
}

TEST(SiteDocument, IsRefusedWhereATypeIsWrong) {
  EXPECT_EQ(MistakeIn(Least(R"("anonymous": "yes")")),
            "$.anonymous: expected true or false, found a string");
  EXPECT_EQ(MistakeIn(Least(R"("origins": "https://example.test")")),
            "$.origins: expected a list, found a string");
  EXPECT_EQ(MistakeIn(Least(R"("api_keys": ["a", 1])")),
            "$.api_keys[1]: expected a string, found a number");
  EXPECT_EQ(MistakeIn(Least(R"("cookies": [])")),
            "$.cookies: expected an object, found a list");
  EXPECT_EQ(MistakeIn(Namespace(R"("history_size": 1.5)")),
            "$.namespaces[0].history_size: expected a whole number from 0 to "
            "1000000, found a number with a fraction");
  EXPECT_EQ(MistakeIn(Namespace(R"("history_ttl": 300)")),
            "$.namespaces[0].history_ttl: expected a duration such as "
            "\"300s\", \"5m\" or \"24h\", found a number");
  EXPECT_EQ(MistakeIn("[]"), "$: expected an object, found a list");
}

TEST(SiteDocument, IsRefusedWhereAValueCannotBe) {
  EXPECT_THAT(MistakeIn(R"({"version": 2, "key": "k", "hosts": ["a"]})"),
              HasSubstr("$.version: expected a whole number from 1 to 1"));
  EXPECT_THAT(MistakeIn(R"({"version": 1, "key": "a b", "hosts": ["a"]})"),
              HasSubstr("$.key: expected 1 to 64"));
  EXPECT_THAT(MistakeIn(R"({"version": 1, "key": "k", "hosts": []})"),
              HasSubstr("$.hosts: expected at least one"));
  EXPECT_THAT(MistakeIn(R"({"version": 1, "key": "k", "hosts": ["h://x"]})"),
              HasSubstr("$.hosts[0]: expected a Host header"));
  EXPECT_THAT(MistakeIn(Least(R"("schema": 8)")), HasSubstr("$.schema:"));
  EXPECT_THAT(MistakeIn(Least(R"("url": "example.test")")),
              HasSubstr("$.url:"));
  EXPECT_THAT(MistakeIn(Least(R"("origins": ["*"])")),
              HasSubstr("$.origins[0]: expected scheme and host"));
  EXPECT_THAT(MistakeIn(Least(R"("database": {"driver": "sqlit"})")),
              HasSubstr("did you mean \"sqlite\"?"));
}

TEST(SiteDocument, NeverRepeatsASecretThatIsTooShort) {
  const std::string mistake = MistakeIn(Least(R"("secret": "hunter")"));
  EXPECT_EQ(mistake, "$.secret: expected at least 32 characters");
}

TEST(SiteDocument, IsRefusedWhereAKeyIsThereTwice) {
  EXPECT_EQ(MistakeIn(Least(R"("anonymous": true, "anonymous": false)")),
            "$.anonymous: is there twice");
  EXPECT_EQ(MistakeIn(Least(R"("namespaces": [{"name": "aa"}, {"name":
            "aa"}])")),
            "$.namespaces[1].name: there is another namespace of this name");
}

TEST(SiteDocument, IsRefusedWhereItIsNoJson) {
  EXPECT_THAT(MistakeIn(""), HasSubstr("$: not JSON"));
  EXPECT_THAT(MistakeIn("{"), HasSubstr("$: not JSON"));
  EXPECT_THAT(MistakeIn(Least() + "x"), HasSubstr("$: not JSON"));
  EXPECT_THAT(MistakeIn("{\"key\": \"\xff\"}"), HasSubstr("$: not JSON"));
}

TEST(SiteDocument, ReadsADatabaseServer) {
  const SiteDocument site = Parse(Least(
      R"("database": {"driver": "pgsql", "host": "db", "port": 5433,
      "database": "d", "username": "u", "password": "p", "prefix": "x_",
      "schema": "s", "tls": {"ca": "/ca.pem", "verify": false}})"));
  const DatabaseConfig& database = site.login.database;
  EXPECT_EQ(database.driver, "pgsql");
  EXPECT_EQ(database.host, "db");
  EXPECT_EQ(database.port, 5433);
  EXPECT_EQ(database.prefix, "x_");
  EXPECT_EQ(database.schema, "s");
  EXPECT_TRUE(database.tls);
  EXPECT_FALSE(database.tls_verify);
  EXPECT_EQ(database.tls_ca, "/ca.pem");
  EXPECT_TRUE(NativeLoginRefused(site.login).ok());
}

TEST(SiteDocument, ReadsADatabaseOfEveryDriverOfDrupals) {
  for (const char* driver : {"mysql", "mysqli", "pgsql"}) {
    const SiteDocument site = Parse(
        Least(R"("database": {"driver": ")" + std::string(driver) +
              R"(", "socket": "/run/db", "database": "d", "username": "u"})"));
    EXPECT_EQ(site.login.database.driver, driver);
    EXPECT_EQ(site.login.database.socket, "/run/db");
    EXPECT_TRUE(NativeLoginRefused(site.login).ok()) << driver;
  }
}

TEST(SiteDocument, TakesNoNulByteWhereALibraryWouldEnd) {
  EXPECT_EQ(MistakeIn(Least(
                R"("database": {"driver": "pgsql", "database": "d",
                "username": "u", "password": "a\u0000b"})")),
            "$.database: there is a NUL byte in it");
}

TEST(SiteDocument, ReadsDrupalSevensPrefixesByTable) {
  const std::string database =
      R"("database": {"driver": "mysql", "database": "d", "username": "u",
      "prefix": {"default": "a_", "users": "b_"}})";
  const SiteDocument site = Parse(Least(R"("schema": 7, )" + database));
  EXPECT_EQ(site.login.database.prefix, "a_");
  EXPECT_EQ(site.login.database.table_prefixes.at("users"), "b_");
  EXPECT_EQ(site.login.session_handler, "drupal7");
  EXPECT_EQ(MistakeIn(Least(database)),
            "$.database.prefix: expected a string, found an object");
}

TEST(SiteDocument, ReadsRulesWithinRules) {
  const NamespaceOptions options = ParseOptions(
      R"("subscribe": {"any": ["owner", {"all": [{"role": "editor"},
      {"permission": "edit"}]}]}, "publish": "token")");
  EXPECT_EQ(options.subscribe.Describe(),
            "any of (owner, all of (role \"editor\", permission \"edit\"))");
  EXPECT_EQ(options.publish.Describe(), "token");
}

TEST(SiteDocument, LetsNobodyButTheServerInUnlessItSaysSo) {
  const NamespaceOptions options = ParseOptions(R"("presence": true)");
  EXPECT_EQ(options.subscribe.kind, Rule::Kind::kServer);
  EXPECT_EQ(options.publish.kind, Rule::Kind::kServer);
  EXPECT_EQ(options.history_for.kind, Rule::Kind::kServer);
}

TEST(SiteDocument, SaysWhatIsWrongWithARule) {
  EXPECT_THAT(MistakeIn(Namespace(R"("subscribe": "everybody")")),
              HasSubstr("$.namespaces[0].subscribe: expected \"everyone\""));
  EXPECT_THAT(MistakeIn(Namespace(R"("subscribe": {"any": []})")),
              HasSubstr("subscribe.any: expected 1 to 64 rules"));
  EXPECT_THAT(MistakeIn(Namespace(R"("subscribe": {"any": ["owner", 1]})")),
              HasSubstr("subscribe.any[1]: expected"));
  EXPECT_THAT(MistakeIn(Namespace(R"("subscribe": {"permision": "x"})")),
              HasSubstr("did you mean \"permission\"?"));
  EXPECT_THAT(
      MistakeIn(Namespace(R"("subscribe": {"role": "a", "permission": "b"})")),
      HasSubstr("subscribe: expected"));
  std::string deep = R"("owner")";
  for (int i = 0; i < 9; ++i) deep = R"({"any": [)" + deep + "]}";
  EXPECT_THAT(MistakeIn(Namespace(R"("subscribe": )" + deep)),
              HasSubstr("too deeply"));
}

TEST(SiteDocument, TakesCentrifugosSpellingsOfTheRules) {
  const auto publish = [](const std::string& options) {
    return ParseOptions(options).publish.Describe();
  };
  EXPECT_EQ(publish(R"("allow_publish_for_client": true)"), "logged-in");
  EXPECT_EQ(publish(R"("allow_publish_for_client": true,
                       "allow_publish_for_anonymous": true)"),
            "everyone");
  EXPECT_EQ(publish(R"("allow_publish_for_subscriber": true)"),
            "all of (logged-in, subscriber)");
  EXPECT_EQ(publish(R"("allow_publish_for_subscriber": true,
                       "allow_publish_for_anonymous": true)"),
            "subscriber");
  EXPECT_EQ(publish(R"("allow_publish_for_anonymous": true)"), "server only");
  EXPECT_EQ(ParseOptions(R"("allow_subscribe_for_client": true)")
                .subscribe.Describe(),
            "logged-in");
  EXPECT_EQ(ParseOptions(R"("subscribe": "everyone",
                            "allow_history_for_client": false)")
                .history_for.Describe(),
            "server only");
}

TEST(SiteDocument, TakesOneSpellingOfARuleAtATime) {
  EXPECT_THAT(MistakeIn(Namespace(R"("publish": "owner",
                                     "allow_publish_for_client": true)")),
              HasSubstr("give one of them"));
}

TEST(SiteDocument, ReadsDurationsAsGoWritesThem) {
  const auto ttl = [](const std::string& text) {
    return ParseOptions(R"("history_size": 1, "history_ttl": ")" + text + "\"")
        .history_ttl_ms;
  };
  EXPECT_EQ(ttl("300s"), 300'000);
  EXPECT_EQ(ttl("5m"), 300'000);
  EXPECT_EQ(ttl("24h"), 86'400'000);
  EXPECT_EQ(ttl("1h30m"), 5'400'000);
  EXPECT_EQ(ttl("500ms"), 500);
  EXPECT_THAT(MistakeIn(Namespace(R"("history_ttl": "-5s")")),
              HasSubstr("expected a duration"));
}

TEST(SiteDocument, TakesNoHalfHistoryAndNoRecoveryWithoutOne) {
  EXPECT_THAT(MistakeIn(Namespace(R"("history_size": 10)")),
              HasSubstr("history_ttl: history needs both"));
  EXPECT_THAT(MistakeIn(Namespace(R"("history_ttl": "5m")")),
              HasSubstr("history_size: history needs both"));
  EXPECT_THAT(MistakeIn(Namespace(R"("force_recovery": true)")),
              HasSubstr("force_recovery: recovery needs history"));
}

TEST(SiteDocument, KnowsTheWordsOfItsOptions) {
  const NamespaceOptions options = ParseOptions(
      R"("history_size": 1, "history_ttl": "1m", "force_recovery": true,
      "force_recovery_mode": "cache", "allowed_delta_types": ["fossil"],
      "delta_publish": true, "publication_data_format": "json_object")");
  EXPECT_EQ(options.force_recovery_mode, "cache");
  EXPECT_THAT(options.allowed_delta_types, ElementsAre("fossil"));
  EXPECT_EQ(options.publication_data_format, "json_object");
  EXPECT_THAT(MistakeIn(Namespace(R"("force_recovery_mode": "cach")")),
              HasSubstr("did you mean \"cache\"?"));
  EXPECT_THAT(MistakeIn(Namespace(R"("allowed_delta_types": ["xdelta"])")),
              HasSubstr("\"fossil\""));
}

TEST(SiteDocument, TakesAPermissionWithoutAName) {
  const SiteDocument site =
      Parse(Least(R"("roles": {"odd": {"permissions": ["", "ünï \"q\""]}})"));
  EXPECT_TRUE(site.login.roles->at("odd").permissions.Contains(""));
}

TEST(SiteDocument, TakesKeysOfTokens) {
  const SiteDocument site = Parse(Least(
      R"("previous_secret": "old", "tokens": {"hmac_secret_key": "a",
      "hmac_previous_secret_key": "b", "audience": "c", "issuer": "d",
      "jwks": {"keys": [{"kty": "OKP", "crv": "Ed25519",
      "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}})"));
  EXPECT_EQ(site.previous_secret, "old");
  EXPECT_EQ(site.tokens.hmac_secret, "a");
  EXPECT_EQ(site.tokens.previous_hmac_secret, "b");
  EXPECT_EQ(site.tokens.audience, "c");
  EXPECT_EQ(site.tokens.issuer, "d");
  EXPECT_THAT(site.tokens.jwks_json, HasSubstr("Ed25519"));
}

TEST(SiteDocument, SaysWhichKeyOfTokensIsNone) {
  EXPECT_THAT(MistakeIn(Least(R"("tokens": {"rsa_public_key": "x"})")),
              HasSubstr("$.tokens: rsa_public_key: expected a public key"));
  EXPECT_THAT(MistakeIn(Least(R"("tokens": {"jwks": []})")),
              HasSubstr("$.tokens: jwks: expected a key set"));
  EXPECT_THAT(MistakeIn(Least(R"("tokens": {"jwks": "keys.json"})")),
              HasSubstr("$.tokens: jwks: expected a key set"));
  EXPECT_THAT(MistakeIn(Least(R"("tokens": {"hmac_secret": "x"})")),
              HasSubstr("$.tokens.hmac_secret: unknown key"));
}

// Every key of an object in the schema is known where the document has it:
// null is then a wrong type, not an unknown key.
void ExpectKnown(simdjson::dom::element schema, const std::string& before,
                 const std::string& after) {
  for (const auto field : schema["properties"].get_object()) {
    const std::string key(field.key);
    const auto parsed =
        ParseSiteDocument(before + "\"" + key + "\": null" + after);
    ASSERT_FALSE(parsed.ok()) << key;
    EXPECT_THAT(parsed.error().message, testing::Not(HasSubstr("unknown key")));
  }
}

TEST(SiteDocument, KnowsEveryKeyOfItsPublishedSchema) {
  simdjson::dom::parser parser;
  const simdjson::dom::element schema =
      parser.load(InSource("doc/site.schema.json")).value();
  const auto parts = schema["$defs"].value();
  const auto of = schema["properties"].value();
  const std::string least = R"({"version": 1, "key": "k", "hosts": ["a"], )";
  ExpectKnown(schema, "{", "}");
  ExpectKnown(parts["namespace"].value(), least + R"("namespaces": [{)", "}]}");
  ExpectKnown(parts["database"].value(), least + R"("database": {)", "}}");
  ExpectKnown(of["session"].value(), least + R"("session": {)", "}}");
  ExpectKnown(parts["redis_store"].value(),
              least + R"("session": {"handler": "redis", "store": {)", "}}}");
  ExpectKnown(parts["memcached_store"].value(),
              least + R"("session": {"handler": "memcached", "store": {)",
              "}}}");
  ExpectKnown(of["cookies"].value(), least + R"("cookies": {)", "}}");
  ExpectKnown(of["tokens"].value(), least + R"("tokens": {)", "}}");
  ExpectKnown(of["limits"].value(), least + R"("limits": {)", "}}");
  ExpectKnown(of["subscriptions"]["items"].value(),
              least + R"("subscriptions": [{)", "}]}");
}

TEST(SiteDocument, HasLimitsOfItsOwn) {
  const std::string least = R"({"version": 1, "key": "k", "hosts": ["a"])";
  const auto none = ParseSiteDocument(least + "}");
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(none->limits, SiteLimits());

  const auto some = ParseSiteDocument(
      least + R"(, "limits": {"connection_limit": 7, "channel_limit": 3}})");
  ASSERT_TRUE(some.ok());
  EXPECT_EQ(some->limits.connection_limit, 7);
  EXPECT_EQ(some->limits.channel_limit, 3);

  const auto zero =
      ParseSiteDocument(least + R"(, "limits": {"channel_limit": 0}})");
  ASSERT_FALSE(zero.ok());
  EXPECT_THAT(zero.error().message, HasSubstr("$.limits.channel_limit"));
}

TEST(SiteLimits, TheLowerOfTwoBoundsHolds) {
  EXPECT_EQ(LowerLimit(0, 0), 0);
  EXPECT_EQ(LowerLimit(5, 0), 5);
  EXPECT_EQ(LowerLimit(0, 5), 5);
  EXPECT_EQ(LowerLimit(7, 5), 5);
  const RateLimit own = LowerLimit(RateLimit{10, 20}, RateLimit{2, 0});
  EXPECT_EQ(own.rate, 2);
  EXPECT_EQ(own.burst, 0) << "not the other's burst";
}

TEST(Origin, IsComparedInLowerCaseAndWithoutADefaultPort) {
  EXPECT_EQ(*NormalizeOrigin("HTTP://Example.Test:80"), "http://example.test");
  EXPECT_EQ(*NormalizeOrigin("https://a.test:8443"), "https://a.test:8443");
  EXPECT_EQ(*NormalizeOrigin("http://[::1]:8080"), "http://[::1]:8080");
  for (const char* wrong :
       {"", "null", "example.test", "https://", "https://a.test/",
        "https://a.test/x", "https://u@a.test", "https://a.test:0",
        "https://a.test:99999", "://a", "https://a b", "https://[::1"}) {
    EXPECT_FALSE(NormalizeOrigin(wrong).ok()) << wrong;
  }
}

TEST(NamespaceJson, ReadsOneNamespaceForTheBrokersOwnConfiguration) {
  const auto options = ParseNamespaceJson(
      R"({"name": "chat", "allow_subscribe_for_client": true})",
      "channel.namespaces[0]");
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->name, "chat");

  const auto wrong = ParseNamespaceJson("{}", "channel.namespaces[0]");
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().message, "channel.namespaces[0].name: is missing");
}

TEST(NamespaceJson, ReadsOneWithoutANameWhereItHasNone) {
  EXPECT_TRUE(ParseNamespaceJson(R"({"presence": true})", "w", false).ok());
  EXPECT_FALSE(ParseNamespaceJson(R"({"name": "chat"})", "w", false).ok());
}

}  // namespace
}  // namespace rt
