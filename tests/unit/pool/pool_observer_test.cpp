// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include <gmock/gmock.h>

#include "support/recording_observer.hpp"
#include "unit/pool/pool_fixture.hpp"

namespace core_lib {
namespace {

using testing::ElementsAre;
using Kind = PoolEvent::Kind;

class PoolObserverTest : public PoolTest {
 protected:
  [[nodiscard]] std::unique_ptr<TestPool> make_observed(PoolOptions options = {}) {
    return std::make_unique<TestPool>(std::move(options), server.hooks(), logger, clock, observer);
  }
  [[nodiscard]] std::vector<Kind> kinds() const {
    std::vector<Kind> kinds;
    for (const auto& event : observer->pool_events()) kinds.push_back(event.kind);
    return kinds;
  }

  std::shared_ptr<support::RecordingObserver> observer = std::make_shared<support::RecordingObserver>();
};

TEST_F(PoolObserverTest, ALifeOfAConnectionIsTold) {
  const auto pool = make_observed({.name = "users"});
  server.on_connect = [&](Deadline) { clock->advance(seconds(2)); };
  for (int i = 0; i < 2; ++i) {
    const TestLease lease = pool->acquire();
    clock->advance(seconds(3));
  }
  pool->close();
  EXPECT_THAT(kinds(), ElementsAre(Kind::connected, Kind::acquired, Kind::released, Kind::acquired, Kind::released,
                                   Kind::closed));
  const auto events = observer->pool_events();
  EXPECT_EQ(events[0].pool, "users");
  EXPECT_EQ(events[0].duration, seconds(2));
  EXPECT_EQ(events[1].duration, seconds(2));
  EXPECT_EQ(events[2].duration, seconds(3));
  EXPECT_EQ(events[3].duration, seconds(0));
}

TEST_F(PoolObserverTest, AnAttemptThatFailsTellsItsClassAndCode) {
  const auto pool = make_observed();
  server.fail(1, ConnectionLost("db.example: no route", {.native_code = "08001"}));
  EXPECT_THROW((void)pool->acquire(), ConnectionLost);
  ASSERT_THAT(kinds(), ElementsAre(Kind::connect_failed));
  EXPECT_EQ(observer->pool_events()[0].failure.error_class, "ConnectionLost");
  EXPECT_EQ(observer->pool_events()[0].failure.native_code, "08001");
}

TEST_F(PoolObserverTest, AWaitIsMeasuredWhetherItEndsWellOrNot) {
  const auto pool = make_observed({.max_size = 1, .max_overflow = 0});
  TestLease held = pool->acquire();
  auto late = queue(*pool, 1, in(seconds(5)));
  clock->advance(seconds(5));
  EXPECT_THROW((void)late.get(), PoolTimeout);
  ASSERT_EQ(observer->count(Kind::timed_out), 1U);
  EXPECT_EQ(observer->pool_events().back().duration, seconds(5));

  auto patient = queue(*pool, 1);
  clock->advance(seconds(7));
  observer->clear();
  held.release();
  const TestLease lease = patient.get();
  EXPECT_THAT(kinds(), testing::UnorderedElementsAre(Kind::released, Kind::acquired));
  for (const auto& event : observer->pool_events()) {
    EXPECT_EQ(event.duration, event.kind == Kind::acquired ? seconds(7) : seconds(12));
  }
}

TEST_F(PoolObserverTest, ALeakIsToldOnce) {
  const auto pool = make_observed({.leak_threshold = seconds(60)});
  const TestLease lease = pool->acquire();
  clock->advance(seconds(61));
  EXPECT_TRUE(eventually([&] { return observer->count(Kind::leaked) == 1; }));
  clock->advance(minutes(10));
  EXPECT_TRUE(eventually([&] { return pool->statistics().leaks == 1; }));
  EXPECT_EQ(observer->count(Kind::leaked), 1U);
}

TEST_F(PoolObserverTest, TryAcquireIsToldOnlyWhereItLends) {
  const auto pool = make_observed();
  EXPECT_FALSE(pool->try_acquire());
  EXPECT_THAT(kinds(), ElementsAre());
  pool->acquire().release();
  observer->clear();
  EXPECT_TRUE(pool->try_acquire());
  EXPECT_THAT(kinds(), ElementsAre(Kind::acquired, Kind::released));
}

TEST_F(PoolObserverTest, EveryWayToCloseIsTold) {
  auto pool = make_observed({.idle_timeout = seconds(10)});
  TestLease discarded = pool->acquire();
  discarded.discard();
  discarded.release();
  EXPECT_TRUE(eventually([&] { return observer->count(Kind::closed) == 1; }));
  pool->acquire().release();
  pool->invalidate();
  EXPECT_TRUE(eventually([&] { return observer->count(Kind::closed) == 2; }));
  TestLease outlives = pool->acquire();
  pool->acquire().release();
  pool.reset();
  EXPECT_EQ(observer->count(Kind::closed), 3U);
  outlives.release();
  EXPECT_EQ(observer->count(Kind::closed), 4U);
  EXPECT_EQ(observer->count(Kind::connected), 4U);
}

TEST_F(PoolObserverTest, WhatIsOpenedForAPoolThatClosesMeanwhileIsClosedOnce) {
  for (const bool by_a_connector : {false, true}) {
    SCOPED_TRACE(by_a_connector ? "by a connector" : "by the borrower");
    observer->clear();
    const auto pool = make_observed({.max_size = 2});
    std::optional<TestLease> held;
    if (by_a_connector) held = borrow(*pool).get();
    server.connecting().shut();
    auto late = borrow(*pool);
    EXPECT_TRUE(eventually([&] { return server.connecting().waiting == 1; }));
    EXPECT_THROW(pool->close(in(seconds(0))), DeadlineExceeded);
    server.connecting().open();
    EXPECT_THROW((void)late.get(), UsageError);
    held.reset();
    EXPECT_TRUE(eventually([&] { return pool->statistics().total == 0; }));
    const PoolStatistics figures = pool->statistics();
    EXPECT_EQ(figures.connects, by_a_connector ? 2U : 1U);
    EXPECT_EQ(figures.closes, figures.connects);
    EXPECT_EQ(observer->count(Kind::connected), figures.connects);
    EXPECT_EQ(observer->count(Kind::closed), figures.closes);
  }
}

TEST_F(PoolObserverTest, AnObserverMayAskThePool) {
  struct Curious final : Observer {
    void pool_changed(const PoolEvent&) noexcept override {
      if (TestPool* const watched = pool) total = watched->statistics().total;
    }
    std::atomic<TestPool*> pool{nullptr};
    std::atomic<std::size_t> total{0};
  };
  const auto curious = std::make_shared<Curious>();
  TestPool pool({}, server.hooks(), logger, clock, curious);
  curious->pool = &pool;
  pool.acquire().release();
  EXPECT_EQ(curious->total, 1U);
  pool.close();
  EXPECT_EQ(curious->total, 0U);
  curious->pool = nullptr;
}

}  // namespace
}  // namespace core_lib
