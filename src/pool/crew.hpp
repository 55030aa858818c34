// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace core_lib::pool {

/// The threads of one pool: each starts when there is work and ends when there is none.
/// Every function expects the caller to hold the pool's mutex.
class Crew {
 public:
  /// @param ended  notified whenever a thread has ended
  Crew(std::mutex& mutex, std::condition_variable& ended) : mutex_(mutex), ended_(ended) {}

  /// Runs `work` in a thread of its own. False where the system gives none.
  [[nodiscard]] bool start(std::function<void()> work) noexcept;
  [[nodiscard]] bool empty() const noexcept { return working_.empty(); }
  /// Waits until all have ended.
  void join(std::unique_lock<std::mutex>& lock);

 private:
  using Threads = std::list<std::jthread>;

  void run(Threads::iterator self, const std::function<void()>& work);

  std::mutex& mutex_;
  std::condition_variable& ended_;
  Threads working_;
  Threads finished_;
};

}  // namespace core_lib::pool
