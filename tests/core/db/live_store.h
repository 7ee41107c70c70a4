// The stores that PHP's sessions lie in, as the distribution has them: real
// servers on sockets in a folder of the test's own, gone with it; and real PHP.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/db/golden_site.h"

namespace rt {

// A program that ends with the test, however that ends.
class Program {
 public:
  explicit Program(std::vector<std::string> command)
      : command_(std::move(command)) {}
  ~Program() { Kill(); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void Start() {
    std::vector<char*> arguments;
    for (std::string& word : command_) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_ = fork();
    ASSERT_GE(pid_, 0);
    if (pid_ != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int null = open("/dev/null", O_RDWR);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  void Kill() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  void Freeze() { kill(pid_, SIGSTOP); }
  void Thaw() { kill(pid_, SIGCONT); }

  // Has it ended by itself?
  [[nodiscard]] bool ended() {
    if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = 0;
    return pid_ == 0;
  }

 private:
  std::vector<std::string> command_;
  pid_t pid_ = 0;
};

// A server that is there once something listens at its socket.
class LiveStore {
 public:
  LiveStore(const std::string& socket, std::vector<std::string> command)
      : socket_(socket), program_(std::move(command)) {
    Start();
  }

  void Start() {
    unlink(socket_.c_str());
    program_.Start();
    const auto end =
        std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!Listens()) {
      ASSERT_FALSE(program_.ended())
          << "the server at " << socket_ << " ended: is it installed?";
      ASSERT_LT(std::chrono::steady_clock::now(), end);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  void Kill() { program_.Kill(); }
  void Freeze() { program_.Freeze(); }
  void Thaw() { program_.Thaw(); }

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
  Program program_;
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

// Runs code in PHP with these php.ini settings. Whatever it prints, and any
// other exit than 0, fails the test.
inline void RunPhp(const std::vector<std::string>& settings,
                   const std::string& code) {
  std::vector<std::string> command = {"php", "-d", "display_errors=stderr",
                                      "-d", "error_reporting=-1"};
  for (const std::string& setting : settings) {
    command.insert(command.end(), {"-d", setting});
  }
  command.insert(command.end(), {"-r", code});
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t pid = fork();
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  close(ends[1]);
  std::string output;
  char buffer[4096];
  ssize_t got = 0;
  while ((got = read(ends[0], buffer, sizeof buffer)) > 0) {
    output.append(buffer, static_cast<size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  EXPECT_EQ(output, "");
  EXPECT_EQ(status, 0) << "php: is it installed, with php-redis and "
                          "php-memcached?";
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
