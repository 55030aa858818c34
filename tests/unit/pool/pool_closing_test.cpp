// SPDX-License-Identifier: Apache-2.0
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "unit/pool/pool_fixture.hpp"

namespace core_lib {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class PoolClosingTest : public PoolTest {
 protected:
  [[nodiscard]] static bool is_closed(TestPool& pool) {
    try {
      (void)pool.try_acquire();
      return false;
    } catch (const UsageError&) {
      return true;
    }
  }
};

TEST_F(PoolClosingTest, ClosesWhatIsIdleBeforeItReturns) {
  const auto pool = make();
  {
    const TestLease one = pool->acquire();
    const TestLease two = pool->acquire();
  }
  pool->close();
  EXPECT_EQ(server.closed, 2);
  EXPECT_EQ(pool->statistics().total, 0U);
}

TEST_F(PoolClosingTest, SecondCloseDoesNothing) {
  const auto pool = make();
  {
    const TestLease lease = pool->acquire();
  }
  pool->close();
  pool->close(in(seconds(0)));
  EXPECT_EQ(server.closed, 1);
}

TEST_F(PoolClosingTest, ClosedPoolRefusesByName) {
  const auto pool = make({.name = "users"});
  pool->close();
  const auto refusal = AllOf(HasSubstr("'users'"), HasSubstr("closed"));
  EXPECT_THAT(message_of<UsageError>([&] { (void)pool->acquire(); }), refusal);
  EXPECT_THAT(message_of<UsageError>([&] { (void)pool->try_acquire(); }), refusal);
  pool->invalidate();
  EXPECT_EQ(server.attempts, 0);
}

TEST_F(PoolClosingTest, WaitsForWhatIsInUse) {
  const auto pool = make();
  TestLease held = borrow(*pool).get();
  auto closing = std::async(std::launch::async, [&] { pool->close(); });
  EXPECT_TRUE(eventually([&] { return is_closed(*pool); }));
  EXPECT_EQ(server.closed, 0);
  held.release();
  closing.get();
  EXPECT_EQ(server.closed, 1) << "closed before close() returned";
}

TEST_F(PoolClosingTest, TellsWhoStillHoldsOneWhenTheDeadlinePasses) {
  const auto pool = make({.name = "users"});
  TestLease held = pool->acquire();
  const std::string place = "pool_closing_test.cpp:" + std::to_string(__LINE__ - 1);
  clock->advance(seconds(7));
  auto closing = std::async(std::launch::async, [&] { pool->close(in(seconds(3))); });
  EXPECT_TRUE(eventually([&] {
    clock->advance(seconds(1));
    return closing.wait_for(seconds(0)) == std::future_status::ready;
  }));
  EXPECT_THAT(message_of<DeadlineExceeded>([&] { closing.get(); }),
              AllOf(HasSubstr("'users'"), HasSubstr("1 in use"), HasSubstr(place), HasSubstr("for ")));
  held.release();
  EXPECT_EQ(server.closed, 1) << "closed as it came back";
}

TEST_F(PoolClosingTest, WillNotWaitForEverForItsOwnThread) {
  const auto pool = make();
  const TestLease held = pool->acquire();
  EXPECT_THAT(message_of<UsageError>([&] { pool->close(); }), HasSubstr("pool_closing_test.cpp:"));
  EXPECT_THROW((void)pool->acquire(), UsageError) << "closed nevertheless";
}

TEST_F(PoolClosingTest, ThoseInLineLearnThatThePoolWasClosed) {
  const auto pool = make({.max_size = 1, .max_overflow = 0});
  TestLease held = borrow(*pool).get();
  auto one = queue(*pool, 1);
  auto two = queue(*pool, 2);
  EXPECT_THROW(pool->close(in(seconds(0))), DeadlineExceeded);
  EXPECT_THROW((void)one.get(), UsageError);
  EXPECT_THROW((void)two.get(), UsageError);
}

TEST_F(PoolClosingTest, ConnectUnderWayEndsInAClosedConnection) {
  const auto pool = make();
  server.connecting().shut();
  auto borrower = borrow(*pool);
  EXPECT_TRUE(eventually([&] { return server.connecting().waiting == 1; }));
  EXPECT_THAT(message_of<DeadlineExceeded>([&] { pool->close(in(seconds(0))); }), HasSubstr("1 connecting"));
  server.connecting().open();
  EXPECT_THROW((void)borrower.get(), UsageError);
  EXPECT_EQ(server.closed, 1);
}

TEST_F(PoolClosingTest, CloseWaitsForAConnectUnderWay) {
  const auto pool = make();
  server.connecting().shut();
  auto borrower = borrow(*pool);
  EXPECT_TRUE(eventually([&] { return server.connecting().waiting == 1; }));
  auto closing = std::async(std::launch::async, [&] {
    pool->close();
    return server.closed.load();
  });
  EXPECT_TRUE(eventually([&] { return is_closed(*pool); }));
  server.connecting().open();
  EXPECT_EQ(closing.get(), 1);
  EXPECT_THROW((void)borrower.get(), UsageError);
}

TEST_F(PoolClosingTest, DestructionDuringTheFirstFillIsClean) {
  server.connecting().shut();
  auto pool = make({.max_size = 4, .min_idle = 4});
  EXPECT_TRUE(eventually([&] { return server.connecting().waiting == 4; }));
  std::jthread later([&] { server.connecting().open(); });
  pool.reset();
  EXPECT_EQ(server.closed, server.connected);
}

TEST_F(PoolClosingTest, ClosesUnderLoad) {
  for (int round = 0; round < 8; ++round) {
    const auto pool = make({.max_size = 3, .max_overflow = 1});
    std::vector<std::jthread> crew;
    for (int t = 0; t < 8; ++t) {
      crew.emplace_back([&] {
        try {
          for (;;) {
            const TestLease lease = pool->acquire();
            EXPECT_EQ(++lease->users, 1);
            --lease->users;
          }
        } catch (const UsageError&) {  // closed
        }
      });
    }
    EXPECT_TRUE(eventually([&] { return pool->statistics().acquired > 100; }));
    pool->close();
    EXPECT_EQ(server.closed, server.connected);
  }
}

}  // namespace
}  // namespace core_lib
