// SPDX-License-Identifier: Apache-2.0
#include "pool/crew.hpp"

#include <exception>
#include <utility>

namespace core_lib::pool {

bool Crew::start(std::function<void()> work) noexcept {
  Threads one;
  try {
    const auto self = one.emplace(one.end());
    *self = std::jthread([this, self, work = std::move(work)] { run(self, work); });
  } catch (const std::exception&) {
    return false;
  }
  working_.splice(working_.end(), one);  // in time: run() needs the mutex, which the caller holds, before it moves on
  return true;
}

void Crew::run(Threads::iterator self, const std::function<void()>& work) {
  Threads predecessors;
  {
    const std::scoped_lock lock(mutex_);
    predecessors.swap(finished_);
  }
  predecessors.clear();  // joins them, and they have only to return
  work();
  const std::scoped_lock lock(mutex_);
  finished_.splice(finished_.end(), working_, self);
  ended_.notify_all();
}

void Crew::join(std::unique_lock<std::mutex>& lock) {
  ended_.wait(lock, [this] { return working_.empty(); });
  Threads finished;
  finished.swap(finished_);
  lock.unlock();
  finished.clear();
  lock.lock();
}

}  // namespace core_lib::pool
