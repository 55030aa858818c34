// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "core_lib/observability/clock.hpp"

namespace core_lib::support {

/// A clock that stands still until it is told to advance, and then wakes everyone who waits on it.
class FakeClock final : public Clock {
 public:
  [[nodiscard]] time_point now() noexcept override {
    const std::scoped_lock lock(mutex_);
    return now_;
  }

  bool wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock, Deadline deadline) override {
    std::unique_lock own(mutex_);
    if (deadline.expired(now_)) return false;
    const auto self = sleepers_.insert(sleepers_.end(), Sleeper{&condition, lock.mutex(), false});
    own.unlock();
    condition.wait(lock);
    own.lock();
    sleepers_.erase(self);
    return !deadline.expired(now_);
  }

  void advance(std::chrono::steady_clock::duration by) {
    {
      const std::scoped_lock lock(mutex_);
      now_ += by;
      for (Sleeper& sleeper : sleepers_) sleeper.to_wake = true;
    }
    while (!wake()) std::this_thread::yield();
  }

 private:
  struct Sleeper {
    std::condition_variable* condition;
    std::mutex* mutex;
    bool to_wake;
  };

  // A sleeper holds its mutex from the moment it is listed until it sleeps: once that mutex can be had, a notification
  // is not lost. It is only tried, because sleepers take the two mutexes in the other order.
  bool wake() {
    bool all = true;
    const std::scoped_lock lock(mutex_);
    for (Sleeper& sleeper : sleepers_) {
      if (!sleeper.to_wake) continue;
      if (sleeper.mutex->try_lock()) {
        sleeper.mutex->unlock();
        sleeper.condition->notify_all();
        sleeper.to_wake = false;
      } else {
        all = false;
      }
    }
    return all;
  }

  std::mutex mutex_;
  time_point now_{std::chrono::hours(1)};
  std::list<Sleeper> sleepers_;
};

}  // namespace core_lib::support
