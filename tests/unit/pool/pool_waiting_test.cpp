// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <gmock/gmock.h>

#include "unit/pool/pool_fixture.hpp"

namespace core_lib {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class PoolWaitingTest : public PoolTest {};

TEST_F(PoolWaitingTest, HandsConnectionsOverInTheOrderOfAsking) {
  const auto pool = make({.max_size = 1, .max_overflow = 0});
  TestLease held = borrow(*pool).get();
  std::vector<std::future<TestLease>> line;
  for (std::size_t place = 1; place <= 5; ++place) line.push_back(queue(*pool, place));
  for (std::size_t next = 0; next < line.size(); ++next) {
    held.release();
    held = line[next].get();
    EXPECT_EQ(pool->statistics().waiting, line.size() - next - 1) << "exactly the oldest was served";
    EXPECT_EQ(pool->statistics().active, 1U);
  }
  EXPECT_EQ(server.connected, 1);
}

TEST_F(PoolWaitingTest, NobodyComesBetweenAReleaseAndTheOneInLine) {
  const auto pool = make({.max_size = 1, .max_overflow = 0});
  TestLease held = borrow(*pool).get();
  auto waiting = queue(*pool, 1);
  held.release();
  EXPECT_FALSE(pool->try_acquire().has_value()) << "given to the thread in line, whether it runs yet or not";
  EXPECT_EQ(waiting.get()->id, 1);
}

TEST_F(PoolWaitingTest, TimesOutWithStatisticsTheLastFailureAndTheHolders) {
  const auto pool = make({.name = "users", .max_size = 1, .max_overflow = 1, .acquire_timeout = seconds(30)});
  const TestLease first = borrow(*pool).get();
  clock->advance(seconds(2));
  server.fail(1, ConnectionLost("connection refused"));
  EXPECT_THROW((void)borrow(*pool).get(), ConnectionLost);
  TestLease second = borrow(*pool).get();
  server.fail(1, ConnectionLost("connection refused"));
  second.discard();
  second.release();
  EXPECT_THROW((void)borrow(*pool).get(), ConnectionLost);
  server.connecting().shut();  // the next attempt hangs
  auto waiting = queue(*pool, 1);
  EXPECT_TRUE(eventually([&] { return server.connecting().waiting == 1; }));
  clock->advance(seconds(30));
  EXPECT_THAT(message_of<PoolTimeout>([&] { (void)waiting.get(); }),
              AllOf(HasSubstr("'users'"), HasSubstr("1 of at most 2 in use"), HasSubstr("0 idle"),
                    HasSubstr("1 connecting"), HasSubstr("0 others waiting"), HasSubstr("failed: connection refused"),
                    HasSubstr("pool_fixture.hpp:"), HasSubstr("for 32.000 s")));
  EXPECT_EQ(pool->statistics().timeouts, 1U);
  EXPECT_EQ(pool->statistics().waiting, 0U);
  server.connecting().open();
}

TEST_F(PoolWaitingTest, TimeoutCarriesTheLastFailureToConnectAsItsCause) {
  const auto pool = make({.max_size = 1, .max_overflow = 0});
  const TestLease held = borrow(*pool).get();
  auto waiting = queue(*pool, 1);
  clock->advance(minutes(1));
  try {
    (void)waiting.get();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const PoolTimeout& error) {
    EXPECT_EQ(error.cause(), nullptr) << "no attempt has failed";
    EXPECT_EQ(error.status_code(), 503);
    EXPECT_THAT(error.location().file_name(), HasSubstr("pool_fixture.hpp")) << "the place of acquire()";
    EXPECT_THAT(error.what(), Not(HasSubstr("attempt")));
  }
}

TEST_F(PoolWaitingTest, TimeoutNamesTheEightLongestHeld) {
  const auto pool = make({.max_size = 10, .max_overflow = 0});
  std::vector<TestLease> held;
  for (int i = 0; i < 10; ++i) {
    held.push_back(borrow(*pool).get());
    clock->advance(seconds(1));
  }
  auto waiting = queue(*pool, 1, in(seconds(10)));
  clock->advance(seconds(10));
  EXPECT_THAT(message_of<PoolTimeout>([&] { (void)waiting.get(); }),
              AllOf(HasSubstr("for 20.000 s"), HasSubstr("for 13.000 s"), Not(HasSubstr("for 12.000 s")),
                    HasSubstr(" and 2 more")));
}

TEST_F(PoolWaitingTest, DeadlineEndsTheWaitBeforeTheTimeout) {
  const auto pool = make({.max_size = 1, .max_overflow = 0, .acquire_timeout = seconds(30)});
  TestLease held = borrow(*pool).get();
  auto hasty = queue(*pool, 1, in(seconds(1)));
  auto patient = queue(*pool, 2);
  clock->advance(seconds(1));
  EXPECT_THROW((void)hasty.get(), PoolTimeout);
  EXPECT_EQ(pool->statistics().waiting, 1U);
  held.release();
  EXPECT_EQ(patient.get()->id, 1) << "who gave up is out of the line";
}

TEST_F(PoolWaitingTest, GetsOneThatComesBackWhileItsOwnIsStillConnecting) {
  const auto pool = make({.max_size = 2, .max_overflow = 0});
  TestLease held = borrow(*pool).get();
  server.connecting().shut();
  auto waiting = queue(*pool, 1);
  EXPECT_TRUE(eventually([&] { return server.connecting().waiting == 1; }));
  held.release();
  EXPECT_EQ(waiting.get()->id, 1);
  server.connecting().open();
  EXPECT_TRUE(eventually([&] { return pool->statistics().idle == 2; })) << "the late one is kept for the next";
}

TEST_F(PoolWaitingTest, GetsItsOwnWhereNothingComesBack) {
  const auto pool = make({.max_size = 2, .max_overflow = 0});
  const TestLease held = borrow(*pool).get();
  EXPECT_EQ(borrow(*pool).get()->id, 2);
}

TEST_F(PoolWaitingTest, FailureOfItsOwnConnectIsTheBorrowersError) {
  const auto pool = make({.max_size = 2, .max_overflow = 0});
  TestLease held = borrow(*pool).get();
  server.fail(1, AuthenticationError("wrong password"));
  EXPECT_THROW((void)borrow(*pool).get(), AuthenticationError);
  EXPECT_EQ(pool->statistics().total, 1U) << "the failed one has no place";
  EXPECT_EQ(borrow(*pool).get()->id, 2);
}

TEST_F(PoolWaitingTest, ThoseWhoCameWhileTheFirstFailedToConnectGetTheirTurn) {
  const auto pool = make({.max_size = 1, .max_overflow = 0});
  server.connecting().shut();
  server.fail(1, ConnectionLost("refused"));
  auto first = borrow(*pool);
  EXPECT_TRUE(eventually([&] { return server.connecting().waiting == 1; }));
  auto second = queue(*pool, 1);
  server.connecting().open();
  EXPECT_THROW((void)first.get(), ConnectionLost);
  EXPECT_EQ(second.get()->id, 1);
}

TEST_F(PoolWaitingTest, DiscardMakesPlaceForTheOneInLine) {
  const auto pool = make({.max_size = 1, .max_overflow = 0});
  TestLease held = borrow(*pool).get();
  auto waiting = queue(*pool, 1);
  held.discard();
  held.release();
  EXPECT_EQ(waiting.get()->id, 2);
}

TEST_F(PoolWaitingTest, ConnectThatHangsDoesNotHoldTheBorrowerBeyondItsDeadline) {
  const auto pool = make({.max_size = 2, .max_overflow = 0});
  const TestLease held = borrow(*pool).get();
  server.connecting().shut();
  auto waiting = queue(*pool, 1, in(seconds(3)));
  EXPECT_TRUE(eventually([&] { return server.connecting().waiting == 1; }));
  clock->advance(seconds(3));
  EXPECT_THROW((void)waiting.get(), PoolTimeout);
  server.connecting().open();
  EXPECT_TRUE(eventually([&] { return pool->statistics().idle == 1; }));
}

TEST_F(PoolWaitingTest, OneHangingConnectDoesNotHoldUpTheNext) {
  const auto pool = make({.max_size = 3, .max_overflow = 0});
  const TestLease held = borrow(*pool).get();
  server.connecting().shut();
  auto first = queue(*pool, 1);
  auto second = queue(*pool, 2);
  EXPECT_TRUE(eventually([&] { return server.connecting().waiting == 2; }));
  server.connecting().let(1);  // the other one hangs on
  EXPECT_EQ(first.get()->id, 2);
  server.connecting().open();
  (void)second.get();
}

TEST_F(PoolWaitingTest, BurstOnASlowServerOpensFewConnections) {
  const auto pool = make({.max_size = 50, .max_overflow = 0});
  server.connecting().shut();
  std::vector<std::future<void>> burst;
  for (int i = 0; i < 20; ++i) {
    burst.push_back(std::async(std::launch::async, [&] { const TestLease lease = pool->acquire(); }));
  }
  EXPECT_TRUE(eventually([&] { return pool->statistics().waiting == 19 && server.connecting().waiting == 5; }))
      << "the first in its own thread, and four for those in line";
  server.connecting().let(1);  // this one serves everybody
  EXPECT_TRUE(eventually([&] { return pool->statistics().waiting == 0; }));
  server.connecting().open();
  for (auto& thread : burst) thread.get();
  EXPECT_LE(server.attempts, 6);
}

TEST_F(PoolWaitingTest, SlowCloseDoesNotHoldUpBorrowers) {
  const auto pool = make({.max_size = 1, .max_overflow = 0});
  server.closing().shut();
  {
    TestLease lease = pool->acquire();
    lease.discard();
  }
  EXPECT_TRUE(eventually([&] { return server.closing().waiting == 1; }));
  EXPECT_EQ(pool->acquire()->id, 2);
  server.closing().open();
}

TEST_F(PoolWaitingTest, WaitingForOneselfIsAUsageErrorThatNamesBothPlaces) {
  const auto pool = make({.name = "memory", .max_size = 1, .max_overflow = 0});
  const TestLease held = pool->acquire();
  const std::string first = "pool_waiting_test.cpp:" + std::to_string(__LINE__ - 1);
  const std::string message = message_of<UsageError>([&] { (void)pool->acquire(); });
  const std::string second = "pool_waiting_test.cpp:" + std::to_string(__LINE__ - 1);
  EXPECT_THAT(message, AllOf(HasSubstr("'memory'"), HasSubstr(first), HasSubstr(second), HasSubstr("same thread")));
  EXPECT_EQ(pool->statistics().waiting, 0U);
}

TEST_F(PoolWaitingTest, SecondLeaseOfAThreadIsFineWhileThereIsRoom) {
  const auto pool = make({.max_size = 1, .max_overflow = 1});
  const TestLease one = pool->acquire();
  const TestLease two = pool->acquire();
  EXPECT_EQ(two->id, 2);
  EXPECT_THROW((void)pool->acquire(), UsageError);
}

TEST_F(PoolWaitingTest, WaitsWhereAnotherThreadHoldsOneToo) {
  const auto pool = make({.max_size = 2, .max_overflow = 0});
  TestLease others = borrow(*pool).get();
  auto waiting = std::async(std::launch::async, [&] {
    TestLease mine = pool->acquire();
    return pool->acquire();
  });
  EXPECT_TRUE(eventually([&] { return pool->statistics().active == 2 && pool->statistics().waiting == 1; }));
  others.release();
  EXPECT_EQ(waiting.get()->id, 1);
}

TEST_F(PoolWaitingTest, ThirdThreadInLineStillLearnsThatItWaitsForItself) {
  const auto pool = make({.max_size = 1, .max_overflow = 0});
  TestLease held = pool->acquire();
  auto waiting = queue(*pool, 1);
  EXPECT_THROW((void)pool->acquire(), UsageError);
  held.release();
  EXPECT_EQ(waiting.get()->id, 1);
}

}  // namespace
}  // namespace core_lib
