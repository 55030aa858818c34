// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

#include "core_lib/observability/deadline.hpp"

namespace core_lib::solr::detail {

/// Counts the scopes of a registry. Thread safety: any thread.
class Scopes {
 public:
  /// False once it is closed.
  [[nodiscard]] bool is_open() const {
    const std::scoped_lock lock(mutex_);
    return !closed_;
  }
  void enter() {
    const std::scoped_lock lock(mutex_);
    ++entered_;
  }
  void leave() {
    const std::scoped_lock lock(mutex_);
    --entered_;
    left_.notify_all();
  }
  [[nodiscard]] std::size_t entered() const {
    const std::scoped_lock lock(mutex_);
    return entered_;
  }
  /// Lets no more in. @returns how many are still there at the deadline
  [[nodiscard]] std::size_t close(Deadline deadline) {
    std::unique_lock lock(mutex_);
    closed_ = true;
    const auto all_left = [this] { return entered_ == 0; };
    if (deadline.is_never()) {
      left_.wait(lock, all_left);
    } else {
      left_.wait_until(lock, deadline.at(), all_left);
    }
    return entered_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable left_;
  std::size_t entered_ = 0;
  bool closed_ = false;
};

}  // namespace core_lib::solr::detail
