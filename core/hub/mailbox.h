// A queue into another thread: many may post, one takes. Whoever finds it
// empty wakes the taker, once, however much follows.
#pragma once

#include <functional>
#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

namespace rt {

template <typename T>
class Mailbox {
 public:
  // `wake` runs on the posting thread when something arrives in an empty box;
  // it must be cheap and callable from any thread.
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // Moves all of `*batch` in and leaves it empty, its room kept.
  void PostAll(std::vector<T>* batch) {
    if (batch->empty()) return;
    bool was_empty = false;
    {
      std::lock_guard lock(mutex_);
      was_empty = items_.empty();
      if (was_empty) {
        items_.swap(*batch);
      } else {
        items_.insert(items_.end(), std::make_move_iterator(batch->begin()),
                      std::make_move_iterator(batch->end()));
      }
    }
    batch->clear();
    if (was_empty) wake_();
  }

  void Post(T item) {
    bool was_empty = false;
    {
      std::lock_guard lock(mutex_);
      was_empty = items_.empty();
      items_.push_back(std::move(item));
    }
    if (was_empty) wake_();
  }

  // Everything so far, in order; `*out` must be empty, its room goes in.
  void TakeAll(std::vector<T>* out) {
    std::lock_guard lock(mutex_);
    items_.swap(*out);
  }

 private:
  std::function<void()> wake_;
  std::mutex mutex_;
  std::vector<T> items_;
};

}  // namespace rt
