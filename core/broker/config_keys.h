// The table of all configuration keys: name, type, range, documentation and
// place in Config. The file's reader, the environment, the flags, `config
// default` and the documentation's test all walk this one table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "broker/config.h"

namespace rt {

enum class KeyType {
  kString,
  kAddress,  // ADDRESS:PORT; as a string
  kPath,     // begins with "/"; of a URL
  kBool,
  kInteger,
  kSize,      // bytes; "64KiB" too
  kDuration,  // "25s"
  kLogLevel,
  kTlsVersion,  // "1.2" or "1.3"; as a string
  kStrings,
  kAddresses,
  kOrigins,    // SCHEME://HOST[:PORT] each
  kRanges,     // IP addresses and ranges of them
  kTlsListen,  // as kAddresses, and there may be none
  kNamespace,  // one namespace's options: a table
  kNamespaces,
};

// Where a key lives in a Config; the function's type says what it holds.
using KeyPlace =
    std::variant<std::string* (*)(Config*),
                 std::vector<std::string>* (*)(Config*), bool* (*)(Config*),
                 int64_t* (*)(Config*), LogLevel* (*)(Config*),
                 std::optional<NamespaceOptions>* (*)(Config*),
                 std::vector<NamespaceOptions>* (*)(Config*)>;

struct ConfigKey {
  const char* name;  // dotted: sections, then the key
  KeyType type;
  KeyPlace place;
  int64_t min;  // of integers, sizes and durations; 0 is always allowed where
  int64_t max;  // `zero` says what it means
  const char* zero;           // what 0 or the empty string means; may be null
  const char* documentation;  // whole sentences
  bool secret;                // no flag: arguments are seen by every user
};

[[nodiscard]] std::span<const ConfigKey> ConfigKeys();
[[nodiscard]] const ConfigKey* FindConfigKey(std::string_view name);
[[nodiscard]] std::vector<std::string> ConfigKeyNames();

// Its documentation with what 0, nothing or absence means.
[[nodiscard]] std::string DescribeConfigKey(const ConfigKey& key);

// DRUPALRT_CLIENT_PING_INTERVAL for client.ping_interval.
[[nodiscard]] std::string EnvironmentName(const ConfigKey& key);
// --client-ping-interval; empty where the key has no flag. `sites`: --site.
[[nodiscard]] std::string FlagName(const ConfigKey& key);

// What a source may hold before it is known to fit: namespaces are JSON text.
struct JsonText {
  std::string text;
};
using ConfigValue =
    std::variant<bool, int64_t, double, std::string, std::vector<std::string>,
                 JsonText, std::vector<JsonText>>;

// Checks and stores. The error's message is what was expected: "expected a
// duration such as …"; who calls says where and which key. Only mistakes
// inside namespaces name their own path: "channel.namespaces[0].name: …".
Status AssignConfigValue(const ConfigKey& key, const ConfigValue& value,
                         Config* config);

// From the environment or a flag: lists are several texts.
Status AssignConfigTexts(const ConfigKey& key,
                         const std::vector<std::string>& texts, Config* config);

// "KEY: MESSAGE", or MESSAGE alone where it names its own path.
[[nodiscard]] std::string DescribeMistake(const ConfigKey& key,
                                          const std::string& message);

// The key's value in `config` as TOML; for namespaces "" where there is none.
[[nodiscard]] std::string ConfigValueToml(const ConfigKey& key, Config config);

}  // namespace rt
