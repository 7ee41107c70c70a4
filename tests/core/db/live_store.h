// The stores that PHP's sessions lie in, as the distribution has them: real
// servers on sockets in a folder of the test's own; and real PHP.
#pragma once

#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "core/db/server_process.h"
#include "core/db/temporary_folder.h"

namespace rt {

// A server that is there once something listens at its socket.
class LiveStore {
 public:
  LiveStore(std::string socket, std::vector<std::string> command)
      : socket_(std::move(socket)), command_(std::move(command)) {
    Start();
  }

  void Start() {
    unlink(socket_.c_str());
    process_.Start(command_, socket_ + ".log");
    AwaitTrue("no server: is it installed?", [this] { return Listens(); });
  }
  void Kill() { process_.Kill(); }
  void Freeze() { process_.Freeze(); }
  void Thaw() { process_.Thaw(); }

  [[nodiscard]] const std::string& socket() const { return socket_; }

 private:
  [[nodiscard]] bool Listens() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_.copy(address.sun_path, sizeof address.sun_path - 1);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const bool listens =
        connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    close(fd);
    return listens;
  }

  std::string socket_;
  std::vector<std::string> command_;
  ServerProcess process_;
};

// `more`: further options of redis-server.
inline std::vector<std::string> RedisServer(
    const std::string& socket, const std::vector<std::string>& more = {}) {
  std::vector<std::string> command = {
      "redis-server", "--port", "0", "--unixsocket", socket, "--save", "",
      "--appendonly", "no"};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

inline std::vector<std::string> MemcachedServer(const std::string& socket) {
  // As root it wants to be told whom to run as.
  const passwd* user = getpwuid(geteuid());
  return {"memcached", "-s", socket, "-u", user ? user->pw_name : "root"};
}

// Runs code in PHP with these php.ini settings. Whatever it prints fails the
// test.
inline void RunPhp(const std::vector<std::string>& settings,
                   const std::string& code) {
  std::vector<std::string> command = {"php", "-d", "display_errors=stderr",
                                      "-d", "error_reporting=-1"};
  for (const std::string& setting : settings) {
    command.insert(command.end(), {"-d", setting});
  }
  command.insert(command.end(), {"-r", code});
  const TemporaryFolder folder;
  RunCommand(command, folder.File("log"));
  EXPECT_EQ(server_process::LogText(folder.File("log")), "");
}

// PHP code that writes a session as PHP itself does when a page ends.
inline std::string PhpWrites(const std::string& id, const std::string& uid) {
  return "session_id('" + id +
         "'); session_start(['use_cookies' => 0, 'use_strict_mode' => 0, "
         "'cache_limiter' => '']);"
         "$_SESSION['_sf2_attributes'] = ['uid' => '" +
         uid +
         "', 'note' => \"with | and \\0\"];"
         "$_SESSION['_sf2_meta'] = ['u' => 1795459001];"
         "session_write_close();";
}

}  // namespace rt
