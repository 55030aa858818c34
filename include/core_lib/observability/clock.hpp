// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "core_lib/observability/deadline.hpp"

namespace core_lib {

/// Where core_lib takes the time from, and how it waits. Tests pass one of their own.
/// Thread safety: all functions may be called from any thread.
class Clock {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  virtual ~Clock() = default;

  /// Never goes back.
  [[nodiscard]] virtual time_point now() noexcept = 0;
  /// As now(), cheaper, and a few milliseconds behind.
  [[nodiscard]] virtual time_point coarse_now() noexcept { return now(); }
  /// Waits until it is notified or the deadline has passed; it may also return for no reason.
  /// @return false once the deadline has passed
  virtual bool wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
                          Deadline deadline) = 0;
};

/// The steady clock of the machine.
[[nodiscard]] std::shared_ptr<Clock> system_clock();

}  // namespace core_lib
