// drupalrtd: the broker and the commands around it, in one binary.
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "bench/bench.h"
#include "broker/nearest_name.h"
#include "broker/version.h"
#include "main/command_line.h"
#include "main/commands.h"

namespace {

struct Command {
  const char* name;
  int (*run)(int argc, char** argv);
  const char* summary;
};

constexpr Command kCommands[] = {
    {"serve", rt::ServeCommand, "run the broker"},
    {"check", rt::CheckCommand, "look for mistakes in configuration and sites"},
    {"config", rt::ConfigCommand, "\"config default\" prints all keys"},
    {"stop", rt::StopCommand, "end the running broker and wait for it"},
    {"restart", rt::RestartCommand, "end it and start it again as it was"},
    {"status", rt::StatusCommand, "what the running broker is doing"},
    {"whois", rt::WhoisCommand, "who a site's cookies belong to"},
    {"access", rt::AccessCommand, "may an account do something, and why"},
    {"account", rt::AccountCommand, "an account's roles and sessions"},
    {"node", rt::NodeCommand, "may an account view, update, delete a node"},
    {"value", rt::ValueCommand, "a value of a site's configuration"},
    {"publish", rt::PublishCommand, "send an event to a channel"},
    {"tail", rt::TailCommand, "print a channel's events as they come"},
    {"token", rt::TokenCommand, "make and check tokens"},
    {"bench", rt::RunBench, "measure a broker"},
};

void PrintUsage(std::FILE* out) {
  fmt::print(out, "drupalrtd {}: pushes from PHP to browsers\n\n",
             rt::BrokerVersion());
  fmt::print(out, "Usage: drupalrtd COMMAND [OPTIONS]\n\n");
  for (const Command& command : kCommands) {
    fmt::print(out, "  {:<9} {}\n", command.name, command.summary);
  }
  fmt::print(out, "\n\"drupalrtd COMMAND --help\" has the options.\n");
}

int WrongCommand(std::string_view name) {
  std::vector<std::string> known{"help", "version"};
  for (const Command& command : kCommands) known.emplace_back(command.name);
  rt::Complain(
      fmt::format("there is no command \"{}\"{}; see \"drupalrtd "
                  "help\"",
                  name, rt::DidYouMean(name, known)));
  return rt::kWrongUsage;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    PrintUsage(stderr);
    return rt::kWrongUsage;
  }
  const std::string_view name = argv[1];
  if (name == "--version" || name == "version") {
    fmt::print("drupalrtd {}\n", rt::BrokerVersion());
    return rt::kDone;
  }
  if (name == "help" || name == "--help" || name == "-h") {
    PrintUsage(stdout);
    return rt::kDone;
  }
  for (const Command& command : kCommands) {
    if (name == command.name) return command.run(argc - 1, argv + 1);
  }
  return WrongCommand(name);
}
