// PHP's own web server with cookies.php behind it, as long as this object
// lives: what stands in $_COOKIE for a Cookie header? Where it cannot be had
// the run is over, as with PhpProcess.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rt {

class PhpServer {
 public:
  explicit PhpServer(std::vector<std::string> command);
  ~PhpServer();
  PhpServer(const PhpServer&) = delete;
  PhpServer& operator=(const PhpServer&) = delete;

  // Texts by name, arrays left out. Nothing where the server takes no such
  // request.
  std::optional<std::map<std::string, std::string>> Cookies(
      const std::string& header);

 private:
  bool Start(std::vector<std::string> command);
  void Stop();

  int pid_ = -1;
  int port_ = 0;
};

}  // namespace rt
