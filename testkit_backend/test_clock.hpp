// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>

#include "core_lib/observability/clock.hpp"

namespace core_lib::testkit {

/// The steady clock, which TestKit may stop and move. Waits take real time.
class TestClock final : public Clock {
 public:
  time_point now() noexcept override {
    const auto stopped = stopped_at_.load();
    return stopped == time_point() ? std::chrono::steady_clock::now() : stopped;
  }
  bool wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock, Deadline deadline) override {
    if (deadline.is_never()) return condition.wait(lock), true;
    const auto moved = now() - std::chrono::steady_clock::now();
    return condition.wait_until(lock, deadline.at() - moved) == std::cv_status::no_timeout;
  }

  void stop() { stopped_at_ = std::chrono::steady_clock::now(); }
  void move(std::chrono::milliseconds by) { stopped_at_ = stopped_at_.load() + by; }
  void go_on() { stopped_at_ = time_point(); }

 private:
  std::atomic<time_point> stopped_at_{time_point()};
};

}  // namespace core_lib::testkit
