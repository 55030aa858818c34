// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "unit/pool/pool_fixture.hpp"

namespace core_lib {
namespace {

class PoolLeakTest : public PoolTest {
 protected:
  [[nodiscard]] std::size_t warnings() const { return logger->count(LogLevel::warning, "pool_leak_test.cpp:"); }
  [[nodiscard]] std::size_t notes() const { return logger->count(LogLevel::info, "came back"); }
};

TEST_F(PoolLeakTest, ReportsALeaseOnceAndNotesItsReturn) {
  const auto pool = make({.name = "users", .leak_threshold = seconds(60)});
  TestLease lease = pool->acquire();
  const std::string place = "pool_leak_test.cpp:" + std::to_string(__LINE__ - 1);
  clock->advance(seconds(60) - milliseconds(1));
  EXPECT_EQ(pool->statistics().leaks, 0U);
  clock->advance(milliseconds(1));
  EXPECT_TRUE(eventually([&] { return warnings() == 1; }));
  EXPECT_EQ(logger->count(LogLevel::warning, place), 1U);
  EXPECT_EQ(logger->count(LogLevel::warning, "pool 'users'"), 1U);
  clock->advance(minutes(10));
  EXPECT_EQ(pool->statistics().leaks, 1U);
  EXPECT_EQ(notes(), 0U);
  lease.release();
  EXPECT_EQ(notes(), 1U);
  EXPECT_EQ(logger->count(LogLevel::info, place), 1U);
  EXPECT_EQ(warnings(), 1U);
}

TEST_F(PoolLeakTest, NextLeaseOfTheSameConnectionIsWatchedAnew) {
  const auto pool = make({.leak_threshold = seconds(60)});
  for (std::size_t round = 1; round <= 2; ++round) {
    const TestLease lease = pool->acquire();
    clock->advance(seconds(60));
    EXPECT_TRUE(eventually([&] { return warnings() == round; }));
  }
  EXPECT_EQ(notes(), 2U);
}

TEST_F(PoolLeakTest, EachLateLeaseIsReportedInItsTurn) {
  const auto pool = make({.leak_threshold = seconds(60)});
  const TestLease early = pool->acquire();
  clock->advance(seconds(30));
  const TestLease late = pool->acquire();
  clock->advance(seconds(30));
  EXPECT_TRUE(eventually([&] { return warnings() == 1; }));
  clock->advance(seconds(30));
  EXPECT_TRUE(eventually([&] { return warnings() == 2; }));
}

TEST_F(PoolLeakTest, PromptLeasesAndAThresholdOfZeroReportNothing) {
  const auto watched = make({.leak_threshold = seconds(60)});
  const auto unwatched = make({.leak_threshold = seconds(0)});
  const TestLease forgotten = unwatched->acquire();
  for (int i = 0; i < 5; ++i) {
    const TestLease lease = watched->acquire();
    clock->advance(seconds(40));
  }
  EXPECT_EQ(warnings(), 0U);
  EXPECT_EQ(notes(), 0U);
}

}  // namespace
}  // namespace core_lib
