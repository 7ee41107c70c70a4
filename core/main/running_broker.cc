#include "main/running_broker.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/clock.h"
#include "broker/pid_file.h"

namespace rt {

namespace {

constexpr int kPollMs = 20;
// The descriptor that a started broker is told to report on.
constexpr int kReadyFd = 3;

int64_t NowMs() { return SystemClock().monotonic_ms(); }

void Pause() { ::poll(nullptr, 0, kPollMs); }

// The texts of a file that ends each with a zero byte.
std::vector<std::string> ReadTexts(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> texts;
  for (std::string text; std::getline(file, text, '\0');) {
    texts.push_back(std::move(text));
  }
  return texts;
}

std::string ReadLink(const std::string& path) {
  std::error_code failed;
  std::string target = std::filesystem::read_symlink(path, failed).string();
  // After an upgrade the running program's file has been replaced.
  constexpr std::string_view kDeleted = " (deleted)";
  if (target.ends_with(kDeleted)) {
    target.resize(target.size() - kDeleted.size());
  }
  return target;
}

// Without --ready-fd, whose descriptor was of another start.
std::vector<std::string> ArgumentsForRestart(const BrokerProcess& process) {
  std::vector<std::string> arguments{process.executable};
  bool autostarted = false;
  for (size_t i = 0; i < process.arguments.size(); ++i) {
    const std::string& argument = process.arguments[i];
    if (argument == "--ready-fd") {
      ++i;
      continue;
    }
    if (argument.starts_with("--ready-fd=")) continue;
    autostarted = autostarted || argument == "--autostarted";
    arguments.push_back(argument);
  }
  if (!autostarted) arguments.emplace_back("--autostarted");
  arguments.push_back("--ready-fd=" + std::to_string(kReadyFd));
  return arguments;
}

std::vector<char*> Pointers(std::vector<std::string>* texts) {
  std::vector<char*> pointers;
  for (std::string& text : *texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Never the caller's user in place of the broker's.
bool BecomeUser(const BrokerProcess& process) {
  if (::geteuid() == process.uid) return true;
  return ::setgroups(0, nullptr) == 0 && ::setgid(process.gid) == 0 &&
         ::setuid(process.uid) == 0;
}

// In the child: becomes the broker. Only async-signal-safe calls.
[[noreturn]] void Become(const BrokerProcess& process, char* const* arguments,
                         char* const* environment, int ready_fd) {
  ::setsid();
  if (!BecomeUser(process) || ::chdir(process.working_dir.c_str()) != 0) {
    ::_exit(1);
  }
  const int null = ::open("/dev/null", O_RDWR);
  if (null < 0 || ::dup2(null, 0) < 0 || ::dup2(null, 1) < 0 ||
      ::dup2(null, 2) < 0 || ::dup2(ready_fd, kReadyFd) < 0 ||
      ::fcntl(kReadyFd, F_SETFD, 0) != 0) {
    ::_exit(1);
  }
  ::close_range(kReadyFd + 1, ~0U, 0);
  ::execve(process.executable.c_str(), arguments, environment);
  ::_exit(127);
}

Status AwaitReady(pid_t pid, int fd, int64_t timeout_ms) {
  pollfd waiting = {fd, POLLIN, 0};
  const int ready = ::poll(&waiting, 1, static_cast<int>(timeout_ms));
  char word[8];
  if (ready > 0 && ::read(fd, word, sizeof word) > 0) return {};
  int status = 0;
  if (ready > 0 && ::waitpid(pid, &status, 0) == pid) {
    return Error{ErrorCode::kUnavailable,
                 fmt::format("the new broker ended at once with status {}: "
                             "see drupalrtd.log in its state folder",
                             WIFEXITED(status) ? WEXITSTATUS(status) : -1)};
  }
  return Error{ErrorCode::kUnavailable,
               fmt::format("the new broker, pid {}, is not ready after {} ms",
                           pid, timeout_ms)};
}

}  // namespace

Result<pid_t> FindRunningBroker(const Config& config) {
  Result<pid_t> by_socket = RunningPid(PidFileOfSocket(config.socket));
  if (by_socket) return by_socket;
  Result<pid_t> by_state = RunningPid(PidFileOfState(config.state));
  if (by_state) return by_state;
  for (const auto* result : {&by_socket, &by_state}) {
    if (result->error().code == ErrorCode::kDenied) return *result;
  }
  return Error{ErrorCode::kNotFound,
               fmt::format("no broker is running at {}; another one is named "
                           "by --socket or --state",
                           config.socket)};
}

Status StopBroker(const Config& config, pid_t pid, int64_t timeout_ms) {
  if (::kill(pid, SIGTERM) != 0) {
    if (errno == ESRCH) return {};
    return Error{ErrorCode::kDenied,
                 fmt::format("may not stop the broker, pid {}: do it as its "
                             "user or as root",
                             pid)};
  }
  const int64_t deadline_ms = NowMs() + timeout_ms;
  while (NowMs() < deadline_ms) {
    const Result<pid_t> running = FindRunningBroker(config);
    if (!running || *running != pid) return {};
    Pause();
  }
  return Error{ErrorCode::kUnavailable,
               fmt::format("the broker, pid {}, is still running after {} ms: "
                           "a second stop ends it at once",
                           pid, timeout_ms)};
}

Result<BrokerProcess> DescribeBroker(pid_t pid) {
  const std::string folder = fmt::format("/proc/{}", pid);
  BrokerProcess process;
  process.arguments = ReadTexts(folder + "/cmdline");
  process.environment = ReadTexts(folder + "/environ");
  process.executable = ReadLink(folder + "/exe");
  process.working_dir = ReadLink(folder + "/cwd");
  struct stat info = {};
  if (process.arguments.empty() || process.executable.empty() ||
      process.working_dir.empty() || ::stat(folder.c_str(), &info) != 0) {
    return Error{ErrorCode::kDenied,
                 fmt::format("may not look at the broker, pid {}: do it as its "
                             "user or as root",
                             pid)};
  }
  process.arguments.erase(process.arguments.begin());
  process.uid = info.st_uid;
  process.gid = info.st_gid;
  process.supervised = std::any_of(
      process.environment.begin(), process.environment.end(),
      [](const std::string& v) { return v.starts_with("NOTIFY_SOCKET="); });
  return process;
}

Result<pid_t> StartBroker(const BrokerProcess& process, int64_t timeout_ms) {
  std::vector<std::string> arguments = ArgumentsForRestart(process);
  std::vector<std::string> environment = process.environment;
  const std::vector<char*> argv = Pointers(&arguments);
  const std::vector<char*> envp = Pointers(&environment);
  int ready[2];
  if (::pipe2(ready, O_CLOEXEC) != 0) {
    return Error{ErrorCode::kInternal, std::strerror(errno)};
  }
  const pid_t pid = ::fork();
  if (pid == 0) Become(process, argv.data(), envp.data(), ready[1]);
  ::close(ready[1]);
  Status status;
  if (pid < 0) {
    status = Error{ErrorCode::kInternal, std::strerror(errno)};
  } else {
    status = AwaitReady(pid, ready[0], timeout_ms);
  }
  ::close(ready[0]);
  if (!status) return status.error();
  return pid;
}

}  // namespace rt
