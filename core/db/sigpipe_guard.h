// Keeps SIGPIPE from this thread while it stands, for libraries that write to
// sockets without MSG_NOSIGNAL: a server that went away is an error to be
// reported, not the end of whichever program uses us.
#pragma once

#include <csignal>
#include <ctime>

namespace rt {

class SigpipeGuard {
 public:
  SigpipeGuard() {
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~SigpipeGuard() {
    if (!was_pending_) {
      const timespec now{0, 0};
      sigtimedwait(&pipe_, nullptr, &now);  // takes what came meanwhile
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;

 private:
  bool was_pending_;
  sigset_t pipe_;
  sigset_t before_;
};

}  // namespace rt
