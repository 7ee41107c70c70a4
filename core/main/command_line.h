// Arguments, messages and files as all subcommands handle them.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "broker/config.h"
#include "main/arguments.h"

namespace rt {

// "drupalrtd: MESSAGE" on stderr, a line for each of the message's lines.
void Complain(std::string_view message);

// The flags of configuration keys on a command line, and what they hold
// afterwards.
class ConfigFlags {
 public:
  // Every key that has a flag, and --config.
  void AddAll(Arguments* arguments);
  // --config, --socket and --state: enough to find a broker.
  void AddLocation(Arguments* arguments);

  // Was a file named?
  [[nodiscard]] bool has_file() const { return !file_.empty(); }

  // Loads the configuration; complains and returns false on a mistake.
  // Warnings are for the caller to show.
  bool Load(LoadedConfig* loaded) const;

 private:
  void Add(Arguments* arguments, std::string_view key);

  std::string file_;
  std::map<std::string, Argument> options_;
};

// The configuration of a command that talks to a running broker, with socket
// and state filled in. Complains and returns false on a mistake.
bool LocateBroker(const ConfigFlags& flags, Config* config);

}  // namespace rt
