// The look-ups that wait for a thread. Sites take turns, and no site has more
// than its share of them run at once or fills the whole queue: so one whose
// store is slow, or one that many ask about, leaves threads and places to the
// others. Not thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "db/login_job.h"

namespace rt {

class JobQueue {
 public:
  using JobPtr = std::shared_ptr<LoginJob>;

  // At most `share` of a site run at once, and `capacity` of all wait, three
  // quarters of them of one site. REQUIRES: share > 0.
  JobQueue(size_t share, size_t capacity)
      : share_(share), capacity_(capacity), places_(capacity - capacity / 4) {}

  // May another one of the site wait?
  [[nodiscard]] bool HasRoom(const std::string& site) const;
  void Push(JobPtr job);
  // Before all others of its site.
  void PushFirst(JobPtr job);

  // May one run now?
  [[nodiscard]] bool ready() const;
  // May anything else of the site, which counts as one from Begin() to Done()?
  [[nodiscard]] bool MayRun(const std::string& site) const;
  void Begin(const std::string& site) { ++sites_[site].running; }
  // The next one; it runs until Done(). REQUIRES: ready().
  [[nodiscard]] JobPtr Take();
  void Done(const std::string& site);

  // Waiting ones.
  [[nodiscard]] size_t size() const { return size_; }
  // Any of them, whether it may run or not. REQUIRES: size() > 0.
  [[nodiscard]] JobPtr TakeAny();

 private:
  struct Site {
    std::deque<JobPtr> waiting;
    size_t running = 0;
  };

  Site& Expect(const std::string& key);
  [[nodiscard]] JobPtr TakeOf(std::deque<std::string>::iterator turn);

  size_t share_;
  size_t capacity_;
  size_t places_;  // a site's
  size_t size_ = 0;
  std::unordered_map<std::string, Site> sites_;
  std::deque<std::string> turns_;  // sites where one waits, next first
};

}  // namespace rt
