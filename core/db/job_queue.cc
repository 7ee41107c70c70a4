#include "db/job_queue.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace rt {

// The site's jobs, with a turn for the one that comes.
JobQueue::Site& JobQueue::Expect(const std::string& key) {
  Site& site = sites_[key];
  if (site.waiting.empty()) turns_.push_back(key);
  ++size_;
  return site;
}

bool JobQueue::HasRoom(const std::string& site) const {
  if (size_ >= capacity_) return false;
  const auto found = sites_.find(site);
  return found == sites_.end() || found->second.waiting.size() < places_;
}

void JobQueue::Push(JobPtr job) {
  Site& site = Expect(job->site->key);
  site.waiting.push_back(std::move(job));
}

void JobQueue::PushFirst(JobPtr job) {
  Site& site = Expect(job->site->key);
  site.waiting.push_front(std::move(job));
}

bool JobQueue::MayRun(const std::string& site) const {
  const auto found = sites_.find(site);
  return found == sites_.end() || found->second.running < share_;
}

bool JobQueue::ready() const {
  return std::any_of(turns_.begin(), turns_.end(),
                     [this](const auto& key) { return MayRun(key); });
}

JobQueue::JobPtr JobQueue::Take() {
  const auto turn = std::find_if(
      turns_.begin(), turns_.end(),
      [this](const auto& key) { return sites_.at(key).running < share_; });
  RT_CHECK(turn != turns_.end());
  JobPtr job = TakeOf(turn);
  ++sites_.at(job->site->key).running;
  return job;
}

JobQueue::JobPtr JobQueue::TakeAny() {
  RT_CHECK(!turns_.empty());
  return TakeOf(turns_.begin());
}

JobQueue::JobPtr JobQueue::TakeOf(std::deque<std::string>::iterator turn) {
  const std::string key = *turn;
  Site& site = sites_.at(key);
  JobPtr job = std::move(site.waiting.front());
  site.waiting.pop_front();
  --size_;
  turns_.erase(turn);
  if (!site.waiting.empty()) turns_.push_back(key);
  return job;
}

void JobQueue::Done(const std::string& site) {
  const auto found = sites_.find(site);
  RT_CHECK(found != sites_.end() && found->second.running > 0);
  --found->second.running;
  if (found->second.running == 0 && found->second.waiting.empty()) {
    sites_.erase(found);
  }
}

}  // namespace rt
