// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>

#include "core_lib/observability/deadline.hpp"

namespace core_lib {
class Clock;
}

namespace core_lib::net {

/// Ends all waits of those who share it, at once and for good: reads, writes, connects, and waits for time to pass.
/// Thread safety: all functions, from any thread.
class Cancellation {
 public:
  /// Every socket that is watched is shut down, and every wait returns.
  void cancel() noexcept;
  [[nodiscard]] bool is_cancelled() const noexcept;

  /// Watches a socket from now on; one watched after cancel() is shut down at once.
  void watch(int socket);
  /// To be called before the socket is closed: its number may then be another's.
  void forget(int socket) noexcept;
  /// Returns when `ready()` holds, which wake() makes it look at, when the deadline has passed or after cancel().
  void wait(Deadline deadline, const std::function<bool()>& ready);
  /// Waits on a clock for a moment to pass. @return false after cancel()
  bool sleep(Clock& clock, Deadline until);
  void wake() noexcept;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::set<int> sockets_;
  bool cancelled_ = false;
};

}  // namespace core_lib::net
