#include "main/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <utility>

#include "broker/nearest_name.h"
#include "main/command_line.h"
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

Argument Argument::Required() const {
  option_->required();
  return *this;
}

Argument Argument::Called(const char* value) const {
  option_->type_name(value);
  return *this;
}

Argument Argument::OneOf(std::vector<std::string> words) const {
  option_->check(CLI::IsMember(std::move(words)));
  return *this;
}

Argument Argument::ShowDefault() const {
  option_->capture_default_str();
  return *this;
}

Argument Argument::Excludes(const Argument& other) const {
  option_->excludes(other.option_);
  return *this;
}

Argument Argument::Group(const char* title) const {
  option_->group(title);
  return *this;
}

bool Argument::given() const { return option_->count() > 0; }

const std::vector<std::string>& Argument::values() const {
  return option_->results();
}

Arguments::Arguments(const char* about, std::string command)
    : app_(std::make_unique<CLI::App>(about, std::move(command))) {}

Arguments::~Arguments() = default;

Argument Arguments::AddFlag(const std::string& name, bool* given,
                            const char* about) {
  return Argument(app_->add_flag(name, *given, about));
}

Argument Arguments::Add(const std::string& name, std::string* value,
                        const char* about) {
  return Argument(app_->add_option(name, *value, about));
}

Argument Arguments::Add(const std::string& name, int* value,
                        const char* about) {
  return Argument(app_->add_option(name, *value, about));
}

Argument Arguments::Add(const std::string& name,
                        std::vector<std::string>* values, const char* about) {
  return Argument(app_->add_option(name, *values, about));
}

Argument Arguments::Add(const std::string& name, Takes takes,
                        const char* about) {
  if (takes == Takes::kNothing) {
    return Argument(app_->add_flag(name)->description(about));
  }
  CLI::Option* option = app_->add_option(name)->description(about);
  option->allow_extra_args(false)->type_name("VALUE")->multi_option_policy(
      takes == Takes::kAllValues ? CLI::MultiOptionPolicy::TakeAll
                                 : CLI::MultiOptionPolicy::TakeLast);
  return Argument(option);
}

bool Arguments::Parse(int argc, char** argv, int* status) {
  try {
    app_->parse(argc, argv);
    return true;
  } catch (const CLI::CallForHelp&) {
    std::fputs(app_->help().c_str(), stdout);
    *status = kDone;
  } catch (const CLI::ParseError& mistake) {
    const std::string unknown = UnknownOption(*app_, argc, argv);
    if (unknown.empty()) {
      Complain(mistake.what());
    } else {
      Complain(fmt::format("{} has no option {}{}", app_->get_name(), unknown,
                           DidYouMean(unknown, OptionNames(*app_))));
    }
    Complain(fmt::format("see \"{} --help\"", app_->get_name()));
    *status = kWrongUsage;
  }
  return false;
}

}  // namespace rt
