#include "net/loop.h"

#include "base/check.h"
#include "base/limits.h"
#include "net/connection.h"

namespace rt {

Loop::Loop()
    : timers_(std::make_unique<TimerWheel>(clock_.monotonic_ms())),
      read_buffer_(std::make_unique<char[]>(kReadBufferBytes)) {
  RT_CHECK(uv_loop_init(&loop_) == 0);
  loop_.data = this;
  RT_CHECK(uv_prepare_init(&loop_, &prepare_) == 0);
  RT_CHECK(uv_check_init(&loop_, &check_) == 0);
  RT_CHECK(uv_timer_init(&loop_, &tick_) == 0);
  RT_CHECK(uv_async_init(&loop_, &wake_, [](uv_async_t*) {
             // The turn that this starts ends with EndTurn().
           }) == 0);
  // Twice a turn: once for what timers made before the loop sleeps, once for
  // what reads made, at once.
  uv_prepare_start(&prepare_, [](uv_prepare_t* handle) {
    static_cast<Loop*>(handle->loop->data)->EndTurn();
  });
  uv_check_start(&check_, [](uv_check_t* handle) {
    static_cast<Loop*>(handle->loop->data)->EndTurn();
  });
  uv_timer_start(
      &tick_,
      [](uv_timer_t* handle) {
        auto* self = static_cast<Loop*>(handle->loop->data);
        self->timers_->Advance(self->clock_.monotonic_ms());
      },
      TimerWheel::kSlotMs, TimerWheel::kSlotMs);
}

Loop::~Loop() {
  uv_close(reinterpret_cast<uv_handle_t*>(&prepare_), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&check_), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&tick_), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&wake_), nullptr);
  uv_run(&loop_, UV_RUN_DEFAULT);
  RT_CHECK(uv_loop_close(&loop_) == 0);
}

void Loop::Run() { uv_run(&loop_, UV_RUN_DEFAULT); }

void Loop::Stop() { uv_stop(&loop_); }

void Loop::RunUntilClosed() {
  // Closing takes a turn or two; nothing here waits for a peer.
  for (int turn = 0; turn < 8; ++turn) uv_run(&loop_, UV_RUN_NOWAIT);
}

void Loop::Wake() { uv_async_send(&wake_); }

void Loop::AddTurnListener(TurnListener* listener) {
  listeners_.push_back(listener);
}

void Loop::EndTurn() {
  for (TurnListener* listener : listeners_) listener->OnTurn();
  // Flushing may end a session, and its farewell is due in this turn too.
  while (!dirty_.empty()) {
    flushing_.swap(dirty_);
    for (Connection* connection : flushing_) connection->Flush();
    flushing_.clear();
  }
}

}  // namespace rt
