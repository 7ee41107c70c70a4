#include "db/delivery_gate.h"

#include <utility>

namespace rt {

namespace {

thread_local bool inside_delivery = false;

}  // namespace

void DeliveryGate::Deliver(Lock* lock, const std::function<void()>& deliver) {
  const uint64_t ticket = ++tickets_;
  running_.insert(ticket);
  lock->unlock();
  const bool outer = std::exchange(inside_delivery, true);
  deliver();
  inside_delivery = outer;
  lock->lock();
  running_.erase(ticket);
  over_.notify_all();
}

void DeliveryGate::Await(Lock* lock) {
  if (inside_delivery) return;
  const uint64_t last = tickets_;
  over_.wait(*lock,
             [&] { return running_.empty() || *running_.begin() > last; });
}

}  // namespace rt
