#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "native/drupal.h"

namespace drupalrt {

class AsyncDrupal::Impl {
 public:
  Impl(std::shared_ptr<Drupal> drupal, const Options& options)
      : drupal_(std::move(drupal)), queue_limit_(options.queue_limit) {
    for (int i = 0; i < std::max(options.threads, 1); ++i) {
      threads_.emplace_back([this] { Work(); });
    }
  }

  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    const Error stopped = {ErrorCode::kUnavailable, "the program is stopping"};
    for (Job& job : queue_) Run(&job, nullptr, &stopped);
  }

  void Post(Job job) {
    {
      const std::lock_guard lock(mutex_);
      if (!stopping_ && queue_.size() < queue_limit_) {
        queue_.push_back(std::move(job));
        wake_.notify_one();
        return;
      }
    }
    const Error busy = {ErrorCode::kUnavailable,
                        "too many questions are waiting"};
    Run(&job, nullptr, &busy);
  }

 private:
  static void Run(Job* job, Drupal* drupal, const Error* refused) {
    try {
      (*job)(drupal, refused);
    } catch (...) {
      rt::Log(rt::LogLevel::kWarning, "native: a callback threw");
    }
  }

  void Work() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      Job job = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      Run(&job, drupal_.get(), nullptr);
      job = nullptr;  // what it holds goes before the next question
      lock.lock();
    }
  }

  const std::shared_ptr<Drupal> drupal_;
  const size_t queue_limit_;

  std::mutex mutex_;  // guards all below
  std::condition_variable wake_;
  std::deque<Job> queue_;
  bool stopping_ = false;

  std::vector<std::thread> threads_;
};

AsyncDrupal::AsyncDrupal(std::shared_ptr<Drupal> drupal, const Options& options)
    : impl_(std::make_unique<Impl>(std::move(drupal), options)) {}

AsyncDrupal::~AsyncDrupal() = default;

void AsyncDrupal::Post(Job job) { impl_->Post(std::move(job)); }

}  // namespace drupalrt
