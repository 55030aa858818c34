// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/pool/pool.hpp"

#include "support/eventually.hpp"
#include "support/fake_clock.hpp"
#include "support/recording_logger.hpp"
#include "unit/pool/fake_resource.hpp"

namespace core_lib {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using support::eventually;
using support::FakeServer;

/// A pool of fake connections under a clock that stands still.
class PoolTest : public testing::Test {
 protected:
  using TestPool = Pool<FakeServer::Connection>;
  using TestLease = Lease<FakeServer::Connection>;

  [[nodiscard]] std::unique_ptr<TestPool> make(PoolOptions options = {}) {
    return std::make_unique<TestPool>(std::move(options), server.hooks(), logger, clock);
  }
  /// A thread that borrows one and hands it over: it counts as that thread's.
  [[nodiscard]] static std::future<TestLease> borrow(TestPool& pool, Deadline deadline = {}) {
    return std::async(std::launch::async, [&pool, deadline] { return pool.acquire(deadline); });
  }
  /// As borrow(), and returns once that thread waits as the `place`th in line.
  [[nodiscard]] static std::future<TestLease> queue(TestPool& pool, std::size_t place, Deadline deadline = {}) {
    auto lease = borrow(pool, deadline);
    EXPECT_TRUE(eventually([&] { return pool.statistics().waiting == place; }));
    return lease;
  }
  [[nodiscard]] Deadline in(std::chrono::steady_clock::duration time) { return Deadline::from(clock->now(), time); }

  FakeServer server;
  std::shared_ptr<support::FakeClock> clock = std::make_shared<support::FakeClock>();
  std::shared_ptr<support::RecordingLogger> logger = std::make_shared<support::RecordingLogger>();
};

/// The message of the error of class E that `action` throws; empty where it throws none.
template <class E, class Action>
[[nodiscard]] std::string message_of(Action&& action) {
  try {
    std::forward<Action>(action)();
  } catch (const E& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

}  // namespace core_lib
