// A subcommand's command line: its options and arguments, its help, and what
// is said of mistakes. The parser behind it is CLI11, whose header takes a
// compiler five seconds: only arguments.cc includes it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace rt {

// Refers to an option of Arguments, as "--site", or to one by its place, as
// "UID"; good for as long as these live.
class Argument {
 public:
  explicit Argument(CLI::Option* option) : option_(option) {}

  // It has to be given.
  Argument Required() const;
  // What help calls its value.
  Argument Called(const char* value) const;
  Argument OneOf(std::vector<std::string> words) const;
  // Help shows what its variable holds now.
  Argument ShowDefault() const;
  // Not together with the other.
  Argument Excludes(const Argument& other) const;
  // In a section of help of its own.
  Argument Group(const char* title) const;

  // After parsing.
  [[nodiscard]] bool given() const;
  [[nodiscard]] const std::vector<std::string>& values() const;

 private:
  CLI::Option* option_;
};

class Arguments {
 public:
  // `about` is the help's first sentence, `command` as one types it.
  Arguments(const char* about, std::string command);
  ~Arguments();
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  // Variables are written to by Parse() and have to live until then.
  Argument AddFlag(const std::string& name, bool* given, const char* about);
  Argument Add(const std::string& name, std::string* value, const char* about);
  Argument Add(const std::string& name, int* value, const char* about);
  // May be repeated.
  Argument Add(const std::string& name, std::vector<std::string>* values,
               const char* about);

  // Without a variable: see Argument::values().
  enum class Takes { kNothing, kLastValue, kAllValues };
  Argument Add(const std::string& name, Takes takes, const char* about);

  // True when the command shall run. Else `status` is what to exit with: help
  // was printed, or the mistake and the nearest option were.
  bool Parse(int argc, char** argv, int* status);

 private:
  std::unique_ptr<CLI::App> app_;
};

}  // namespace rt
