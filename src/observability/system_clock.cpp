// SPDX-License-Identifier: Apache-2.0
#include <ctime>

#include "core_lib/observability/clock.hpp"

namespace core_lib {
namespace {

class SystemClock final : public Clock {
 public:
  time_point now() noexcept override { return std::chrono::steady_clock::now(); }

#ifdef CLOCK_MONOTONIC_COARSE
  // The steady clock of libstdc++ and libc++ is CLOCK_MONOTONIC; its coarse sister counts from the same start.
  time_point coarse_now() noexcept override {
    timespec time{};
    if (clock_gettime(CLOCK_MONOTONIC_COARSE, &time) != 0) return now();
    return time_point(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
  }
#endif

  bool wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock, Deadline deadline) override {
    if (deadline.is_never()) {
      condition.wait(lock);
      return true;
    }
    return condition.wait_until(lock, deadline.at()) == std::cv_status::no_timeout;
  }
};

}  // namespace

std::shared_ptr<Clock> system_clock() {
  static const std::shared_ptr<Clock> clock = std::make_shared<SystemClock>();
  return clock;
}

}  // namespace core_lib
