#include "broker/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/config_keys.h"
#include "core/broker/temp_dir.h"

namespace rt {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// For each key two values that are none of its default: for a file and, as
// text, for the environment or a flag. What they become in TOML, too.
struct Sample {
  const char* toml;
  std::vector<std::string> texts;
  const char* from_toml;
  const char* from_texts;
};

Sample SampleOf(const ConfigKey& key) {
  switch (key.type) {
    case KeyType::kString:
      return {"\"one\"", {"two"}, "\"one\"", "\"two\""};
    case KeyType::kAddress:
      return {"\"127.0.0.1:1\"", {"[::1]:2"}, "\"127.0.0.1:1\"", "\"[::1]:2\""};
    case KeyType::kPath:
      return {"\"/one\"", {"/two"}, "\"/one\"", "\"/two\""};
    case KeyType::kBool:
      return {"true", {"yes"}, "true", "true"};
    case KeyType::kInteger:
      return {"7", {"9"}, "7", "9"};
    case KeyType::kSize:
      return {"8192", {"16KiB"}, "\"8KiB\"", "\"16KiB\""};
    case KeyType::kDuration:
      return {"\"3s\"", {"4000ms"}, "\"3s\"", "\"4s\""};
    case KeyType::kLogLevel:
      return {"\"debug\"", {"off"}, "\"debug\"", "\"off\""};
    case KeyType::kStrings:
      return {"[\"a\", \"b\"]", {"c", "d"}, "[\"a\", \"b\"]", "[\"c\", \"d\"]"};
    case KeyType::kAddresses:
      return {"[\"[::1]:1\"]",
              {"127.0.0.1:2"},
              "[\"[::1]:1\"]",
              "[\"127.0.0.1:2\"]"};
    case KeyType::kOrigins:
      return {"[\"https://a.test\"]",
              {"http://b.test:81"},
              "[\"https://a.test\"]",
              "[\"http://b.test:81\"]"};
    case KeyType::kRanges:
      return {"[\"10.0.0.0/8\"]", {"::1"}, "[\"10.0.0.0/8\"]", "[\"::1\"]"};
    case KeyType::kTlsListen:
      return {"[\"[::1]:1\"]",
              {"127.0.0.1:2"},
              "[\"[::1]:1\"]",
              "[\"127.0.0.1:2\"]"};
    case KeyType::kTlsVersion:
      return {"\"1.3\"", {"1.3"}, "\"1.3\"", "\"1.3\""};
    default:
      return {nullptr, {}, nullptr, nullptr};
  }
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ",") + text;
  return all;
}

class ConfigTest : public ::testing::Test {
 protected:
  // The values with which a key's own check meets no other key's.
  ConfigTest() {
    Write(
        "client.pong_timeout = \"1s\"\nclient.ping_interval = \"30s\"\n"
        "trusted_proxies = [\"192.0.2.1\"]\n"
        "tls = {listen = [\"127.0.0.1:8443\"], cert = \"c\", key = \"k\"}\n");
  }

  void Write(const std::string& toml) {
    sources_.file = dir_.Write("c.toml", toml);
  }

  Config Load() {
    Result<LoadedConfig> loaded = LoadConfig(sources_);
    EXPECT_TRUE(loaded.ok()) << loaded.error().message;
    warnings_ = loaded->warnings;
    return loaded->config;
  }

  std::string Mistake() {
    const Result<LoadedConfig> loaded = LoadConfig(sources_);
    return loaded ? "no mistake" : loaded.error().message;
  }

  // The message without the folder's name.
  std::string MistakeIn(const std::string& toml) {
    Write(toml);
    std::string message = Mistake();
    const std::string folder = dir_.path() + "/";
    for (size_t at; (at = message.find(folder)) != std::string::npos;) {
      message.erase(at, folder.size());
    }
    return message;
  }

  TempDir dir_;
  ConfigSources sources_;
  std::vector<std::string> warnings_;
};

