// A PHP process that answers questions over pipes (php.php), as long as this
// object lives. Where PHP ends or falls silent the run is over: a message on
// stderr and exit status 2.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rt {

struct Question {
  char kind = 0;
  std::string_view data;
};

class PhpProcess {
 public:
  // `command`: how to run PHP, a word each; the script's path follows it.
  explicit PhpProcess(std::vector<std::string> command);
  ~PhpProcess();
  PhpProcess(const PhpProcess&) = delete;
  PhpProcess& operator=(const PhpProcess&) = delete;

  std::vector<std::string> Ask(const std::vector<Question>& batch);
  std::string AskOne(char kind, std::string_view data);

 private:
  void Send(const std::string& bytes);
  std::string Receive(size_t bytes);

  int in_ = -1;   // PHP's
  int out_ = -1;  // PHP's
  int pid_ = -1;
};

}  // namespace rt
