// The connections of one site's database that callers share: opened when they
// are needed, bounded, given back after each question. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/result.h"
#include "db/database.h"

namespace rt {

class ConnectionPool {
 public:
  // Above `limit` open connections callers wait for one, `wait_ms` at most;
  // then kUnavailable.
  ConnectionPool(DatabaseConfig config, size_t limit, int64_t wait_ms,
                 DatabaseOpener open);

  // Puts `question(Database*)`, which returns a Result, to a connection. One
  // that turns out to be dead is made anew, once.
  template <typename Question>
  auto Ask(const Question& question)
      -> decltype(question(std::declval<Database*>())) {
    while (true) {
      Result<Lease> lease = Take();
      if (!lease) return lease.error();
      auto answer = question(lease->database.get());
      const bool dead =
          !answer.ok() && answer.error().code == ErrorCode::kUnavailable;
      const bool again = dead && lease->reused;
      GiveBack(dead ? nullptr : std::move(lease->database));
      if (!again) return answer;
    }
  }

 private:
  struct Lease {
    std::unique_ptr<Database> database;
    bool reused = false;  // may have died since it was used last
  };

  [[nodiscard]] Result<Lease> Take();
  // Null: it was given up.
  void GiveBack(std::unique_ptr<Database> database);

  const DatabaseConfig config_;
  const size_t limit_;
  const int64_t wait_ms_;
  const DatabaseOpener open_;

  std::mutex mutex_;  // guards all below
  std::condition_variable given_back_;
  std::vector<std::unique_ptr<Database>> idle_;  // used last, at the end
  size_t leased_ = 0;
};

}  // namespace rt
