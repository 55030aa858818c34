// SPDX-License-Identifier: Apache-2.0
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <vector>

#include <gmock/gmock.h>

#include "unit/pool/pool_fixture.hpp"

namespace core_lib {
namespace {

using testing::HasSubstr;

class PoolLifecycleTest : public PoolTest {
 protected:
  /// Leaves `count` connections idle.
  static void fill(TestPool& pool, int count) {
    std::vector<TestLease> leases;
    for (int i = 0; i < count; ++i) leases.push_back(pool.acquire());
  }
};

TEST_F(PoolLifecycleTest, ExpiredConnectionIsReplacedOnAcquire) {
  const auto pool = make({.idle_timeout = seconds(0), .max_lifetime = minutes(30), .validate_after_idle = hours(1)});
  fill(*pool, 1);
  clock->advance(minutes(29));
  EXPECT_EQ(pool->acquire()->id, 1);
  clock->advance(minutes(1));
  EXPECT_EQ(pool->acquire()->id, 2);
  EXPECT_TRUE(eventually([&] { return server.closed == 1; }));
}

TEST_F(PoolLifecycleTest, ExpiredConnectionsAreClosedWhileIdle) {
  const auto pool = make({.idle_timeout = seconds(0), .max_lifetime = minutes(30)});
  fill(*pool, 3);
  clock->advance(minutes(30));
  EXPECT_TRUE(eventually([&] { return server.closed == 3; }));
  EXPECT_EQ(pool->statistics().total, 0U);
}

TEST_F(PoolLifecycleTest, ConnectionInUseIsNeverRetired) {
  const auto pool = make({.idle_timeout = seconds(0), .max_lifetime = minutes(30)});
  fill(*pool, 2);
  TestLease lease = pool->acquire();
  const int id = lease->id;
  clock->advance(hours(5));
  EXPECT_TRUE(eventually([&] { return server.closed == 1; })) << "the idle one";
  EXPECT_EQ(lease->id, id);
  EXPECT_EQ(pool->statistics().active, 1U);
  lease.release();
  EXPECT_TRUE(eventually([&] { return server.closed == 2; })) << "too old to be kept";
}

TEST_F(PoolLifecycleTest, LifetimesAreSpreadWithinTheirJitter) {
  const auto pool = make({.idle_timeout = seconds(0), .max_lifetime = seconds(1000)});
  std::set<int> lifetimes;
  int id = pool->acquire()->id;
  for (int i = 0; i < 20; ++i) {
    clock->advance(seconds(974));
    EXPECT_EQ(pool->acquire()->id, id) << "never before its time";
    int lived = 974;
    for (; pool->acquire()->id == id; ++lived) clock->advance(seconds(1));
    id = pool->acquire()->id;
    EXPECT_LE(lived, 1000);
    lifetimes.insert(lived);
  }
  EXPECT_GT(lifetimes.size(), 10U);
}

TEST_F(PoolLifecycleTest, WithoutJitterALifetimeIsExact) {
  const auto pool = make({.idle_timeout = seconds(0), .max_lifetime = seconds(1000), .lifetime_jitter = 0});
  for (int i = 0; i < 5; ++i) {
    const int id = pool->acquire()->id;
    clock->advance(seconds(999));
    EXPECT_EQ(pool->acquire()->id, id);
    clock->advance(seconds(1));
    EXPECT_NE(pool->acquire()->id, id);
  }
}

TEST_F(PoolLifecycleTest, LifetimeZeroMeansForEver) {
  const auto pool = make({.idle_timeout = seconds(0), .max_lifetime = seconds(0), .validate_after_idle = hours(1'000)});
  fill(*pool, 2);
  clock->advance(hours(900));
  EXPECT_TRUE(pool->acquire());
  EXPECT_EQ(server.connected, 2);
  EXPECT_EQ(server.closed, 0);
}

TEST_F(PoolLifecycleTest, IdleTimeoutTrimsToTheMinimumOldestFirst) {
  const auto pool = make({.min_idle = 1, .idle_timeout = minutes(10), .max_lifetime = seconds(0)});
  EXPECT_TRUE(eventually([&] { return pool->statistics().idle == 1; }));
  fill(*pool, 3);
  EXPECT_TRUE(eventually([&] { return pool->statistics().connecting == 0; }));
  const auto open = pool->statistics().idle;
  EXPECT_GE(open, 3U);
  clock->advance(minutes(10) - milliseconds(1));
  EXPECT_EQ(pool->statistics().idle, open) << "never before its time";
  clock->advance(milliseconds(1));
  EXPECT_TRUE(eventually([&] { return pool->statistics().idle == 1; }));
  EXPECT_TRUE(eventually([&] { return server.closed == static_cast<int>(open) - 1; }));
}

TEST_F(PoolLifecycleTest, UseStartsTheIdleTimeAnew) {
  const auto pool = make({.idle_timeout = minutes(10), .max_lifetime = seconds(0)});
  fill(*pool, 2);
  clock->advance(minutes(6));
  const int used = pool->acquire()->id;
  clock->advance(minutes(6));
  EXPECT_TRUE(eventually([&] { return server.closed == 1; }));
  EXPECT_EQ(pool->acquire()->id, used);
}

TEST_F(PoolLifecycleTest, IdleTimeoutZeroKeepsThem) {
  const auto pool = make({.idle_timeout = seconds(0), .max_lifetime = seconds(0)});
  fill(*pool, 3);
  clock->advance(hours(1000));
  EXPECT_EQ(pool->statistics().idle, 3U);
}

TEST_F(PoolLifecycleTest, KeepsTheMinimumReadyFromTheStart) {
  const auto pool = make({.max_size = 5, .min_idle = 2});
  EXPECT_TRUE(eventually([&] { return pool->statistics().idle == 2; }));
  const TestLease lease = pool->acquire();
  EXPECT_TRUE(eventually([&] { return pool->statistics().idle == 2; })) << "one took its place";
  EXPECT_EQ(server.connected, 3);
}

TEST_F(PoolLifecycleTest, MinimumIsKeptWithinTheSizeNotTheOverflow) {
  const auto pool = make({.max_size = 2, .max_overflow = 5, .min_idle = 2});
  EXPECT_TRUE(eventually([&] { return pool->statistics().idle == 2; }));
  const TestLease lease = pool->acquire();
  const TestLease other = pool->acquire();
  EXPECT_TRUE(eventually([&] { return pool->statistics().connecting == 0; }));
  EXPECT_EQ(server.connected, 2);
}

TEST_F(PoolLifecycleTest, MinimumOfZeroConnectsNothingAhead) {
  const auto pool = make({.min_idle = 0});
  clock->advance(hours(1));
  EXPECT_EQ(server.attempts, 0);
}

TEST_F(PoolLifecycleTest, RefillsAfterErrors) {
  const auto pool = make({.max_size = 3, .min_idle = 2});
  EXPECT_TRUE(eventually([&] { return pool->statistics().idle == 2; }));
  {
    TestLease lease = pool->acquire();
    lease.discard();
  }
  pool->invalidate();
  EXPECT_TRUE(eventually([&] { return pool->statistics().idle == 2; }));
  EXPECT_TRUE(eventually([&] { return server.closed == server.connected - 2; }));
}

TEST_F(PoolLifecycleTest, PausesLongerAfterEachFailureInTheBackground) {
  server.fail(3, ConnectionLost("refused"));
  const auto pool = make({.name = "ahead", .max_size = 1, .min_idle = 1});
  const auto failures = [&] { return pool->statistics().connect_failures; };
  const auto warned = [&] { return logger->count(LogLevel::warning, "pool 'ahead'"); };
  EXPECT_TRUE(eventually([&] { return failures() == 1 && warned() == 1; }));
  clock->advance(milliseconds(9));
  EXPECT_EQ(server.attempts, 1);
  clock->advance(milliseconds(1));
  EXPECT_TRUE(eventually([&] { return failures() == 2 && warned() == 2; }));
  clock->advance(milliseconds(19));
  EXPECT_EQ(server.attempts, 2);
  clock->advance(milliseconds(1));
  EXPECT_TRUE(eventually([&] { return failures() == 3 && warned() == 3; }));
  clock->advance(milliseconds(40));
  EXPECT_TRUE(eventually([&] { return pool->statistics().idle == 1; }));
  EXPECT_EQ(pool->statistics().last_connect_error, "");
}

TEST_F(PoolLifecycleTest, ChecksOnlyWhatHasBeenIdleLongEnough) {
  const auto pool = make({.validate_after_idle = milliseconds(500)});
  fill(*pool, 1);
  clock->advance(milliseconds(499));
  {
    const TestLease lease = pool->acquire();
  }
  EXPECT_EQ(server.checked, 0);
  clock->advance(milliseconds(500));
  {
    const TestLease lease = pool->acquire();
  }
  EXPECT_EQ(server.checked, 1);
  EXPECT_EQ(server.connected, 1);
}

TEST_F(PoolLifecycleTest, PrePingChecksAtEveryAcquireButTheFirst) {
  const auto pool = make({.pre_ping = true});
  for (int i = 0; i < 3; ++i) fill(*pool, 1);
  EXPECT_EQ(server.checked, 2) << "one just opened needs none";
}

TEST_F(PoolLifecycleTest, PrePingChecksWhatIsHandedOverToo) {
  const auto pool = make({.max_size = 1, .max_overflow = 0, .pre_ping = true});
  TestLease held = borrow(*pool).get();
  auto first = queue(*pool, 1);
  auto second = queue(*pool, 2);
  held->alive = false;
  held.release();
  TestLease next = first.get();
  EXPECT_EQ(next->id, 2) << "it kept its place in line when the first one was dead";
  next.release();
  EXPECT_EQ(second.get()->id, 2);
}

TEST_F(PoolLifecycleTest, DeadConnectionIsReplacedAndSoAreAllOlderOnes) {
  const auto pool = make({.pre_ping = true});
  TestLease leased = pool->acquire();
  {
    const TestLease two = pool->acquire();
    const TestLease three = pool->acquire();
    two->alive = false;  // given back last, hence tried first
  }
  EXPECT_EQ(pool->acquire()->id, 4);
  EXPECT_EQ(server.checked, 1) << "nobody pays for another check";
  EXPECT_EQ(pool->statistics().failed_checks, 1U);
  EXPECT_TRUE(eventually([&] { return server.closed == 2; }));
  leased.release();
  EXPECT_TRUE(eventually([&] { return server.closed == 3; })) << "leased meanwhile, older too";
  EXPECT_EQ(pool->statistics().idle, 1U);
}

TEST_F(PoolLifecycleTest, CheckThatThrowsMeansDead) {
  const auto pool = make({.pre_ping = true});
  fill(*pool, 1);
  server.on_check = [](Deadline) { throw std::runtime_error("broken pipe"); };
  EXPECT_EQ(pool->acquire()->id, 2);
}

TEST_F(PoolLifecycleTest, HangingCheckLeavesTimeForAnotherConnection) {
  const auto pool = make({.acquire_timeout = seconds(30), .pre_ping = true});
  fill(*pool, 1);
  std::optional<Deadline> given;
  server.on_check = [&](Deadline deadline) {
    given = deadline;
    clock->advance(deadline.remaining(clock->now()));
    throw DeadlineExceeded("no answer");
  };
  const auto start = clock->now();
  EXPECT_EQ(pool->acquire()->id, 2);
  EXPECT_EQ(given->at(), start + seconds(5));
}

TEST_F(PoolLifecycleTest, CheckCutShortByTheBorrowersDeadlineBlamesNobodyElse) {
  const auto pool = make({.pre_ping = true});
  fill(*pool, 3);
  server.on_check = [&](Deadline deadline) {
    clock->advance(deadline.remaining(clock->now()));
    throw DeadlineExceeded("no answer");
  };
  EXPECT_THROW((void)pool->acquire(in(milliseconds(1))), PoolTimeout);
  EXPECT_LE(server.checked, 3);
  server.on_check = nullptr;
  const TestLease lease = pool->acquire();
  EXPECT_EQ(pool->statistics().closes, static_cast<std::uint64_t>(pool->statistics().failed_checks));
}

TEST_F(PoolLifecycleTest, InvalidateReplacesIdleOnesNowAndLeasedOnesOnReturn) {
  const auto pool = make();
  TestLease leased = pool->acquire();
  {
    const TestLease two = pool->acquire();
    const TestLease three = pool->acquire();
  }
  pool->invalidate();
  EXPECT_EQ(pool->statistics().idle, 0U);
  EXPECT_TRUE(eventually([&] { return server.closed == 2; }));
  EXPECT_EQ(leased->id, 1);
  leased.release();
  EXPECT_TRUE(eventually([&] { return server.closed == 3; }));
  const TestLease fresh = pool->acquire();
  EXPECT_EQ(fresh->id, 4);
}

TEST_F(PoolLifecycleTest, CondemnedConnectionsTakeTheirSistersAlongAndNotTheirSuccessors) {
  const auto pool = make({.validate_after_idle = hours(1)});
  std::vector<TestLease> old;
  for (int i = 0; i < 3; ++i) old.push_back(pool->acquire());
  old[0].condemn();
  old[0].release();
  TestLease successor = pool->acquire();
  EXPECT_EQ(successor->id, 4);
  successor.release();
  old[1].condemn();
  old[1].release();
  EXPECT_EQ(pool->acquire()->id, 4) << "it was opened after the first was found dead";
  old[2].release();
  EXPECT_TRUE(eventually([&] { return server.closed == 3; })) << "the last one is as old as those found dead";
  EXPECT_EQ(server.connected, 4);
}

TEST_F(PoolLifecycleTest, WhatIsOpenedAfterInvalidateStays) {
  const auto pool = make();
  pool->invalidate();
  fill(*pool, 1);
  EXPECT_EQ(pool->acquire()->id, 1);
}

TEST_F(PoolLifecycleTest, OneBeingOpenedDuringInvalidateIsNotHandedToTheLine) {
  const auto pool = make({.max_size = 2, .max_overflow = 0});
  const TestLease held = borrow(*pool).get();
  server.connecting().shut();
  auto waiting = queue(*pool, 1);
  EXPECT_TRUE(eventually([&] { return server.connecting().waiting == 1; }));
  pool->invalidate();
  server.connecting().open();
  EXPECT_EQ(waiting.get()->id, 3);
}

}  // namespace
}  // namespace core_lib
