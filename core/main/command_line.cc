#include "main/command_line.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstring>

#include "broker/config_keys.h"
#include "broker/nearest_name.h"
#include "broker/paths.h"
#include "main/commands.h"

namespace rt {

namespace {

// `--name` of each of the App's options.
std::vector<std::string> OptionNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  return names;
}

// The first option of the command line that the App does not have.
std::string UnknownOption(const CLI::App& app, int argc, char** argv) {
  const std::vector<std::string> names = OptionNames(app);
  for (int i = 1; i < argc; ++i) {
    std::string name = argv[i];
    if (name == "--") break;
    if (!name.starts_with("--")) continue;
    name = name.substr(0, name.find('='));
    if (std::find(names.begin(), names.end(), name) == names.end()) return name;
  }
  return {};
}

}  // namespace

void Complain(std::string_view message) {
  while (!message.empty()) {
    const size_t end = std::min(message.find('\n'), message.size());
    fmt::print(stderr, "drupalrtd: {}\n", message.substr(0, end));
    message.remove_prefix(std::min(message.size(), end + 1));
  }
}

bool ParseArguments(CLI::App* app, int argc, char** argv, int* status) {
  try {
    app->parse(argc, argv);
    return true;
  } catch (const CLI::CallForHelp&) {
    std::fputs(app->help().c_str(), stdout);
    *status = kDone;
  } catch (const CLI::ParseError& mistake) {
    const std::string unknown = UnknownOption(*app, argc, argv);
    if (unknown.empty()) {
      Complain(mistake.what());
    } else {
      Complain(fmt::format("{} has no option {}{}", app->get_name(), unknown,
                           DidYouMean(unknown, OptionNames(*app))));
    }
    Complain(fmt::format("see \"{} --help\"", app->get_name()));
    *status = kWrongUsage;
  }
  return false;
}

void ConfigFlags::AddAll(CLI::App* app) {
  app->add_option("--config", file_, "File with the configuration (TOML)")
      ->type_name("FILE");
  for (const ConfigKey& key : ConfigKeys()) {
    if (!FlagName(key).empty()) Add(app, key.name);
  }
}

void ConfigFlags::AddLocation(CLI::App* app) {
  app->add_option("--config", file_, "The broker's configuration file")
      ->type_name("FILE");
  Add(app, "socket");
  Add(app, "state");
}

void ConfigFlags::Add(CLI::App* app, std::string_view name) {
  const ConfigKey* key = FindConfigKey(name);
  RT_CHECK(key != nullptr);
  const std::string flag = FlagName(*key);
  CLI::Option* option = nullptr;
  if (key->type == KeyType::kBool) {
    option = app->add_flag(flag, key->documentation);
  } else {
    option = app->add_option(flag, key->documentation);
    option->allow_extra_args(false)->type_name("VALUE");
    const bool list =
        std::holds_alternative<std::vector<std::string>* (*)(Config*)>(
            key->place);
    option->multi_option_policy(list ? CLI::MultiOptionPolicy::TakeAll
                                     : CLI::MultiOptionPolicy::TakeLast);
  }
  // The main ones on top; the long tail is for the files.
  if (std::strchr(key->name, '.') != nullptr) option->group("More keys");
  options_[key->name] = option;
}

bool ConfigFlags::Load(LoadedConfig* loaded) const {
  ConfigSources sources;
  sources.file = file_;
  sources.environment = ProcessEnvironment();
  for (const auto& [key, option] : options_) {
    if (option->count() > 0) sources.flags[key] = option->results();
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
