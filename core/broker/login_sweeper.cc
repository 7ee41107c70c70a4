#include "broker/login_sweeper.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/log.h"
#include "base/random.h"

namespace rt {

namespace {

// How often it looks which sites are due: a sixteenth of the interval.
constexpr int64_t kLooks = 16;

}  // namespace

struct LoginSweeper::Collection {
  std::vector<BrokerSitePtr> sites;
  std::vector<uint32_t> ids;
  std::atomic<size_t> workers_left{0};
  std::mutex mutex;
  std::vector<std::vector<SweptLogin>> logins;  // of each of the sites
};

LoginSweeper::LoginSweeper(int64_t interval_ms, const Clock* clock,
                           std::function<void()> wake)
    : interval_ms_(interval_ms), clock_(clock), wake_(std::move(wake)) {}

int64_t LoginSweeper::NextDue(int64_t now_ms) const {
  // A little before the interval is over, so that with the look and the sweep
  // itself a change is known within it; and not all sites at once.
  const int64_t least = interval_ms_ * 3 / 4;
  const auto more = static_cast<uint64_t>(interval_ms_ / 8);
  return now_ms + least + static_cast<int64_t>(RandomBelow(more + 1));
}

void LoginSweeper::Request(uint32_t site_id) {
  {
    const std::lock_guard lock(mutex_);
    sites_[site_id].again = true;
  }
  requested_ = true;
  wake_();
}

void LoginSweeper::OnTurn(const SiteSet& sites) {
  const int64_t now_ms = clock_->monotonic_ms();
  const bool look = interval_ms_ > 0 && now_ms >= look_ms_;
  if (!requested_.exchange(false) && !look) return;
  if (look) look_ms_ = now_ms + std::max<int64_t>(interval_ms_ / kLooks, 1);
  std::vector<BrokerSitePtr> due;
  FindDue(sites, now_ms, &due);
  if (!due.empty()) Collect(std::move(due));
}

void LoginSweeper::FindDue(const SiteSet& sites, int64_t now_ms,
                           std::vector<BrokerSitePtr>* due) {
  const std::lock_guard lock(mutex_);
  for (auto& [id, site] : sites_) site.present = false;
  for (const BrokerSitePtr& one : sites.sites()) {
    const auto [at, made] = sites_.try_emplace(one->site->id);
    Site& site = at->second;
    site.present = true;
    if (site.due_ms == 0 && interval_ms_ > 0) {
      const auto interval = static_cast<uint64_t>(interval_ms_);
      site.due_ms = now_ms + 1 + static_cast<int64_t>(RandomBelow(interval));
    }
    const bool time = interval_ms_ > 0 && now_ms >= site.due_ms;
    if (site.running || (!site.again && !time)) continue;
    site.again = false;
    site.running = true;
    site.due_ms = NextDue(now_ms);
    due->push_back(one);
  }
  std::erase_if(sites_, [](const auto& entry) {
    return !entry.second.present && !entry.second.running;
  });
}

void LoginSweeper::Collect(std::vector<BrokerSitePtr> due) {
  auto collection = std::make_shared<Collection>();
  for (const BrokerSitePtr& site : due) {
    collection->ids.push_back(site->site->id);
  }
  collection->sites = std::move(due);
  collection->logins.resize(collection->sites.size());
  collection->workers_left = workers_->size();
  for (const auto& worker : *workers_) {
    worker->PostTask([this, target = worker.get(), collection] {
      auto logins = target->CollectLogins(collection->ids);
      {
        const std::lock_guard lock(collection->mutex);
        for (size_t i = 0; i < logins.size(); ++i) {
          auto& all = collection->logins[i];
          all.insert(all.end(), std::make_move_iterator(logins[i].begin()),
                     std::make_move_iterator(logins[i].end()));
        }
      }
      if (--collection->workers_left != 0) return;
      for (size_t i = 0; i < collection->sites.size(); ++i) {
        Sweep(collection.get(), i);
      }
    });
  }
}

void LoginSweeper::Sweep(Collection* collection, size_t index) {
  const uint32_t id = collection->ids[index];
  std::vector<SweptLogin> logins = std::move(collection->logins[index]);
  const int64_t now_ms = clock_->monotonic_ms();
  if (logins.empty()) {
    SweepStep nobody;
    nobody.last = true;
    return OnStep(id, now_ms, nobody);
  }
  identities_->Sweep(
      collection->sites[index]->login, std::move(logins),
      [this, id, now_ms](const SweepStep& step) { OnStep(id, now_ms, step); });
}

void LoginSweeper::OnStep(uint32_t site_id, int64_t began_ms,
                          const SweepStep& step) {
  Tell(step.changes);
  bool again = false;
  {
    const std::lock_guard lock(mutex_);
    if (step.status.ok()) {
      stats_.connections += step.connections;
    } else {
      ++stats_.failures;
    }
    stats_.changes += step.changes.size();
    if (step.last && step.connections > 0) {
      ++stats_.sweeps;
      const int64_t took_ms = clock_->monotonic_ms() - began_ms;
      stats_.last_ms = static_cast<uint64_t>(std::max<int64_t>(took_ms, 0));
    }
    if (step.last) {
      Site& site = sites_[site_id];
      site.running = false;
      again = site.again;
    }
  }
  if (!step.status.ok()) {
    Log(LogLevel::kInfo, "{} logins were not looked at again: {}",
        step.connections, step.status.error().message);
  }
  if (!again) return;
  requested_ = true;
  wake_();
}

void LoginSweeper::Tell(const std::vector<SweepChange>& changes) {
  std::vector<std::vector<SweepChange>> shares(workers_->size());
  for (const SweepChange& change : changes) {
    shares[Worker::WorkerOfHandle(change.handle)].push_back(change);
  }
  for (size_t i = 0; i < shares.size(); ++i) {
    if (shares[i].empty()) continue;
    Worker* worker = (*workers_)[i].get();
    worker->PostTask(
        [worker, share = std::move(shares[i])] { worker->OnSwept(share); });
  }
}

SweepStats LoginSweeper::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

}  // namespace rt
