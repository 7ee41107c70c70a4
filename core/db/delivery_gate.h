// Closes the gap between "this answer is still good" and "it has arrived": a
// notice that comes while another thread calls back with an older answer waits
// here until that call is over. Whoever gave the notice can then end the
// session it came too late for. Used under the mutex of its owner.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>

namespace rt {

class DeliveryGate {
 public:
  using Lock = std::unique_lock<std::mutex>;

  // Runs `deliver` with the lock released.
  void Deliver(Lock* lock, const std::function<void()>& deliver);

  // Returns when all deliveries that had begun are over; from within one, at
  // once: nobody can wait for themselves.
  void Await(Lock* lock);

 private:
  std::condition_variable over_;
  uint64_t tickets_ = 0;
  std::set<uint64_t> running_;
};

}  // namespace rt
