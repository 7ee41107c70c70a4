#include "broker/config.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "broker/config_keys.h"
#include "broker/config_toml.h"
#include "broker/nearest_name.h"

extern char** environ;

namespace rt {

namespace {

constexpr std::string_view kEnvironmentPrefix = "DRUPALRT_";

// Collects values from the weakest source to the strongest, and remembers
// where each key came from for checks that look at two keys.
class Loader {
 public:
  void ReadFile(const std::string& path) {
    if (path.empty()) return;
    ReadConfigToml(path, &loaded_.config, &mistakes_,
                   [this](const ConfigKey& key, const std::string& place) {
                     places_[key.name] = place;
                   });
  }

  void ReadEnvironment(const std::map<std::string, std::string>& variables) {
    std::vector<std::string> known;
    for (const ConfigKey& key : ConfigKeys()) {
      known.push_back(EnvironmentName(key));
    }
    for (const auto& [name, text] : variables) {
      if (!name.starts_with(kEnvironmentPrefix)) continue;
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        loaded_.warnings.push_back("environment variable " + name +
                                   " is no configuration key" +
                                   DidYouMean(name, known));
      }
    }
    for (const ConfigKey& key : ConfigKeys()) {
      const auto found = variables.find(EnvironmentName(key));
      if (found == variables.end()) continue;
      Assign(key, Split(key, found->second),
             "environment variable " + found->first);
    }
  }

  void ReadFlags(const std::map<std::string, std::vector<std::string>>& flags) {
    for (const auto& [name, texts] : flags) {
      const ConfigKey* key = FindConfigKey(name);
      RT_CHECK(key != nullptr && !texts.empty());
      Assign(*key, texts, "flag " + FlagName(*key));
    }
  }

  Result<LoadedConfig> Finish() {
    CheckTogether();
    if (mistakes_.empty()) return std::move(loaded_);
    std::string all;
    for (const std::string& mistake : mistakes_) {
      all += (all.empty() ? "" : "\n") + mistake;
    }
    return Error{ErrorCode::kInvalid, std::move(all)};
  }

 private:
  // A list in one variable is separated by commas.
  static std::vector<std::string> Split(const ConfigKey& key,
                                        const std::string& text) {
    if (!std::holds_alternative<std::vector<std::string>* (*)(Config*)>(
            key.place)) {
      return {text};
    }
    std::vector<std::string> parts;
    size_t start = 0;
    while (start < text.size()) {
      const size_t end = std::min(text.find(',', start), text.size());
      std::string part = text.substr(start, end - start);
      const size_t first = part.find_first_not_of(' ');
      if (first != std::string::npos) {
        parts.push_back(
            part.substr(first, part.find_last_not_of(' ') + 1 - first));
      }
      start = end + 1;
    }
    return parts;
  }

  void Assign(const ConfigKey& key, const std::vector<std::string>& texts,
              const std::string& place) {
    const Status status = AssignConfigTexts(key, texts, &loaded_.config);
    if (!status) {
      mistakes_.push_back(place + ": " +
                          DescribeMistake(key, status.error().message));
    } else {
      places_[key.name] = place;
    }
  }

  void Mistake(const char* key, const std::string& what) {
    const auto found = places_.find(key);
    const std::string place =
        found == places_.end() ? "" : found->second + ": ";
    mistakes_.push_back(place + key + ": " + what);
  }

  // What no key can check alone.
  void CheckTogether() {
    const ClientConfig& client = loaded_.config.client;
    if (client.ping_interval_ms % 1000 != 0) {
      Mistake("client.ping_interval",
              "expected whole seconds: clients are told them as such");
    }
    if (client.ping_interval_ms > 0 &&
        client.pong_timeout_ms >= client.ping_interval_ms) {
      const bool pong_set = places_.contains("client.pong_timeout");
      Mistake(pong_set ? "client.pong_timeout" : "client.ping_interval",
              "client.pong_timeout must be less than client.ping_interval");
    }
    CheckAddresses();
    CheckProxies();
    CheckTls();
  }

  void CheckAddresses() {
    const Config& config = loaded_.config;
    const auto within = [](const std::vector<std::string>& addresses,
                           const std::string& address) {
      return !address.empty() && !address.ends_with(":0") &&
             std::find(addresses.begin(), addresses.end(), address) !=
                 addresses.end();
    };
    if (within(config.listen, config.internal)) {
      Mistake("internal",
              "is also an address of listen: choose another, or "
              "\"\" to put the API on the addresses of listen");
    }
    for (const std::string& address : config.tls.listen) {
      if (!within(config.listen, address) && address != config.internal) {
        continue;
      }
      Mistake("tls.listen",
              address + " is also an address of " +
                  (address == config.internal ? "internal" : "listen") +
                  ": choose another");
    }
  }

  void CheckProxies() {
    if (loaded_.config.proxy_protocol &&
        loaded_.config.trusted_proxies.empty()) {
      Mistake("proxy_protocol",
              "is for connections from trusted_proxies, and there are none");
    }
  }

  void CheckTls() {
    const TlsConfig& tls = loaded_.config.tls;
    if (tls.listen.empty()) {
      if (!tls.certificate_file.empty()) {
        Mistake("tls.cert", "tls.listen names no address for it");
      }
      return;
    }
    if (tls.certificate_file.empty()) {
      Mistake("tls.cert", "tls.listen needs a certificate: name its file");
    }
    if (tls.key_file.empty()) {
      Mistake("tls.key",
              "tls.listen needs the certificate's key: name its "
              "file");
    }
  }

  LoadedConfig loaded_;
  std::vector<std::string> mistakes_;
  std::map<std::string, std::string> places_;
};

}  // namespace

int Config::worker_count() const {
  if (workers > 0) return static_cast<int>(workers);
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    return std::max(1, CPU_COUNT(&allowed));
  }
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

Result<LoadedConfig> LoadConfig(const ConfigSources& sources) {
  Loader loader;
  loader.ReadFile(sources.file);
  loader.ReadEnvironment(sources.environment);
  loader.ReadFlags(sources.flags);
  return loader.Finish();
}

std::map<std::string, std::string> ProcessEnvironment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace rt
