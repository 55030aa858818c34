// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>

namespace core_lib::ledger {

/// Where the supervisor lies in wait for a transfer that is done and about to be committed.
/// Thread safety: all functions.
class Ambush {
 public:
  /// Runs `strike` in the thread of the next worker that gets there, and waits until it has run.
  /// @return false where none came in time; none will be struck then
  bool lay(std::function<void()> strike, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    strike_ = std::move(strike);
    done_ = false;
    const bool sprung = struck_.wait_for(lock, patience, [this] { return done_; });
    strike_ = nullptr;
    return sprung;
  }
  /// For workers, behind their last statement.
  void reach() {
    const std::scoped_lock lock(mutex_);
    if (!strike_) return;
    std::exchange(strike_, nullptr)();
    done_ = true;
    struck_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable struck_;
  std::function<void()> strike_;
  bool done_ = false;
};

}  // namespace core_lib::ledger
