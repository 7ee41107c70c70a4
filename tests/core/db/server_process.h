// A server that a test starts for itself, and that is gone with it: also when
// the test is killed. As root the server runs as another user where it insists
// on that.
#pragma once

#include <grp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace rt {

class ServerProcess {
 public:
  ServerProcess() = default;
  ~ServerProcess() { Kill(); }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // `user`: whom root becomes first; empty: nobody else.
  void Start(const std::vector<std::string>& command, const std::string& log,
             const std::string& user = "");
  // Returns when it is over. SIGKILL: nothing is said to clients.
  void Kill();
  // It and its children stop in the middle of what they do, and go on.
  void Freeze() {
    Signal(SIGSTOP);
    waitpid(pid_, nullptr, WUNTRACED);  // or it would answer once more
  }
  void Thaw() { Signal(SIGCONT); }

  [[nodiscard]] bool running() const { return pid_ > 0; }

 private:
  void Signal(int signal) const;

  pid_t pid_ = 0;
};

// Runs a command to its end; the test fails where it does.
inline void RunCommand(const std::vector<std::string>& command,
                       const std::string& log, const std::string& user = "");

// Calls until it is true, and fails the test after half a minute.
template <typename Condition>
void AwaitTrue(const char* what, const Condition& condition) {
  for (int i = 0; i < 3000; ++i) {
    if (condition()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  FAIL() << what;
}

// A port that nobody listens on.
inline uint16_t FreePort() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  close(listener);
  return ntohs(address.sin_port);
}

namespace server_process {

inline std::string LogText(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// In the child, which has one thread and leaves no other way.
[[noreturn]] inline void Become(const std::vector<std::string>& command,
                                const std::string& log,
                                const std::string& user) {
  if (!user.empty() && geteuid() == 0) {
    const passwd* entry = getpwnam(user.c_str());
    if (entry == nullptr || setgroups(0, nullptr) != 0 ||
        setgid(entry->pw_gid) != 0 || setuid(entry->pw_uid) != 0) {
      _exit(126);
    }
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (std::freopen(log.c_str(), "a", stdout) == nullptr) _exit(125);
  dup2(STDOUT_FILENO, STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

// Itself and all that came of it, by /proc.
inline std::set<pid_t> Family(pid_t parent) {
  std::set<pid_t> family{parent};
  bool grown = true;
  while (grown) {
    grown = false;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const pid_t pid = std::atoi(entry.path().filename().c_str());
      if (pid == 0 || family.contains(pid)) continue;
      // PID (NAME) STATE PPID, and a name may hold anything.
      std::string stat = LogText(entry.path() / "stat");
      const size_t name_end = stat.rfind(')');
      if (name_end == std::string::npos) continue;
      const pid_t ppid = std::atoi(stat.c_str() + name_end + 4);
      grown = (family.contains(ppid) && family.insert(pid).second) || grown;
    }
  }
  return family;
}

}  // namespace server_process

inline void ServerProcess::Start(const std::vector<std::string>& command,
                                 const std::string& log,
                                 const std::string& user) {
  ASSERT_EQ(pid_, 0);
  pid_ = fork();
  ASSERT_GE(pid_, 0);
  if (pid_ == 0) server_process::Become(command, log, user);
}

inline void ServerProcess::Signal(int signal) const {
  ASSERT_GT(pid_, 0);
  for (const pid_t pid : server_process::Family(pid_)) kill(pid, signal);
}

inline void ServerProcess::Kill() {
  if (pid_ <= 0) return;
  Signal(SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

inline void RunCommand(const std::vector<std::string>& command,
                       const std::string& log, const std::string& user) {
  const pid_t pid = fork();
  ASSERT_GE(pid, 0);
  if (pid == 0) server_process::Become(command, log, user);
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0)
      << command[0] << " failed: " << server_process::LogText(log);
}

}  // namespace rt
