// A thread's event loop: libuv's, with what every connection on it shares: the
// buffer that reads go into, the list of those that have something to send,
// the wheel of deadlines, and the clock.
//
// A turn ends before the loop sleeps: the turn's listener moves what came in
// from other threads, then each connection that has something to send does so
// with one write. All methods belong to the loop's thread, but for Wake().
#pragma once

#include <uv.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/timer_wheel.h"

namespace rt {

class Connection;

// What one record of TLS holds.
inline constexpr size_t kPlainBufferBytes = 16 * 1024;

// Called once per turn, before connections write.
class TurnListener {
 public:
  virtual ~TurnListener() = default;
  virtual void OnTurn() = 0;
};

class Loop {
 public:
  Loop();
  // REQUIRES: everything on it is closed.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs until Stop().
  void Run();
  // Ends Run() after this turn. From the loop's own thread.
  void Stop();
  // Runs until every handle that was closed has been told so. For the end.
  void RunUntilClosed();

  // Makes the loop take a turn soon. From any thread.
  void Wake();

  // The listener outlives Run(). Listeners are called in the order of adding.
  void AddTurnListener(TurnListener* listener);

  // Has the connection flushed at the end of this turn.
  void MarkDirty(Connection* connection) { dirty_.push_back(connection); }

  [[nodiscard]] uv_loop_t* uv() { return &loop_; }
  [[nodiscard]] TimerWheel& timers() { return *timers_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] char* read_buffer() { return read_buffer_.get(); }
  // Where the plain bytes of a read under TLS go: kPlainBufferBytes.
  [[nodiscard]] char* plain_buffer() {
    if (plain_buffer_ == nullptr) {
      plain_buffer_ = std::make_unique<char[]>(kPlainBufferBytes);
    }
    return plain_buffer_.get();
  }

 private:
  void EndTurn();

  SystemClock clock_;
  uv_loop_t loop_;
  uv_prepare_t prepare_;
  uv_check_t check_;
  uv_async_t wake_;
  uv_timer_t tick_;
  std::unique_ptr<TimerWheel> timers_;
  std::unique_ptr<char[]> read_buffer_;
  std::unique_ptr<char[]> plain_buffer_;  // null until it is needed
  std::vector<TurnListener*> listeners_;
  std::vector<Connection*> dirty_;
  std::vector<Connection*> flushing_;
};

}  // namespace rt
