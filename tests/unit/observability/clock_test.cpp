// SPDX-License-Identifier: Apache-2.0
#include "core_lib/observability/clock.hpp"

#include <future>

#include <gtest/gtest.h>

#include "support/eventually.hpp"
#include "support/fake_clock.hpp"

namespace core_lib {
namespace {

using namespace std::chrono_literals;

TEST(SystemClockTest, IsTheSteadyClock) {
  const auto before = std::chrono::steady_clock::now();
  const auto now = system_clock()->now();
  EXPECT_LE(before, now);
  EXPECT_LE(now, std::chrono::steady_clock::now());
}

TEST(SystemClockTest, CoarseTimeCountsFromTheSameStart) {
  const auto now = system_clock()->now();
  const auto coarse = system_clock()->coarse_now();
  EXPECT_LT(coarse, now + 1min);
  EXPECT_GT(coarse, now - 1s);
}

TEST(SystemClockTest, WaitEndsWithItsDeadline) {
  std::mutex mutex;
  std::condition_variable condition;
  std::unique_lock lock(mutex);
  EXPECT_FALSE(system_clock()->wait_until(condition, lock, Deadline::in(-1s)));
  EXPECT_TRUE(lock.owns_lock());
}

class WaitTest : public testing::TestWithParam<Deadline> {};

TEST_P(WaitTest, EndsWithANotification) {
  std::mutex mutex;
  std::condition_variable condition;
  bool ready = false;
  auto waiting = std::async(std::launch::async, [&] {
    std::unique_lock lock(mutex);
    bool in_time = true;
    while (!ready && in_time) in_time = system_clock()->wait_until(condition, lock, GetParam());
    return in_time;
  });
  {
    const std::scoped_lock lock(mutex);
    ready = true;
    condition.notify_one();
  }
  EXPECT_TRUE(waiting.get());
}
INSTANTIATE_TEST_SUITE_P(SystemClock, WaitTest, testing::Values(Deadline::never(), Deadline::in(1h)));

TEST(FakeClockTest, StandsStillUntilItIsAdvanced) {
  support::FakeClock clock;
  const auto start = clock.now();
  EXPECT_EQ(clock.now(), start);
  clock.advance(3s);
  EXPECT_EQ(clock.now(), start + 3s);
  EXPECT_EQ(clock.coarse_now(), clock.now());
}

TEST(FakeClockTest, AdvancingWakesSleepersWhoseTimeHasCome) {
  support::FakeClock clock;
  std::mutex mutex;
  std::condition_variable condition;
  std::atomic<int> rounds{0};
  const Deadline deadline = Deadline::from(clock.now(), 10s);
  auto sleeper = std::async(std::launch::async, [&] {
    std::unique_lock lock(mutex);
    do {
      ++rounds;
    } while (clock.wait_until(condition, lock, deadline));
  });
  EXPECT_TRUE(support::eventually([&] { return rounds >= 1; }));
  clock.advance(10s - 1ns);
  EXPECT_EQ(sleeper.wait_for(0s), std::future_status::timeout);
  clock.advance(1ns);
  sleeper.get();
}

}  // namespace
}  // namespace core_lib
