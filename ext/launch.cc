#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deadline.h"

namespace rt {
namespace {

// In the watcher and the broker; 0 to 2 are /dev/null.
constexpr int kReadyFd = 3;
constexpr int kLockFd = 4;
constexpr int kReadyReadFd = 5;
constexpr int kReportFd = 6;

// Behind fork() in a process that may have threads: system calls only, no
// memory from the heap, no return.

void CloseFrom(unsigned first) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, first, ~0u, 0) == 0) return;
#endif
  const long most = sysconf(_SC_OPEN_MAX);
  for (int fd = static_cast<int>(first); fd < most; ++fd) close(fd);
}

void ResetSignals() {
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) {
    sigaction(signal, &action, nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void RunBroker(const LaunchPlan& plan) {
  CloseFrom(kReadyFd + 1);
  execve(plan.program, plan.arguments, plan.environment);
  _exit(127);
}

char WaitForReadiness() {
  const Deadline deadline = Deadline::In(kLaunchPatienceMs);
  char said[8];
  size_t length = 0;
  for (;;) {
    pollfd item{kReadyReadFd, POLLIN, 0};
    const int left = deadline.remaining_ms();
    if (left == 0) return kLaunchSlow;
    if (poll(&item, 1, left) <= 0) continue;
    const ssize_t got =
        read(kReadyReadFd, said + length, sizeof(said) - length);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return kLaunchFailed;
    length += static_cast<size_t>(got);
    if (length >= 6 && memcmp(said, "ready\n", 6) == 0) return kLaunchReady;
    if (length == sizeof(said)) return kLaunchFailed;
  }
}

// Moves what is needed to known places and closes all else: sockets of web
// servers and of browsers, and standard streams that a waiting shell reads.
[[noreturn]] void Watch(const LaunchPlan& plan, int report) {
  int ready[2];
  if (pipe(ready) != 0) _exit(1);
  const int high_lock = fcntl(plan.lock_fd, F_DUPFD, 16);
  const int high_report = fcntl(report, F_DUPFD, 16);
  const int high_read = fcntl(ready[0], F_DUPFD, 16);
  const int high_write = fcntl(ready[1], F_DUPFD, 16);
  const int null = open("/dev/null", O_RDWR);
  if (high_lock < 0 || high_report < 0 || high_read < 0 || high_write < 0 ||
      null < 0) {
    _exit(1);
  }
  for (int stream = 0; stream <= 2; ++stream) {
    if (null != stream) dup2(null, stream);
  }
  dup2(high_write, kReadyFd);
  dup2(high_lock, kLockFd);
  dup2(high_read, kReadyReadFd);
  dup2(high_report, kReportFd);
  CloseFrom(kReportFd + 1);
  if (chdir("/") != 0) _exit(1);
  umask(077);
  ResetSignals();

  const pid_t broker = fork();
  if (broker == 0) RunBroker(plan);
  close(kReadyFd);
  const char said = broker < 0 ? char{kLaunchFailed} : WaitForReadiness();
  (void)!write(kReportFd, &said, 1);
  _exit(0);
}

}  // namespace

int Launch(const LaunchPlan& plan) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) return -1;
  // No handler of PHP's may run in the child before they are reset there.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t intermediate = fork();
  if (intermediate == 0) {
    setsid();
    const pid_t watcher = fork();
    if (watcher == 0) Watch(plan, report[1]);
    _exit(0);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  close(report[1]);
  if (intermediate < 0) {
    close(report[0]);
    return -1;
  }
  // ECHILD where PHP ignores SIGCHLD or somebody has reaped it first.
  while (waitpid(intermediate, nullptr, 0) < 0 && errno == EINTR) {
  }
  return report[0];
}

}  // namespace rt
