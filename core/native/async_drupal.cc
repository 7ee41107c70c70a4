#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

#include "base/log.h"
#include "native/drupal.h"

namespace drupalrt {

class AsyncDrupal::Impl {
 public:
  Impl(std::shared_ptr<Drupal> drupal, const Options& options)
      : shared_(std::make_shared<Shared>()) {
    shared_->drupal = std::move(drupal);
    shared_->queue_limit = options.queue_limit;
    for (int i = 0; i < std::max(options.threads, 1); ++i) {
      try {
        threads_.emplace_back([shared = shared_] { Work(shared.get()); });
      } catch (const std::system_error&) {
        break;  // with those there are
      }
    }
    // With none, every question is answered at once.
    if (threads_.empty()) shared_->queue_limit = 0;
  }

  ~Impl() {
    {
      const std::lock_guard lock(shared_->mutex);
      shared_->stopping = true;
    }
    shared_->wake.notify_all();
    for (std::thread& thread : threads_) {
      // A callback may have held the last reference to us: its thread ends by
      // itself, with what it shares.
      if (thread.get_id() == std::this_thread::get_id()) {
        thread.detach();
      } else {
        thread.join();
      }
    }
    const Error stopped = {ErrorCode::kUnavailable, "the program is stopping"};
    std::deque<Job> left;
    {
      const std::lock_guard lock(shared_->mutex);
      left.swap(shared_->queue);
    }
    for (Job& job : left) Run(&job, nullptr, &stopped);
  }

  void Post(Job job) {
    {
      const std::lock_guard lock(shared_->mutex);
      if (!shared_->stopping && shared_->queue.size() < shared_->queue_limit) {
        shared_->queue.push_back(std::move(job));
        shared_->wake.notify_one();
        return;
      }
    }
    const Error busy = {ErrorCode::kUnavailable,
                        "too many questions are waiting"};
    Run(&job, nullptr, &busy);
  }

 private:
  // What the threads need, for as long as any of them runs.
  struct Shared {
    std::shared_ptr<Drupal> drupal;
    size_t queue_limit = 0;

    std::mutex mutex;  // guards all below
    std::condition_variable wake;
    std::deque<Job> queue;
    bool stopping = false;
  };

  static void Run(Job* job, Drupal* drupal, const Error* refused) {
    try {
      (*job)(drupal, refused);
    } catch (...) {
      rt::Log(rt::LogLevel::kWarning, "native: a callback threw");
    }
  }

  static void Work(Shared* shared) {
    std::unique_lock lock(shared->mutex);
    while (true) {
      shared->wake.wait(
          lock, [&] { return shared->stopping || !shared->queue.empty(); });
      if (shared->stopping) return;
      Job job = std::move(shared->queue.front());
      shared->queue.pop_front();
      lock.unlock();
      Run(&job, shared->drupal.get(), nullptr);
      job = nullptr;  // what it holds goes before the next question
      lock.lock();
    }
  }

  const std::shared_ptr<Shared> shared_;
  std::vector<std::thread> threads_;
};

AsyncDrupal::AsyncDrupal(std::shared_ptr<Drupal> drupal, const Options& options)
    : impl_(std::make_unique<Impl>(std::move(drupal), options)) {}

AsyncDrupal::~AsyncDrupal() = default;

void AsyncDrupal::Post(Job job) { impl_->Post(std::move(job)); }

}  // namespace drupalrt
