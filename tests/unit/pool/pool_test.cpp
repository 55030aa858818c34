// SPDX-License-Identifier: Apache-2.0
#include "core_lib/pool/pool.hpp"

#include <optional>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include <gmock/gmock.h>

#include "unit/pool/pool_fixture.hpp"

namespace core_lib {
namespace {

using testing::AllOf;
using testing::HasSubstr;

static_assert(!std::is_copy_constructible_v<Lease<int>> && std::is_nothrow_move_constructible_v<Lease<int>>);
static_assert(std::is_nothrow_destructible_v<Lease<int>> && std::is_nothrow_move_assignable_v<Lease<int>>);

TEST_F(PoolTest, StartsEmptyAndConnectsWithTheFirstAcquire) {
  const auto pool = make({.name = "users", .max_size = 2, .max_overflow = 1});
  EXPECT_EQ(server.attempts, 0);
  const TestLease lease = pool->acquire();
  EXPECT_EQ(lease->id, 1);
  const PoolStatistics now = pool->statistics();
  EXPECT_EQ(now.name, "users");
  EXPECT_EQ(now.max_total, 3U);
  EXPECT_EQ(now.total, 1U);
  EXPECT_EQ(now.active, 1U);
  EXPECT_EQ(now.connects, 1U);
  EXPECT_EQ(now.acquired, 1U);
}

TEST_F(PoolTest, ReusesWhatCameBackLast) {
  const auto pool = make();
  {
    const TestLease first = pool->acquire();
    TestLease second = pool->acquire();
    second.release();
    EXPECT_EQ(pool->acquire()->id, 2);
  }
  EXPECT_EQ(pool->acquire()->id, 1);
  EXPECT_EQ(server.connected, 2);
  EXPECT_EQ(pool->statistics().acquired, 4U);
}

TEST_F(PoolTest, CountsEveryLeaseWhicheverWayItCame) {
  const auto pool = make();
  for (int i = 0; i < 10; ++i) {
    const TestLease one = pool->acquire();
    TestLease two = pool->acquire();
    if (i % 3 == 0) two.discard();
  }
  EXPECT_EQ(pool->statistics().acquired, 20U);
  EXPECT_EQ(pool->statistics().active, 0U);
  EXPECT_EQ(pool->statistics().closes, 4U);
}

TEST_F(PoolTest, ClosesOverflowOnReturnOnceThePoolIsFull) {
  const auto pool = make({.max_size = 2, .max_overflow = 2});
  std::vector<TestLease> leases;
  for (int i = 0; i < 4; ++i) leases.push_back(pool->acquire());
  leases[0].release();
  leases[1].release();
  EXPECT_EQ(pool->statistics().idle, 2U) << "as in SQLAlchemy: the pool takes back whatever comes first";
  leases[2].release();
  EXPECT_EQ(pool->statistics().idle, 2U);
  EXPECT_EQ(pool->statistics().total, 3U);
  EXPECT_TRUE(eventually([&] { return server.closed == 1; }));
  leases[3].release();
  EXPECT_TRUE(eventually([&] { return server.closed == 2; }));
  EXPECT_EQ(pool->statistics().total, 2U);
}

TEST_F(PoolTest, TryAcquireTakesWhatIsFreeAndNeverConnects) {
  const auto pool = make();
  EXPECT_FALSE(pool->try_acquire().has_value());
  EXPECT_EQ(server.attempts, 0);
  {
    const TestLease lease = pool->acquire();
  }
  const std::optional<TestLease> lease = pool->try_acquire();
  ASSERT_TRUE(lease.has_value());
  EXPECT_EQ((*lease)->id, 1);
  EXPECT_FALSE(pool->try_acquire().has_value());
}

TEST_F(PoolTest, TryAcquireSkipsTheDead) {
  const auto pool = make({.pre_ping = true});
  {
    const TestLease lease = pool->acquire();
    lease->alive = false;
  }
  EXPECT_FALSE(pool->try_acquire().has_value());
  EXPECT_EQ(pool->statistics().failed_checks, 1U);
}

TEST_F(PoolTest, DiscardedLeaseIsClosedAndItsPlaceIsFree) {
  const auto pool = make({.max_size = 1, .max_overflow = 0});
  {
    TestLease lease = pool->acquire();
    lease.discard();
    EXPECT_EQ(lease->id, 1) << "usable until it ends";
  }
  EXPECT_EQ(pool->acquire()->id, 2);
  EXPECT_TRUE(eventually([&] { return server.closed == 1; }));
  EXPECT_EQ(server.resets, 1) << "a broken one is not cleaned";
}

TEST_F(PoolTest, ResetThatSaysNoOrThrowsEndsTheConnection) {
  const auto pool = make();
  server.on_reset = [] { return false; };
  {
    const TestLease lease = pool->acquire();
  }
  server.on_reset = []() -> bool { throw std::runtime_error("rollback failed"); };
  EXPECT_EQ(pool->acquire()->id, 2);
  server.on_reset = nullptr;
  EXPECT_EQ(pool->acquire()->id, 3);
  EXPECT_TRUE(eventually([&] { return server.closed == 2; }));
}

TEST_F(PoolTest, ReleaseGivesBackOnceAndEmptiesTheLease) {
  const auto pool = make();
  TestLease lease = pool->acquire();
  EXPECT_TRUE(lease);
  lease.release();
  lease.release();
  lease.discard();
  EXPECT_FALSE(lease);
  EXPECT_EQ(lease.get(), nullptr);
  EXPECT_EQ(pool->statistics().idle, 1U);
  EXPECT_EQ(server.resets, 1);
}

TEST_F(PoolTest, MovingALeaseMovesTheRightToIt) {
  const auto pool = make();
  TestLease first = pool->acquire();
  TestLease second = std::move(first);
  EXPECT_EQ(first.get(), nullptr);  // NOLINT(bugprone-use-after-move): this is what is tested
  EXPECT_EQ(second->id, 1);
  second = pool->acquire();
  EXPECT_EQ(second->id, 2);
  EXPECT_EQ(pool->statistics().idle, 1U) << "assigning over a lease gives back what it held";
}

TEST_F(PoolTest, LeaseMayOutliveItsPool) {
  auto pool = make({.max_size = 3});
  TestLease one = pool->acquire();
  TestLease two = pool->acquire();
  {
    const TestLease idle = pool->acquire();
  }
  pool.reset();
  EXPECT_EQ(server.closed, 1) << "the idle one";
  EXPECT_EQ(one->id, 1);
  one.release();
  EXPECT_EQ(server.closed, 2);
  two.release();
  EXPECT_EQ(server.closed, 3);
  EXPECT_EQ(server.resets, 1) << "no hook runs for those any more";
}

TEST_F(PoolTest, FailureToConnectReachesTheBorrowerUnchangedAndCostsNoPlace) {
  const auto pool = make({.max_size = 1, .max_overflow = 0});
  server.fail(2, AuthenticationError("no such user 'joe'", {.native_code = "28P01"}));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(message_of<AuthenticationError>([&] { (void)pool->acquire(); }), "no such user 'joe'");
  }
  PoolStatistics now = pool->statistics();
  EXPECT_EQ(now.total, 0U);
  EXPECT_EQ(now.connect_failures, 2U);
  EXPECT_EQ(now.last_connect_error, "no such user 'joe'");
  const TestLease lease = pool->acquire();
  now = pool->statistics();
  EXPECT_EQ(now.total, 1U);
  EXPECT_EQ(now.last_connect_error, "") << "it works again";
}

TEST_F(PoolTest, WhateverTheConnectorThrowsPasses) {
  const auto pool = make();
  server.fail(1, 42);
  EXPECT_THROW((void)pool->acquire(), int);
  EXPECT_EQ(pool->statistics().total, 0U);
}

TEST_F(PoolTest, ConnectorThatReturnsNothingIsAUsageError) {
  Pool<int> pool({.name = "void"}, {.connect = [](Deadline) { return std::unique_ptr<int>(); }}, logger, clock);
  EXPECT_THAT(message_of<UsageError>([&] { (void)pool.acquire(); }), AllOf(HasSubstr("'void'"), HasSubstr("null")));
}

TEST_F(PoolTest, ConnectGetsTheSoonerOfDeadlineAndTimeout) {
  const auto pool = make({.acquire_timeout = seconds(30)});
  std::vector<Deadline> given;
  server.on_connect = [&](Deadline deadline) { given.push_back(deadline); };
  const TestLease one = pool->acquire();
  const TestLease two = pool->acquire(in(seconds(5)));
  const TestLease three = pool->acquire(in(seconds(60)));
  ASSERT_EQ(given.size(), 3U);
  EXPECT_EQ(given[0].at(), clock->now() + seconds(30));
  EXPECT_EQ(given[1].at(), clock->now() + seconds(5));
  EXPECT_EQ(given[2].at(), clock->now() + seconds(30));
}

TEST_F(PoolTest, DeadlineThatHasPassedConnectsNoMore) {
  const auto pool = make();
  EXPECT_THROW((void)pool->acquire(in(seconds(0))), PoolTimeout);
  EXPECT_EQ(server.attempts, 0);
}

TEST_F(PoolTest, NeedsAConnector) { EXPECT_THROW(Pool<int>({}, {}, logger, clock), UsageError); }

TEST_F(PoolTest, NeedsALoggerAndAClock) {
  EXPECT_THROW((Pool<FakeServer::Connection>({}, server.hooks(), nullptr, clock)), UsageError);
  EXPECT_THROW((Pool<FakeServer::Connection>({}, server.hooks(), logger, nullptr)), UsageError);
}

TEST_F(PoolTest, WorksWithoutTheOptionalHooks) {
  Pool<int> pool({.pre_ping = true}, {.connect = [](Deadline) { return std::make_unique<int>(7); }});
  {
    const Lease<int> lease = pool.acquire();
  }
  EXPECT_EQ(*pool.acquire(), 7);
  EXPECT_EQ(pool.statistics().connects, 1U);
}

}  // namespace
}  // namespace core_lib
