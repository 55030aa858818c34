// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include <sys/wait.h>
#include <unistd.h>

#include "unit/pool/pool_fixture.hpp"

namespace core_lib {
namespace {

class PoolForkTest : public PoolTest {
 protected:
  /// Runs `body` in a child process; true where it returned true.
  template <class Body>
  [[nodiscard]] static bool in_child(Body body) {
    const pid_t child = fork();
    if (child == 0) {
      bool passed = false;
      try {
        passed = body();
      } catch (...) {
        passed = false;
      }
      _exit(passed ? 0 : 1);  // nothing of the parent is cleaned up here
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
};

TEST_F(PoolForkTest, ChildStartsEmptyAndLeavesTheParentsConnectionsOpen) {
  const auto pool = make();
  {
    const TestLease lease = pool->acquire();
  }
  EXPECT_TRUE(in_child([&] {
    const bool empty = pool->statistics().total == 0;
    const int id = pool->acquire()->id;
    return empty && id == 2 && pool->statistics().connects == 1 && server.closed == 0;
  }));
  EXPECT_EQ(pool->acquire()->id, 1) << "the parent goes on with its own";
}

TEST_F(PoolForkTest, LeaseThatTheChildInheritedIsNotGivenBackThere) {
  const auto pool = make({.max_size = 1, .max_overflow = 0});
  TestLease lease = pool->acquire();
  EXPECT_TRUE(in_child([&] {
    lease.discard();
    lease.release();
    const bool untouched = server.closed == 0 && server.resets == 0;
    return untouched && pool->acquire()->id == 2;
  }));
  EXPECT_EQ(lease->id, 1);
}

TEST_F(PoolForkTest, DestroyingThePoolInTheChildClosesNothing) {
  auto pool = make();
  {
    const TestLease lease = pool->acquire();
  }
  EXPECT_TRUE(in_child([&] {
    pool.reset();
    return server.closed == 0;
  }));
  EXPECT_EQ(pool->acquire()->id, 1);
}

TEST_F(PoolForkTest, GrandchildStartsEmptyToo) {
  const auto pool = make();
  EXPECT_TRUE(in_child([&] {
    {
      const TestLease lease = pool->acquire();
    }
    return in_child([&] { return pool->statistics().total == 0 && pool->acquire()->id == 2 && server.closed == 0; }) &&
           pool->acquire()->id == 1;
  }));
}

TEST_F(PoolForkTest, ClosedPoolStaysClosedInTheChild) {
  const auto pool = make();
  pool->close();
  EXPECT_TRUE(in_child([&] {
    try {
      (void)pool->acquire();
      return false;
    } catch (const UsageError&) {
      return true;
    }
  }));
}

}  // namespace
}  // namespace core_lib