TEST_F(ConfigTest, IsCompleteWithoutAnySource) {
  sources_ = {};

  const Config config = Load();

  EXPECT_THAT(config.listen, ElementsAre("127.0.0.1:8000"));
  EXPECT_EQ(config.internal, "127.0.0.1:8001");
  EXPECT_GE(config.worker_count(), 1);
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(ConfigTest, ReadsEveryKeyFromTheFile) {
  for (const ConfigKey& key : ConfigKeys()) {
    const Sample sample = SampleOf(key);
    if (sample.toml == nullptr) continue;
    SCOPED_TRACE(key.name);
    sources_.environment = {{"DRUPALRT_CLIENT_PONG_TIMEOUT", "1s"},
                            {"DRUPALRT_TRUSTED_PROXIES", "192.0.2.1"},
                            {"DRUPALRT_TLS_LISTEN", "127.0.0.1:8443"},
                            {"DRUPALRT_TLS_CERT", "c"},
                            {"DRUPALRT_TLS_KEY", "k"}};
    sources_.environment.erase(EnvironmentName(key));
    Write(std::string(key.name) + " = " + sample.toml);

    EXPECT_EQ(ConfigValueToml(key, Load()), sample.from_toml);
  }
}

TEST_F(ConfigTest, ReadsEveryKeyFromTheEnvironmentOverTheFile) {
  for (const ConfigKey& key : ConfigKeys()) {
    const Sample sample = SampleOf(key);
    if (sample.toml == nullptr) continue;
    SCOPED_TRACE(key.name);
    sources_.environment = {{EnvironmentName(key), Joined(sample.texts)}};

    EXPECT_EQ(ConfigValueToml(key, Load()), sample.from_texts);
  }
}

TEST_F(ConfigTest, ReadsEveryKeyFromItsFlag) {
  for (const ConfigKey& key : ConfigKeys()) {
    const Sample sample = SampleOf(key);
    if (sample.toml == nullptr || FlagName(key).empty()) continue;
    SCOPED_TRACE(key.name);
    sources_.flags = {{key.name, sample.texts}};

    EXPECT_EQ(ConfigValueToml(key, Load()), sample.from_texts);
  }
}

TEST_F(ConfigTest, PrefersFlagToEnvironmentToFileToDefault) {
  Write("client.channel_limit = 1\nidentity.threads = 1\nworkers = 1\n");
  sources_.environment = {{"DRUPALRT_IDENTITY_THREADS", "2"},
                          {"DRUPALRT_WORKERS", "2"}};
  sources_.flags = {{"workers", {"3"}}};

  const Config config = Load();

  EXPECT_EQ(config.client.channel_limit, 1);
  EXPECT_EQ(config.identity.threads, 2);
  EXPECT_EQ(config.workers, 3);
  EXPECT_EQ(config.client.ping_interval_ms, 25'000);
}

TEST_F(ConfigTest, TakesTheEmptyStringForAnInternalAddressOnTheListener) {
  sources_.environment = {{"DRUPALRT_INTERNAL", ""}};

  EXPECT_EQ(Load().internal, "");
}

TEST_F(ConfigTest, ReadsNamespaces) {
  Write(
      "[channel.without_namespace]\n"
      "presence = true\n"
      "[[channel.namespaces]]\n"
      "name = \"chat\"\n"
      "history_size = 100\n"
      "history_ttl = \"300s\"\n"
      "[[channel.namespaces]]\n"
      "name = \"news\"\n");

  const Config config = Load();

  ASSERT_TRUE(config.without_namespace.has_value());
  EXPECT_TRUE(config.without_namespace->presence);
  ASSERT_EQ(config.namespaces.size(), 2u);
  EXPECT_EQ(config.namespaces[0].name, "chat");
  EXPECT_EQ(config.namespaces[0].history_ttl_ms, 300'000);
  EXPECT_EQ(config.namespaces[1].name, "news");
}

TEST_F(ConfigTest, ReadsNamespacesFromTheEnvironmentAsJson) {
  sources_.environment = {
      {"DRUPALRT_CHANNEL_NAMESPACES", R"([{"name":"chat","presence":true}])"},
      {"DRUPALRT_CHANNEL_WITHOUT_NAMESPACE", R"({"presence":true})"}};

  const Config config = Load();

  ASSERT_EQ(config.namespaces.size(), 1u);
  EXPECT_TRUE(config.namespaces[0].presence);
  EXPECT_TRUE(config.without_namespace.has_value());
}

TEST_F(ConfigTest, NamesFileLineKeyAndTheNearestKey) {
  EXPECT_EQ(MistakeIn("workers = 1\n\n[client]\nping_intervall = \"3s\"\n"),
            "c.toml:4: client.ping_intervall: no such key (did you mean "
            "\"client.ping_interval\"?)");
  EXPECT_EQ(MistakeIn("ping_interval = \"3s\"\n"),
            "c.toml:1: ping_interval: no such key (did you mean "
            "\"client.ping_interval\"?)");
  EXPECT_EQ(MistakeIn("[clients]\n"),
            "c.toml:1: clients: no such key (did you mean \"client\"?)");
}

TEST_F(ConfigTest, SaysWhatWasExpected) {
  EXPECT_EQ(MistakeIn("workers = \"many\""),
            "c.toml:1: workers: expected a whole number from 1 to 256, or 0 "
            "(one per core)");
  EXPECT_EQ(MistakeIn("insecure = 1"),
            "c.toml:1: insecure: expected true or false");
  EXPECT_THAT(MistakeIn("client.ping_interval = 25"),
              HasSubstr("expected a duration such as \"25s\""));
  EXPECT_THAT(MistakeIn("client.queue_max_size = \"1kB\""),
              HasSubstr("from 4KiB to 1GiB"));
  EXPECT_THAT(MistakeIn("listen = \"127.0.0.1:8000\""),
              HasSubstr("expected a list of texts"));
  EXPECT_THAT(MistakeIn("listen = []"), HasSubstr("at least one"));
  EXPECT_THAT(MistakeIn("listen = [\"nowhere\"]"), HasSubstr("ADDRESS:PORT"));
  EXPECT_THAT(MistakeIn("log.level = \"loud\""), HasSubstr("debug, info"));
  EXPECT_THAT(MistakeIn("test_echo = \"echo\""), HasSubstr("begins with"));
  EXPECT_THAT(MistakeIn("client = 1"), HasSubstr("c.toml:1: client: expected"));
  EXPECT_THAT(MistakeIn("client.allowed_origins = [\"example.test\"]"),
              HasSubstr("SCHEME://HOST"));
}

TEST_F(ConfigTest, SaysWhatGoesTogether) {
  EXPECT_THAT(MistakeIn("trusted_proxies = [\"10.0.0.1/8\"]"),
              HasSubstr("\"10.0.0.0/8\" instead of \"10.0.0.1/8\""));
  EXPECT_THAT(MistakeIn("trusted_proxies = [\"proxy.test\"]"),
              HasSubstr("expected an address or a range"));
  EXPECT_THAT(MistakeIn("proxy_protocol = true"),
              HasSubstr("connections from trusted_proxies"));
  EXPECT_THAT(MistakeIn("tls.min_version = \"1.1\""),
              HasSubstr("expected \"1.2\" or \"1.3\""));
  EXPECT_THAT(MistakeIn("tls.min_version = \"\""), HasSubstr("expected"));
  EXPECT_THAT(MistakeIn("tls.listen = [\"127.0.0.1:8443\"]\ntls.key = \"k\""),
              HasSubstr("tls.cert: tls.listen needs a certificate"));
  EXPECT_THAT(MistakeIn("tls.listen = [\"127.0.0.1:8443\"]\ntls.cert = \"c\""),
              HasSubstr("tls.key: tls.listen needs the certificate's key"));
  EXPECT_THAT(MistakeIn("tls.cert = \"c\""),
              HasSubstr("tls.listen names no address"));
  EXPECT_THAT(MistakeIn("tls = {listen = [\"127.0.0.1:8000\"], cert = \"c\", "
                        "key = \"k\"}"),
              HasSubstr("is also an address of listen"));
  EXPECT_THAT(MistakeIn("tls = {listen = [\"127.0.0.1:8001\"], cert = \"c\", "
                        "key = \"k\"}"),
              HasSubstr("is also an address of internal"));
}

TEST_F(ConfigTest, RefusesNumbersOutOfTheirRange) {
  for (const char* toml :
       {"workers = -1", "workers = 257", "channel.max_length = 256",
        "channel.max_length = 0", "client.queue_max_size = 4095",
        "client.stale_close_delay = \"0s\"", "identity.threads = 0",
        "client.channel_limit = 1.5", "workers = 2020-01-01"}) {
    EXPECT_THAT(MistakeIn(toml), HasSubstr("c.toml:1: ")) << toml;
  }
}

TEST_F(ConfigTest, NamesEveryMistakeInTheFilesOrder) {
  EXPECT_EQ(MistakeIn("workers = -1\ninsecure = 1\nzzz = 1\nfoo = 1\n"),
            "c.toml:1: workers: expected a whole number from 1 to 256, or 0 "
            "(one per core)\n"
            "c.toml:2: insecure: expected true or false\n"
            "c.toml:3: zzz: no such key\n"
            "c.toml:4: foo: no such key");
}

TEST_F(ConfigTest, NamesTheLineInsideANamespace) {
  EXPECT_THAT(MistakeIn("[[channel.namespaces]]\n"
                        "name = \"chat\"\n"
                        "\n"
                        "[[channel.namespaces]]\n"
                        "name = \"news\"\n"
                        "history_sice = 3\n"),
              ::testing::AllOf(
                  HasSubstr("c.toml:6: channel.namespaces[1].history_sice: "),
                  HasSubstr("history_size")));
  EXPECT_THAT(MistakeIn("[channel.without_namespace]\npresense = true\n"),
              HasSubstr("c.toml:2: channel.without_namespace.presense: "));
}

TEST_F(ConfigTest, RefusesANamespaceTwice) {
  EXPECT_THAT(MistakeIn("[[channel.namespaces]]\nname = \"chat\"\n"
                        "[[channel.namespaces]]\nname = \"chat\"\n"),
              HasSubstr("c.toml:4: channel.namespaces[1].name: \"chat\" is "
                        "there twice"));
}

TEST_F(ConfigTest, NamesTheLineOfWhatIsNotToml) {
  EXPECT_THAT(MistakeIn("workers = 1\nlisten = [\n"),
              HasSubstr("c.toml:2: not TOML: "));
  EXPECT_THAT(MistakeIn("workers = 1\nworkers = 2\n"),
              HasSubstr("c.toml:2: not TOML: "));
}

TEST_F(ConfigTest, NamesAFileThatIsNotThere) {
  sources_.file = dir_.path("absent.toml");

  EXPECT_THAT(Mistake(),
              HasSubstr("absent.toml: cannot be read: No such file"));

  sources_.file = dir_.path();
  EXPECT_THAT(Mistake(), HasSubstr("cannot be read: Is a directory"));
}

TEST_F(ConfigTest, NamesTheVariableAndTheFlagOfAMistake) {
  sources_.environment = {{"DRUPALRT_WORKERS", "x"}};
  EXPECT_THAT(Mistake(), HasSubstr("environment variable DRUPALRT_WORKERS: "
                                   "workers: expected a whole number"));

  sources_.environment.clear();
  sources_.flags = {{"workers", {"-3"}}};
  EXPECT_THAT(Mistake(), HasSubstr("flag --workers: workers: expected"));
}

TEST_F(ConfigTest, WarnsOfAVariableThatIsNoKey) {
  sources_.environment = {{"DRUPALRT_WORKRES", "2"}, {"PATH", "/bin"}};

  EXPECT_EQ(Load().workers, 0);
  EXPECT_THAT(warnings_,
              ElementsAre("environment variable DRUPALRT_WORKRES is no "
                          "configuration key (did you mean "
                          "\"DRUPALRT_WORKERS\"?)"));
}

TEST_F(ConfigTest, WantsPongsWithinThePingInterval) {
  EXPECT_EQ(MistakeIn("[client]\npong_timeout = \"25s\"\n"),
            "c.toml:2: client.pong_timeout: client.pong_timeout must be less "
            "than client.ping_interval");
  EXPECT_THAT(MistakeIn("client.ping_interval = \"1500ms\""),
              HasSubstr("whole seconds"));
  Write("client.ping_interval = \"0s\"");
  EXPECT_EQ(Load().client.ping_interval_ms, 0);
}

TEST_F(ConfigTest, RefusesTheInternalAddressAmongTheListeners) {
  EXPECT_THAT(MistakeIn("internal = \"127.0.0.1:8000\""),
              HasSubstr("c.toml:1: internal: is also an address of listen"));
}

TEST_F(ConfigTest, DocumentsDefaultsThatLoadBack) {
  Write(DefaultConfigToml());

  const Config config = Load();

  for (const ConfigKey& key : ConfigKeys()) {
    EXPECT_EQ(ConfigValueToml(key, config), ConfigValueToml(key, Config{}))
        << key.name;
    const std::string name = key.name;
    EXPECT_THAT(DefaultConfigToml(),
                HasSubstr(name.substr(name.rfind('.') + 1)));
  }
  EXPECT_FALSE(config.without_namespace.has_value());
  EXPECT_THAT(config.namespaces, IsEmpty());
}

TEST_F(ConfigTest, DocumentsExamplesOfNamespacesThatLoad) {
  std::string toml = DefaultConfigToml();
  bool inside = false;
  std::string uncommented;
  for (size_t start = 0; start < toml.size();) {
    const size_t end = toml.find('\n', start);
    std::string line = toml.substr(start, end - start);
    if (line.starts_with("# [")) inside = true;
    if (!line.starts_with("# ")) inside = false;
    uncommented += (inside ? line.substr(2) : line) + "\n";
    start = end + 1;
  }
  Write(uncommented);

  const Config config = Load();

  EXPECT_TRUE(config.without_namespace.has_value());
  EXPECT_EQ(config.namespaces.size(), 1u);
}

TEST_F(ConfigTest, GivesSecretsNoFlag) {
  EXPECT_EQ(FlagName(*FindConfigKey("http_api.key")), "");
  EXPECT_EQ(FlagName(*FindConfigKey("client.token.hmac_secret_key")), "");
  EXPECT_EQ(FlagName(*FindConfigKey("sites")), "--site");
  EXPECT_EQ(FlagName(*FindConfigKey("test_echo")), "--test-echo");
}

}  // namespace
}  // namespace rt
