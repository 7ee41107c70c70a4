#include "main/command_line.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstring>

#include "broker/config_keys.h"
#include "broker/paths.h"

namespace rt {

void Complain(std::string_view message) {
  while (!message.empty()) {
    const size_t end = std::min(message.find('\n'), message.size());
    fmt::print(stderr, "drupalrtd: {}\n", message.substr(0, end));
    message.remove_prefix(std::min(message.size(), end + 1));
  }
}

void ConfigFlags::AddAll(Arguments* arguments) {
  arguments->Add("--config", &file_, "File with the configuration (TOML)")
      .Called("FILE");
  for (const ConfigKey& key : ConfigKeys()) {
    if (!FlagName(key).empty()) Add(arguments, key.name);
  }
}

void ConfigFlags::AddLocation(Arguments* arguments) {
  arguments->Add("--config", &file_, "The broker's configuration file")
      .Called("FILE");
  Add(arguments, "socket");
  Add(arguments, "state");
}

void ConfigFlags::Add(Arguments* arguments, std::string_view name) {
  const ConfigKey* key = FindConfigKey(name);
  RT_CHECK(key != nullptr);
  const std::string flag = FlagName(*key);
  auto takes = Arguments::Takes::kLastValue;
  if (key->type == KeyType::kBool) {
    takes = Arguments::Takes::kNothing;
  } else if (std::holds_alternative<std::vector<std::string>* (*)(Config*)>(
                 key->place)) {
    takes = Arguments::Takes::kAllValues;
  }
  const Argument option = arguments->Add(flag, takes, key->documentation);
  // The main ones on top; the long tail is for the files.
  if (std::strchr(key->name, '.') != nullptr) option.Group("More keys");
  options_.emplace(key->name, option);
}

bool ConfigFlags::Load(LoadedConfig* loaded) const {
  ConfigSources sources;
  sources.file = file_;
  sources.environment = ProcessEnvironment();
  for (const auto& [key, option] : options_) {
    if (option.given()) sources.flags[key] = option.values();
  }
  Result<LoadedConfig> result = LoadConfig(sources);
  if (!result) {
    Complain(result.error().message);
    return false;
  }
  *loaded = std::move(*result);
  return true;
}

bool LocateBroker(const ConfigFlags& flags, Config* config) {
  LoadedConfig loaded;
  if (!flags.Load(&loaded)) return false;
  *config = std::move(loaded.config);
  const Status found = FindPaths(config, PathRules::OfThisProcess());
  if (!found) Complain(found.error().message);
  return found.ok();
}

}  // namespace rt
