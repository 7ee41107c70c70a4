#include "autostart.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "SAPI.h"
#include "launch.h"
#include "link.h"
#include "php_drupalrt.h"

namespace rt {
namespace {

constexpr char kLockName[] = "start.lock";
// After the n-th start in a row: 1 s, 2 s, 4 s … before the next one.
constexpr long kLongestPauseS = 300;
// A broker that has lived this long is a good one: the count starts over.
constexpr long kGoodLifeS = 60;
constexpr int kOtherBrokerMs = 1000;
constexpr int kLookEveryMs = 2;

constexpr size_t kMostVariables = 128;
char* environment[kMostVariables + 1];
char search_path[4096];

// PHP binds its extensions to their own libraries first (RTLD_DEEPBIND), where
// `environ` may be libc's own and unused copy: the one in use is the program's.
char** ProgramEnvironment() {
  void* program = dlopen(nullptr, RTLD_LAZY);
  if (program == nullptr) return environ;
  char*** found = static_cast<char***>(dlsym(program, "environ"));
  dlclose(program);
  return found != nullptr ? *found : environ;
}

bool IsForBroker(const char* variable) {
  for (const char* wanted :
       {"PATH=", "HOME=", "XDG_STATE_HOME=", "DRUPALRT_"}) {
    if (strncmp(variable, wanted, strlen(wanted)) == 0) return true;
  }
  return false;
}

bool IsProgram(const char* path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
         access(path, X_OK) == 0;
}

bool FindInPath(char* found, size_t room) {
  const char* part = search_path;
  while (*part != '\0') {
    const size_t length = strcspn(part, ":");
    // Only absolute parts: the working directory is anybody's.
    if (*part == '/') {
      snprintf(found, room, "%.*s/drupalrtd", static_cast<int>(length), part);
      if (IsProgram(found)) return true;
    }
    part += length + (part[length] == ':' ? 1 : 0);
  }
  return false;
}

bool FindBroker(char* found, size_t room, ErrorText* error) {
  const char* configured = DRUPALRT_G(broker);
  if (configured != nullptr && configured[0] != '\0') {
    snprintf(found, room, "%s", configured);
    if (configured[0] == '/' && IsProgram(found)) return true;
    SetError(error,
             "drupalrt.broker = %s is not the absolute path of a program",
             configured);
    return false;
  }
  snprintf(found, room, "%s", DRUPALRT_INSTALLED_BROKER);
  if (IsProgram(found) || FindInPath(found, room)) return true;
  SetError(error,
           "no broker runs, and none can be started: drupalrtd is neither %s "
           "nor in PATH (see drupalrt.broker)",
           DRUPALRT_INSTALLED_BROKER);
  return false;
}

// The record in the lock file: how many starts in a row, and when the last.
bool MayStartNow(int lock, ErrorText* error) {
  char text[64] = "";
  (void)!pread(lock, text, sizeof(text) - 1, 0);
  long starts = 0;
  long last = 0;
  if (sscanf(text, "%ld %ld", &starts, &last) != 2 || starts < 0) starts = 0;
  const long now = static_cast<long>(time(nullptr));
  long pause = 0;
  if (starts > 0) pause = starts > 9 ? kLongestPauseS : 1L << (starts - 1);
  if (pause > kLongestPauseS) pause = kLongestPauseS;
  const bool long_ago = now - last > pause + kGoodLifeS;
  if (last > now || long_ago) starts = 0;
  if (starts > 0 && now - last < pause) {
    SetError(error,
             "the broker was started %ld s ago and is away again: next try in "
             "%ld s",
             now - last, pause - (now - last));
    return false;
  }
  const int length = snprintf(text, sizeof(text), "%ld %ld\n", starts + 1, now);
  if (ftruncate(lock, 0) != 0 || pwrite(lock, text, length, 0) != length) {
    // A disk that is full must not turn into a fork for each request.
    SetError(error, "no broker is started: %s: %s", kLockName, strerror(errno));
    return false;
  }
  return true;
}

int OpenLock(const SocketPath& path, ErrorText* error) {
  const int directory = OpenSocketDirectory(path, error);
  if (directory < 0) return -1;
  const int lock =
      openat(directory, kLockName, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
             S_IRUSR | S_IWUSR);
  if (lock < 0) SetError(error, "%s: %s", kLockName, strerror(errno));
  close(directory);
  return lock;
}

// Returns the descriptor that the report comes on, or -1 with an error.
int StartUnderLock(int lock, Link* link) {
  char program[PATH_MAX];
  if (!FindBroker(program, sizeof(program), &link->error)) return -1;
  if (!MayStartNow(lock, &link->error)) return -1;
  char serve[] = "serve";
  char socket_flag[] = "--socket";
  char autostarted[] = "--autostarted";
  char ready_flag[] = "--ready-fd";
  char ready_fd[] = "3";
  char* arguments[] = {
      program,     serve,      socket_flag, link->path.address.sun_path,
      autostarted, ready_flag, ready_fd,    nullptr};
  const int report = Launch({program, arguments, environment, lock});
  if (report < 0) {
    SetError(&link->error, "%s was not started: %s", program, strerror(errno));
  }
  return report;
}

bool AwaitReport(int report, Deadline deadline, Link* link, bool* starting) {
  pollfd item{report, POLLIN, 0};
  char said = kLaunchFailed;
  int ready = 0;
  int left;
  while ((left = deadline.remaining_ms()) > 0) {
    ready = poll(&item, 1, left);
    if (ready >= 0 || errno != EINTR) break;
  }
  *starting = ready <= 0;
  if (ready > 0 && read(report, &said, 1) == 1) {
    *starting = said == kLaunchSlow;
  }
  close(report);
  if (*starting) {
    SetError(&link->error, "the broker is being started");
    return false;
  }
  if (said == kLaunchReady) return true;
  SetError(&link->error,
           "the broker was started and ended: its log is in its state folder");
  return false;
}

// The broker that was started has ended, perhaps because another one was there
// already: then that one answers in a moment, and nothing is wrong.
bool ReachedAnother(Deadline deadline,
                    bool (*connect)(Deadline deadline, Link* link),
                    Link* link) {
  const ErrorText error = link->error;
  const Deadline patience = Deadline::In(kOtherBrokerMs);
  while (patience.remaining_ms() > 0 && deadline.remaining_ms() > 0) {
    if (connect(deadline, link)) return true;
    if (link->state != LinkState::kAbsent) return false;
    poll(nullptr, 0, kLookEveryMs);
  }
  link->error = error;
  return false;
}

bool StartOne(int lock, Deadline deadline,
              bool (*connect)(Deadline deadline, Link* link), Link* link,
              bool* starting) {
  // Under the lock: somebody may have been quicker.
  const bool there = connect(deadline, link);
  if (there || link->state != LinkState::kAbsent) {
    close(lock);
    return there;
  }
  const int report = StartUnderLock(lock, link);
  close(lock);  // the watcher holds it on
  if (report < 0) return false;
  if (AwaitReport(report, deadline, link, starting)) {
    return connect(deadline, link);
  }
  return !*starting && ReachedAnother(deadline, connect, link);
}

}  // namespace

void KeepEnvironment() {
  size_t count = 0;
  for (char** each = ProgramEnvironment(); each != nullptr && *each != nullptr;
       ++each) {
    if (count == kMostVariables || !IsForBroker(*each)) continue;
    environment[count++] = strdup(*each);
  }
  const char* path = getenv("PATH");
  snprintf(search_path, sizeof(search_path), "%s",
           path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin");
}

void ForgetEnvironment() {
  for (char*& each : environment) {
    free(each);
    each = nullptr;
  }
}

bool UnderWebServer() {
  for (const char* sapi : {"fpm-fcgi", "apache2handler", "cli-server",
                           "cgi-fcgi", "litespeed", "frankenphp"}) {
    if (strcmp(sapi_module.name, sapi) == 0) return true;
  }
  return false;
}

bool MayAutostart() {
  if ((CG(compiler_options) & ZEND_COMPILE_PRELOAD) != 0) return false;
  const zend_long mode = DRUPALRT_G(autostart);
  return mode == 2 || (mode == 1 && UnderWebServer());
}

bool Autostart(Deadline deadline,
               bool (*connect)(Deadline deadline, Link* link), Link* link,
               bool* starting) {
  const int lock = OpenLock(link->path, &link->error);
  if (lock < 0) return false;
  for (;;) {
    if (flock(lock, LOCK_EX | LOCK_NB) == 0) {
      return StartOne(lock, deadline, connect, link, starting);
    }
    // Somebody else is at it.
    const int left = deadline.remaining_ms();
    if (left == 0) break;
    poll(nullptr, 0, left < kLookEveryMs ? left : kLookEveryMs);
    if (connect(deadline, link)) {
      close(lock);
      return true;
    }
    if (link->state != LinkState::kAbsent) break;
  }
  close(lock);
  *starting = link->state == LinkState::kAbsent;
  if (*starting) SetError(&link->error, "the broker is being started");
  return false;
}

}  // namespace rt
